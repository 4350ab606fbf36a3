"""Remember the addresses that pages yield, and answer what is known of one."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from crawler.address import host_of
from crawler.ban import bare
from crawler.choice import LATE, PRIORITY
from crawler.lease import LISTS, Found
from crawler.memory import Memory


class FoundMemory(Memory):
    """Add rows to the table of addresses, and look them up; `run_started` is in seconds since 1970."""

    run_started: float

    def add(self, outlet: str, found: Iterable[Found], *, source: int | None = None, via: str | None = None) -> int:
        """Add addresses; return how many were not known before."""
        with self._transaction():
            return self._add(outlet, found, source, via)

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

    def hosts(self, outlets: Iterable[str]) -> list[str]:
        """Return the hosts on which some outlets have rows that wait with a date."""
        rows = self.database.execute(
            """SELECT DISTINCT host FROM urls WHERE state = 'waiting' AND due IS NOT NULL
            AND outlet IN (SELECT value FROM json_each(?))""",
            (json.dumps(list(outlets)),),
        )
        return [row["host"] for row in rows]

    def queued(self, outlets: Iterable[str]) -> dict[str, int]:
        """Return how many rows are due now, by outlet."""
        rows = self.database.execute(
            """SELECT outlet, count(*) AS n FROM urls WHERE state IN ('waiting', 'leased') AND due <= ?
            AND outlet IN (SELECT value FROM json_each(?)) GROUP BY outlet""",
            (self.clock(), json.dumps(list(outlets))),
        )
        return {row["outlet"]: row["n"] for row in rows}

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
