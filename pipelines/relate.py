"""Relate captures to one article and articles to each other: versions, state, copies and the probable original."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.outlet import Kind as OutletKind
from pipelines.fold import WORD, fold
from pipelines.outcome import Kind

MIN_COPY = 40  # word characters; shorter texts ("图片新闻", "附件") are equal by chance

_NO_WORD = re.compile(f"[^{WORD}]+")
_SPACES = re.compile(r"\s+")


def stamp(moment: datetime) -> str:
    """Return a time as the archive writes it: UTC, to the second.

    >>> stamp(datetime.fromisoformat("2022-04-13T08:00:00.7+08:00"))
    '2022-04-13T00:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def content_digest(title: str | None, text: str) -> str:
    """Return the digest that tells versions apart: title and text without spaces and differences of width."""
    normal = "\0".join(_SPACES.sub("", unicodedata.normalize("NFKC", part)) for part in (title or "", text))
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(text: str) -> str:
    """Return the digest that exact copies share, whatever their script, width, spaces and punctuation.

    A text of fewer than MIN_COPY word characters has none: "".
    """
    squeezed = _NO_WORD.sub("", fold(text))
    return hashlib.sha256(squeezed.encode("utf-8", "surrogatepass")).hexdigest() if len(squeezed) >= MIN_COPY else ""


@dataclass(frozen=True, slots=True, order=True)
class Look:
    """One look at an address: when (UTC, ISO), by which capture, what it showed, which content."""

    at: str
    capture: str
    kind: str
    content: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A stretch of time in which an address showed one content."""

    seen_at: str
    last_seen: str
    content: str
    capture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What all looks at an address say together; `present` is the capture of the last reading."""

    versions: tuple[Version, ...]
    gone_at: str | None
    present: str

    @property
    def first_seen(self) -> str:
        """Return when the article was first read."""
        return self.versions[0].seen_at

    @property
    def last_seen(self) -> str:
        """Return when it was last there."""
        return self.versions[-1].last_seen

    @property
    def status(self) -> str:
        """Return alive, changed or gone."""
        if self.gone_at:
            return "gone"
        return "changed" if len(self.versions) > 1 else "alive"


def history(looks: Iterable[Look]) -> History | None:
    """Return the history of an address, the same for any order of looks; None where it was never read."""
    versions: list[Version] = []
    present = ""
    gone_at = None
    for look in sorted(looks):
        if look.kind == Kind.ARTICLE and look.content:
            if not versions or versions[-1].content != look.content:
                new = Version(seen_at=look.at, last_seen=look.at, content=look.content, capture=look.capture)
                versions.append(new)
            present = look.capture
        if not versions:
            continue
        if look.kind in (Kind.ARTICLE, Kind.SEEN):
            versions[-1] = replace(versions[-1], last_seen=look.at)
            gone_at = None
        elif look.kind == Kind.GONE:
            gone_at = gone_at or look.at
    return History(versions=tuple(versions), gone_at=gone_at, present=present) if versions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One article of a cluster with what speaks for or against it as the original.

    `names` are the outlet's name and aliases, `named_by` counts the other outlets' copies that name it as source.
    """

    article: str
    outlet: str | None
    names: tuple[str, ...]
    kind: str | None
    source: str | None
    published_at: str | None
    exact: bool
    first_seen: str
    repairs: int
    named_by: int = 0


Score = Callable[[Copy], int | str]
KINDS = (*list(OutletKind)[:5], None, *list(OutletKind)[5:])  # an unknown outlet stands before farms, mills, mirrors


def named_as_source(copy: Copy) -> int:
    """Prefer the outlet that other copies name as their source."""
    return -copy.named_by


def kind_of_outlet(copy: Copy) -> int:
    """Prefer who writes over who copies: government and papers before portals, farms and mirrors last."""
    return KINDS.index(OutletKind(copy.kind) if copy.kind else None)


def printed_time(copy: Copy) -> str:
    """Prefer the earliest printed time; a bare date counts as the end of its day."""
    if copy.published_at is None:
        return "9999"
    return copy.published_at if copy.exact else stamp(datetime.fromisoformat(copy.published_at) + timedelta(days=1))


def first_sight(copy: Copy) -> str:
    """Prefer what this archive saw first."""
    return copy.first_seen


def damage(copy: Copy) -> int:
    """Prefer the copy that needed the fewest repairs."""
    return copy.repairs


ORIGINAL: tuple[Score, ...] = (named_as_source, kind_of_outlet, printed_time, first_sight, damage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A copy with its rank as the probable original (0 is it), the rule that put it there, and all values compared."""

    copy: Copy
    is_original: bool
    rule: str
    values: dict[str, int | str]


def rank(copies: Sequence[Copy]) -> list[Ranked]:
    """Order copies of one text by how probably each is the original; the first is it.

    Each one's `rule` is the first that told it from the best (the best itself: from the second).
    """
    counted = [_with_named_by(copy, copies) for copy in copies]
    ordered = sorted(counted, key=lambda copy: (*(score(copy) for score in ORIGINAL), copy.article))
    ranked = []
    for place, copy in enumerate(ordered):
        other = ordered[0] if place else ordered[1] if len(ordered) > 1 else copy
        rule = next((score.__name__ for score in ORIGINAL if score(copy) != score(other)), "id")
        values = {score.__name__: score(copy) for score in ORIGINAL}
        values["named_as_source"] = copy.named_by
        ranked.append(Ranked(copy=copy, is_original=place == 0, rule=rule, values=values))
    return ranked


def _with_named_by(copy: Copy, copies: Sequence[Copy]) -> Copy:
    names = {squeezed for name in copy.names if (squeezed := _NO_WORD.sub("", fold(name)))}
    others = (other for other in copies if other.outlet != copy.outlet and other.source)
    count = sum(any(name in _NO_WORD.sub("", fold(other.source or "")) for name in names) for other in others)
    return replace(copy, named_by=count)
