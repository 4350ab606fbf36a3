"""Remember what to fetch and when, in crawl.db: rows are leased and acknowledged, never popped.

A row goes waiting → leased → waiting (due again later, or never) or → quarantine. Whatever a page yields is added in
the transaction that acknowledges the page, and a page is acknowledged after its WARC record is on disk: a process
that dies at any moment loses no address and repeats at most what it had in flight.
"""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from crawler.choice import most_urgent
from crawler.due import DueMemory
from crawler.found import FoundMemory
from crawler.hold import locked, opened
from crawler.hosts import HostMemory
from crawler.lease import LISTS, Failure, Found, Lease, Outcome, lease_of, place_of
from crawler.rhythm import relook_after, retry_after
from crawler.runs import RunMemory
from crawler.sources import SourceMemory

LEASE = 900.0  # seconds; no fetch lasts as long


class Frontier(RunMemory, HostMemory, SourceMemory, FoundMemory, DueMemory):
    """The crawl's memory. One process at a time may hold it for writing; raises FrontierBusy where another does.

    `clock` returns seconds since 1970. Raises SchemaError for a database that is not ours or newer than we are, and
    sqlite3.OperationalError where the database cannot be opened or stays locked.
    """

    def __init__(
        self, path: Path, *, clock: Callable[[], float] = time.time, read_only: bool = False, lease: float = LEASE
    ) -> None:
        self.path = path
        self.clock = clock
        self.lease_seconds = lease
        self.run_started = clock()
        self._lock: IO[bytes] | None = None
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = locked(path)
        try:
            self.database = opened(path, read_only=read_only)
        except BaseException:
            if self._lock:
                self._lock.close()
            raise

    def close(self) -> None:
        """Close the database and let others have it."""
        self.database.close()
        if self._lock:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def lease(self, host: str, outlets: Iterable[str], *, lists_only: bool = False) -> Lease | None:
        """Take the most urgent row of a host that is due; None where nothing is."""
        now = self.clock()
        with self._transaction() as database:
            row = most_urgent(database, host, outlets, now=now, lists_only=lists_only)
            if row is None:
                return None
            database.execute(
                "UPDATE urls SET state = 'leased', lease_until = ?, lease_run = ? WHERE id = ?",
                (now + self.lease_seconds, self.run, row["id"]),
            )
        return lease_of(row)

    def next_due(self, host: str, outlets: Iterable[str]) -> float | None:
        """Return when (seconds since 1970) the next row of a host is due; None where none ever is."""
        row = self.database.execute(
            """SELECT min(due) AS due FROM urls WHERE host = ? AND state = 'waiting' AND due IS NOT NULL
            AND outlet IN (SELECT value FROM json_each(?))""",
            (host, json.dumps(list(outlets))),
        ).fetchone()
        return None if row["due"] is None else float(row["due"])

    def acknowledge(
        self, lease: Lease, outcome: Outcome, found: Iterable[Found] = (), *, fresh: int | None = None
    ) -> int:
        """Give a row back as done, together with what it yielded; return how many addresses were new.

        To be called after the capture is on disk. For the entry of a source `fresh` tells how many of the articles on
        it were new (counted by itself where None).
        """
        now = self.clock()
        found = list(found)
        with self._transaction() as database:
            new = self._add(lease.outlet, found, lease.source, lease.url)
            unchanged = 0 if outcome.changed else lease.unchanged + 1
            due = now + relook_after(unchanged) if outcome.again else None
            if lease.is_entry and lease.source is not None:
                seen = sum(one.kind not in LISTS for one in found)
                due = now + self.polled(lease.source, seen=seen, fresh=new if fresh is None else fresh)
            elif lease.kind in LISTS:
                due = None  # the entry of its source makes it due again
            stored = outcome.stored or lease.stored
            database.execute(
                """UPDATE urls SET state = 'waiting', lease_until = NULL, tries = 0, error = NULL, detail = NULL,
                asked_at = ?, fetched_at = ?, changed_at = CASE WHEN ? THEN ? ELSE changed_at END, unchanged = ?,
                due = ?, status = ?, verdict = ?, etag = ?, last_modified = ?,
                warc_file = ?, warc_offset = ?, record_id = ?, warc_date = ?, digest = ?, stored_url = ?, stored_run = ?
                WHERE id = ?""",
                (
                    now,
                    now,
                    outcome.changed,
                    now,
                    unchanged,
                    due,
                    outcome.status,
                    outcome.verdict,
                    outcome.etag,
                    outcome.last_modified,
                    *place_of(stored, self.run),
                    lease.id,
                ),
            )
        return new

    def fail(self, lease: Lease, failure: Failure, found: Iterable[Found] = ()) -> float | None:
        """Give a row back as failed; return seconds until its next try, None where it went into quarantine."""
        now = self.clock()
        # a source is never dropped, nor is the watch over an article that was once held
        endless = lease.is_entry or lease.stored is not None
        wait = retry_after(failure.trouble, lease.tries + 1, asked=failure.asked, endless=endless)
        with self._transaction() as database:
            self._add(lease.outlet, found, lease.source, lease.url)
            database.execute(
                """UPDATE urls SET state = ?, lease_until = NULL, due = ?, tries = tries + 1, error = ?, detail = ?,
                status = coalesce(?, status), asked_at = ? WHERE id = ?""",
                (
                    "quarantine" if wait is None else "waiting",
                    None if wait is None else now + wait,
                    failure.trouble.value,
                    failure.detail[:500],
                    failure.status,
                    now,
                    lease.id,
                ),
            )
            if lease.is_entry and lease.source is not None:
                database.execute(
                    "UPDATE sources SET polls = polls + 1, failures = failures + 1, error = ? WHERE id = ?",
                    (f"{failure.trouble.value}: {failure.detail}"[:500], lease.source),
                )
        return wait

    def release(self, lease: Lease) -> None:
        """Give a row back untouched: it was not fetched."""
        self.database.execute("UPDATE urls SET state = 'waiting', lease_until = NULL WHERE id = ?", (lease.id,))
