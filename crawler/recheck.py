"""Look again at what is held, and at nothing else: no lists, nothing that was never fetched."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from crawler.frontier import Frontier
from crawler.lease import Lease, lease_of

# held, and looked at longer ago than that; or where such a row led in this run; or to be tried once more
AGAIN = """state = 'waiting' AND kind IN ('article', 'asset')
    AND ((asked_at <= :before AND warc_file IS NOT NULL) OR found_at >= :started
        OR (tries > 0 AND asked_at >= :started))
    AND outlet IN (SELECT value FROM json_each(:outlets))"""


class RecheckFrontier(Frontier):
    """The crawl's memory, as far as articles and attachments go that were asked for longer ago than `older_than`.

    What was looked at longest ago comes first, so that runs with a limit get round to everything.
    """

    def __init__(self, path: Path, *, older_than: timedelta, clock: Callable[[], float] = time.time) -> None:
        super().__init__(path, clock=clock)
        self.older_than = older_than.total_seconds()

    def due(self, outlets: Iterable[str], *, older_than: float) -> int:
        """Make due now what is to be looked at again; return how many rows."""
        del older_than  # one bound for the whole run
        sql = f"UPDATE urls SET due = :now WHERE {AGAIN} AND (due IS NULL OR due > :now)"  # noqa: S608  (a constant)
        return self.database.execute(sql, self._given(outlets)).rowcount

    def hosts(self, outlets: Iterable[str]) -> list[str]:
        """Return the hosts on which there is something to look at."""
        sql = f"SELECT DISTINCT host FROM urls WHERE {AGAIN} AND due IS NOT NULL"  # noqa: S608  (a constant)
        return [row["host"] for row in self.database.execute(sql, self._given(outlets))]

    def lease(self, host: str, outlets: Iterable[str], *, lists_only: bool = False) -> Lease | None:
        """Take the row of a host that was looked at longest ago; None where nothing is due, and for lists."""
        if lists_only:
            return None
        sql = f"""SELECT * FROM urls WHERE host = :host AND {AGAIN} AND due <= :now
            ORDER BY asked_at IS NULL DESC, asked_at, day DESC, id LIMIT 1"""  # noqa: S608  (a constant)
        with self._transaction() as database:
            row = database.execute(sql, {**self._given(outlets), "host": host}).fetchone()
            if row is None:
                return None
            database.execute(
                "UPDATE urls SET state = 'leased', lease_until = ?, lease_run = ? WHERE id = ?",
                (self.clock() + self.lease_seconds, self.run, row["id"]),
            )
        return lease_of(row)

    def next_due(self, host: str, outlets: Iterable[str]) -> float | None:
        """Return when (seconds since 1970) the next such row of a host is due; None where none ever is."""
        sql = f"SELECT min(due) AS due FROM urls WHERE host = :host AND {AGAIN}"  # noqa: S608  (a constant)
        row = self.database.execute(sql, {**self._given(outlets), "host": host}).fetchone()
        return None if row["due"] is None else float(row["due"])

    def queued(self, outlets: Iterable[str]) -> dict[str, int]:
        """Return how many such rows are due now, by outlet."""
        sql = f"SELECT outlet, count(*) AS n FROM urls WHERE {AGAIN} AND due <= :now GROUP BY outlet"  # noqa: S608
        return {row["outlet"]: row["n"] for row in self.database.execute(sql, self._given(outlets))}

    def _given(self, outlets: Iterable[str]) -> dict[str, float | str]:
        return {
            "now": self.clock(),
            "started": self.run_started,
            "before": self.run_started - self.older_than,
            "outlets": json.dumps(list(outlets)),
        }
