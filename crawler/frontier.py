"""Remember what to fetch and when, in crawl.db: rows are leased and acknowledged, never popped.

A row goes waiting → leased → waiting (due again later, or never) or → quarantine. Whatever a page yields is added in
the transaction that acknowledges the page, and a page is acknowledged after its WARC record is on disk: a process
that dies at any moment loses no address and repeats at most what it had in flight.
"""

import fcntl
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from crawler.address import host_of
from crawler.ban import bare
from crawler.choice import LATE, PRIORITY, most_urgent
from crawler.hosts import HostMemory
from crawler.lease import LISTS, Failure, Found, Lease, Outcome, lease_of, place_of
from crawler.rhythm import LONGEST_REST, relook_after, retry_after
from crawler.schema import migrate
from crawler.sources import SourceMemory
from crawler.stored import Stored

IN_ORDER = ("finished", "limit", "interrupted")  # outcomes of runs that closed their files
LEASE = 900.0  # seconds; no fetch lasts as long
SLACK = 60.0  # seconds by which clocks may differ


class FrontierBusy(RuntimeError):  # noqa: N818  (a state, not a failure)
    """Another crawl holds this crawl.db; two at once would be rude to the hosts."""


class Frontier(HostMemory, SourceMemory):
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
        self.run: int | None = None
        self.run_started = clock()
        self._lock: IO[bytes] | None = None
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(path)
        try:
            self.database = _opened(path, read_only=read_only)
        except BaseException:
            if self._lock:
                self._lock.close()
            raise

    # --- a run

    def begin(self, settings: Mapping[str, Any] | None = None) -> int:
        """Open a run and take back every lease of runs that ended without giving theirs back; return the run's id."""
        self.run_started = self.clock()
        with self._transaction() as database:
            database.execute("UPDATE urls SET state = 'waiting', lease_until = NULL WHERE state = 'leased'")
            cursor = database.execute(
                "INSERT INTO runs (started, settings) VALUES (?, ?)", (self.run_started, json.dumps(settings or {}))
            )
        self.run = cursor.lastrowid
        assert self.run is not None  # noqa: S101  (for the type checker)
        return self.run

    def end(self, outcome: str, counts: Mapping[str, Any] | None = None) -> None:
        """Close the run; give back what it still holds."""
        with self._transaction() as database:
            database.execute("UPDATE urls SET state = 'waiting', lease_until = NULL WHERE state = 'leased'")
            database.execute(
                "UPDATE runs SET ended = ?, outcome = ?, counts = ? WHERE id = ?",
                (self.clock(), outcome, json.dumps(counts or {}), self.run),
            )

    def fold_into(self, earlier: int) -> None:
        """Strike the run that has just ended and brought nothing; let an earlier one last until now."""
        with self._transaction() as database:
            database.execute("DELETE FROM runs WHERE id = ?", (self.run,))
            database.execute("UPDATE runs SET ended = ? WHERE id = ?", (self.clock(), earlier))

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

    # --- rows

    def add(self, outlet: str, found: Iterable[Found], *, source: int | None = None, via: str | None = None) -> int:
        """Add addresses; return how many were not known before."""
        with self._transaction():
            return self._add(outlet, found, source, via)

    def known(self, urls: Sequence[str]) -> set[str]:
        """Return those of some addresses that have a row already."""
        rows = self.database.execute(
            "SELECT url FROM urls WHERE url IN (SELECT value FROM json_each(?))", (json.dumps(list(urls)),)
        )
        return {row["url"] for row in rows}

    def row(self, url: str) -> sqlite3.Row | None:
        """Return all that is remembered of an address, None where it is not known."""
        row: sqlite3.Row | None = self.database.execute("SELECT * FROM urls WHERE url = ?", (url,)).fetchone()
        return row

    def is_withdrawn(self, url: str) -> bool:
        """Say whether somebody decided that an address is never to be fetched again."""
        return self.database.execute("SELECT 1 FROM never WHERE address = ?", (bare(url),)).fetchone() is not None

    def payload(self, digest: str) -> Stored | None:
        """Return a record that holds a payload, of whatever address, to which a revisit may refer; None for none."""
        rows = self.database.execute("SELECT * FROM urls WHERE digest = ? ORDER BY id", (digest,))
        found = (lease_of(row).stored for row in rows)
        return next((one for one in found if one is not None and self.may_refer(one)), None)

    def may_refer(self, stored: Stored) -> bool:
        """Say whether a revisit may refer to a record: one of this run, or of one that ended in order."""
        if stored.run == self.run:
            return True
        ended = self.database.execute("SELECT outcome FROM runs WHERE id = ?", (stored.run,)).fetchone()
        return ended is not None and ended["outcome"] in IN_ORDER

    def hosts(self, outlets: Iterable[str]) -> list[str]:
        """Return the hosts on which some outlets have rows that wait with a date."""
        rows = self.database.execute(
            """SELECT DISTINCT host FROM urls WHERE state = 'waiting' AND due IS NOT NULL
            AND outlet IN (SELECT value FROM json_each(?))""",
            (json.dumps(list(outlets)),),
        )
        return [row["host"] for row in rows]

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

    def forgo(self, lease: Lease) -> None:
        """Give a row back as one that the outlet's rules want never; `reconsider` lets it be asked for again."""
        self.database.execute(
            "UPDATE urls SET state = 'waiting', lease_until = NULL, due = NULL, verdict = 'never' WHERE id = ?",
            (lease.id,),
        )

    def reconsider(self, outlets: Iterable[str]) -> None:
        """Make due what the rules of some outlets, which may have changed since, wanted never."""
        self.database.execute(
            """UPDATE urls SET due = ?, verdict = NULL WHERE verdict = 'never'
            AND outlet IN (SELECT value FROM json_each(?))""",
            (self.clock(), json.dumps(list(outlets))),
        )

    def mend_times(self) -> int:
        """Take back what a clock that was ahead has put into the future, as if asked for now; return how many rows."""
        now = self.clock()
        with self._transaction() as database:
            database.execute(
                "UPDATE hosts SET cool_until = ? WHERE cool_until > ?", (now + LONGEST_REST, now + LONGEST_REST)
            )
            return database.execute(
                """UPDATE urls SET due = ? + (due - asked_at), fetched_at = min(fetched_at, ?), asked_at = ?
                WHERE state = 'waiting' AND asked_at > ?""",
                (now, now, now, now + SLACK),
            ).rowcount

    def release(self, lease: Lease) -> None:
        """Give a row back untouched: it was not fetched."""
        self.database.execute("UPDATE urls SET state = 'waiting', lease_until = NULL WHERE id = ?", (lease.id,))

    def expire(self) -> int:
        """Take back leases that have run out; return how many."""
        return self.database.execute(
            "UPDATE urls SET state = 'waiting', lease_until = NULL WHERE state = 'leased' AND lease_until < ?",
            (self.clock(),),
        ).rowcount

    def due(self, outlets: Iterable[str], *, older_than: float) -> int:
        """Make everything due now that was last asked for more than `older_than` seconds ago; return how many rows.

        Sources are polled, articles and attachments looked at again; quarantine stays closed.
        """
        now = self.clock()
        return self.database.execute(
            """UPDATE urls SET due = ? WHERE state = 'waiting' AND asked_at <= ? AND (due IS NULL OR due > ?)
            AND (kind IN ('article', 'asset') OR (coalesce(via, '') = ''
                AND coalesce(source, 0) NOT IN (SELECT id FROM sources WHERE retired)))
            AND outlet IN (SELECT value FROM json_each(?))""",
            (now, now - older_than, now, json.dumps(list(outlets))),
        ).rowcount

    def retry_quarantine(self, outlets: Iterable[str]) -> int:
        """Let everything out of quarantine, due now and with a clean record; return how many rows."""
        return self.database.execute(
            """UPDATE urls SET state = 'waiting', due = ?, tries = 0 WHERE state = 'quarantine'
            AND outlet IN (SELECT value FROM json_each(?))""",
            (self.clock(), json.dumps(list(outlets))),
        ).rowcount

    def queued(self, outlets: Iterable[str]) -> dict[str, int]:
        """Return how many rows are due now, by outlet."""
        rows = self.database.execute(
            """SELECT outlet, count(*) AS n FROM urls WHERE state IN ('waiting', 'leased') AND due <= ?
            AND outlet IN (SELECT value FROM json_each(?)) GROUP BY outlet""",
            (self.clock(), json.dumps(list(outlets))),
        )
        return {row["outlet"]: row["n"] for row in rows}

    # --- editions

    def expect_edition(self, outlet: str, source: int, found: Found) -> bool:
        """Add the first page of a day's edition; return whether the day was not known before."""
        day = found.day.isoformat() if found.day else ""
        with self._transaction() as database:
            new = database.execute(
                "INSERT INTO editions (outlet, source, day, state) VALUES (?, ?, ?, 'expected') ON CONFLICT DO NOTHING",
                (outlet, source, day),
            ).rowcount
            self._add(outlet, [found], source, "")
        return bool(new)

    # --- inside

    def _add(self, outlet: str, found: Iterable[Found], source: int | None, via: str | None) -> int:
        now, new = self.clock(), 0
        for one in found:
            day = one.day.isoformat() if one.day else ""
            cursor = self.database.execute(
                """INSERT INTO urls (url, outlet, host, kind, source, via, page, hops, priority, day, due, found_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING""",
                (
                    one.url,
                    outlet,
                    host_of(one.url),
                    one.kind,
                    source,
                    via,
                    one.page,
                    one.hops,
                    LATE if one.late else PRIORITY[one.kind],
                    day,
                    now + one.delay,
                    now,
                ),
            )
            new += cursor.rowcount
            if not cursor.rowcount and one.kind in LISTS and via is not None:
                self.database.execute(
                    """UPDATE urls SET due = ? WHERE url = ? AND state = 'waiting' AND kind = ? AND via IS NOT NULL
                    AND (asked_at IS NULL OR asked_at < ?) AND (due IS NULL OR due > ?)""",
                    (now + one.delay, one.url, one.kind, self.run_started, now + one.delay),
                )
        return new


def _opened(path: Path, *, read_only: bool) -> sqlite3.Connection:
    target = f"{path.resolve().as_uri()}?mode=ro" if read_only else str(path)
    database = sqlite3.connect(target, uri=read_only, timeout=10, isolation_level=None)
    database.row_factory = sqlite3.Row
    if read_only:
        return database
    try:
        migrate(database, str(path))
        database.execute("PRAGMA journal_mode = WAL")
        # a power cut may cost the last acknowledgements, hence a repeated fetch, never the database
        database.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        database.close()
        raise
    return database


def _locked(path: Path) -> IO[bytes]:
    file = path.with_name(path.name + ".lock").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise FrontierBusy(f"{path}: another crawl is using it; wait for it, or give this one its own file") from None
    return file
