"""Name what one address of the demonstration web answers, and what a perfect reading of it gives."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "article",
    "list",
    "notice",
    "gone",
    "missing",
    "blocked",
    "soft-404",
    "disallowed",
    "attachment",
    "part",
    "redirect",
    "feed",
    "sitemap",
    "robots",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What one address answers: status, headers, bytes before any content encoding."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a perfect reading of one address gives, in the page's own script and with all damage undone.

    `date` is local time as printed, "2026-03-02 08:15" or a day alone. `title`, `date` and `source` are None, the
    tuples empty, where the page prints none. A row of a table is one paragraph, its cells parted by a space.
    `optional` are lines of the body that a reading may keep or leave out: bylines that stand alone.
    A "notice" is an article too: one that an office prints under a box of document fields.
    `original` is the URL of the article that this one copies. `number`, `index`, `issuer`, `dated`, `validity` are
    the box of an office's notice; `attachments` are the URLs of its files. `damage` names what was done to the page.
    """

    url: str
    outlet: str
    kind: Kind
    title: str | None = None
    date: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    lead: str | None = None
    keywords: tuple[str, ...] = ()
    original: str | None = None
    number: str | None = None
    index: str | None = None
    issuer: str | None = None
    dated: str | None = None
    validity: str | None = None
    attachments: tuple[str, ...] = ()
    damage: str | None = None

    @property
    def readable(self) -> bool:
        """Say whether the address leads to an article of its own, notices included."""
        return self.kind in {"article", "notice"}
