"""Record who withdrew which article, when and why: a journal beside the captures, which nothing rewrites."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from crawler.storage import is_shared, keep_names

JOURNAL = "withdrawals.jsonl"


class Level(StrEnum):
    """How far a withdrawal goes; each holds until it is lifted, an embargo until its day."""

    HIDE = "hide"  # nothing of it is shown; the bytes stay
    EMBARGO = "embargo"  # hidden until a day
    PURGE = "purge"  # hidden, and the bytes are destroyed
    NEVER = "never"  # purged, and not fetched again
    LIFT = "lift"  # what was decided before holds no longer; destroyed bytes stay destroyed


PURGING = frozenset({Level.PURGE, Level.NEVER})


class JournalError(ValueError):
    """A line of the journal cannot be read; the message names file and line, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Withdrawal:
    """One decision on one article: `at` (UTC, ISO, microseconds), by whom, how far, which, why.

    `article` is the article's id, `pages` the ids of all addresses that led to it then, `url` the address that was
    named, `addresses` all under which it was fetched, without their scheme. `until` is the day (ISO) on which an
    embargo ends, at 0:00 UTC. `part_of` is the article that a file goes with.
    """

    at: str
    article: str
    level: Level
    url: str
    by: str
    reason: str
    until: str | None = None
    addresses: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    part_of: str | None = None

    def row(self) -> dict[str, object]:
        """Return the decision as plain JSON."""
        return asdict(self) | {"addresses": list(self.addresses), "pages": list(self.pages)}

    @classmethod
    def from_row(cls, row: dict[str, object]) -> "Withdrawal":
        """Return the decision of such a row; raise ValueError, KeyError or TypeError where it is none."""
        given = {name: str(row[name]) for name in ("at", "article", "url", "by", "reason")}
        datetime.fromisoformat(given["at"])
        until, part_of = (None if row.get(name) is None else str(row[name]) for name in ("until", "part_of"))
        if until is not None:
            date.fromisoformat(until)
        addresses, pages = _listed(row.get("addresses")), _listed(row.get("pages"))
        level = Level(str(row["level"]))
        return cls(level=level, until=until, part_of=part_of, addresses=addresses, pages=pages, **given)


def _listed(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{value!r} is no list")
    return tuple(map(str, value))


def pages_of(decisions: Iterable[Withdrawal]) -> frozenset[str]:
    """Return the ids of all addresses that some decisions are about."""
    return frozenset(page for one in decisions for page in (one.article, *one.pages))


def read_journal(captures: Path) -> list[Withdrawal]:
    """Return every decision that lies beside a folder of captures, in order of time.

    A last line that was never finished counts as not written. Raises JournalError for any other that cannot be read.
    """
    path = captures / JOURNAL
    if not path.is_file():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last line feed was never finished
    decisions = []
    for number, line in enumerate(lines, 1):
        try:
            decisions.append(Withdrawal.from_row(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise JournalError(
                f"{path}: line {number} is no decision ({error!r}); restore the file from a backup"
            ) from None
    return sorted(decisions)


def write_journal(captures: Path, decisions: Iterable[Withdrawal]) -> None:
    """Add decisions to the journal; they are on disk when this returns.

    On storage reached by URL the whole journal is written anew: two people must not decide in the same second.
    """
    path = captures / JOURNAL
    lines = "".join(json.dumps(one.row(), ensure_ascii=False) + "\n" for one in decisions).encode()
    if is_shared(path):
        held = path.read_bytes() if path.exists() else b""
        path.write_bytes(held[: held.rfind(b"\n") + 1] + lines)
        return
    with path.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)  # a line that a crash left unfinished
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    keep_names(captures)


def standing(decisions: Iterable[Withdrawal], today: date | None = None) -> dict[str, Withdrawal]:
    """Return the decision that holds for each article on a day (default: today, UTC).

    >>> told = dict(article="a", url="http://a.example/", by="x", reason="y")
    >>> first = Withdrawal(at="2026-01-01T00:00:00Z", level=Level.EMBARGO, until="2026-02-01", **told)
    >>> list(standing([first], date(2026, 1, 31))), list(standing([first], date(2026, 2, 1)))
    (['a'], [])
    """
    day = (today or datetime.now(UTC).date()).isoformat()
    last = {one.article: one for one in sorted(decisions)}
    return {
        article: one
        for article, one in last.items()
        if one.level is not Level.LIFT and not (one.until is not None and one.until <= day)
    }
