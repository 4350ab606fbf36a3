"""Name what goes in and out of the frontier: found addresses, leases, outcomes, failures."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from crawler.rhythm import Trouble
from crawler.stored import Stored

LISTS = frozenset({"feed", "sitemap", "column", "edition"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An address that a page yielded. `day` is the day of publication, where the page or the address tells it.

    `delay` keeps it back for so many seconds, `late` puts it behind the articles that are due. A list that is known
    already becomes due again, unless this run has fetched it; an article that is known stays as it is.
    """

    url: str
    kind: str
    day: date | None = None
    page: int = 1
    hops: int = 0
    delay: float = 0.0
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A row that this run has in hand, with what is known of its address."""

    id: int
    url: str
    outlet: str
    host: str
    kind: str
    source: int | None
    via: str | None
    page: int
    hops: int
    day: str
    tries: int
    unchanged: int
    fetched_at: float | None
    status: int | None
    etag: str | None
    last_modified: str | None
    stored: Stored | None

    @property
    def is_entry(self) -> bool:
        """Say whether this is the address by which a source is polled, not a page that it led to."""
        return self.kind in LISTS and self.page == 1 and self.via is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a fetch that succeeded brought: the status, where its payload lies, whether the bytes are new."""

    status: int
    stored: Stored | None
    changed: bool
    etag: str | None = None
    last_modified: str | None = None
    verdict: str | None = None
    again: bool = True  # False: never to be fetched again


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a fetch that failed showed. `asked` is the server's Retry-After (seconds), `status` its answer's."""

    trouble: Trouble
    detail: str = ""
    asked: float | None = None
    status: int | None = None


def conditions(lease: Lease) -> dict[str, str]:
    """Return the request headers by which a server may answer that its bytes are those we hold."""
    given = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
    return {name: value for name, value in given.items() if value}


def lease_of(row: sqlite3.Row) -> Lease:
    """Return a row of `urls` as a lease."""
    stored = None
    if row["warc_file"]:
        stored = Stored(
            warc_file=row["warc_file"],
            offset=row["warc_offset"],
            record_id=row["record_id"],
            date=row["warc_date"],
            digest=row["digest"],
            url=row["stored_url"] or row["url"],
            run=row["stored_run"],
        )
    same = ("id", "url", "outlet", "host", "kind", "source", "via", "page", "hops", "day", "tries", "unchanged")
    more = ("fetched_at", "status", "etag", "last_modified")
    return Lease(**{name: row[name] for name in (*same, *more)}, stored=stored)


def place_of(stored: Stored | None, run: int | None) -> tuple[str | int | None, ...]:
    """Return the seven columns of `urls` that tell where a payload lies; `run` is the one that goes on now."""
    if stored is None:
        return (None,) * 7
    place = (stored.warc_file, stored.offset, stored.record_id, stored.date, stored.digest, stored.url)
    return *place, run if stored.run is None else stored.run
