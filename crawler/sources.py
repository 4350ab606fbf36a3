"""Remember the sources of outlets: how often each is polled, what it yielded, its health, the editions of e-papers."""

import json
from collections.abc import Iterable
from datetime import date

from crawler.lease import Lease
from crawler.memory import Memory
from crawler.outlet import Outlet
from crawler.rhythm import POLLS, next_interval

# entries that were retired and are named again; editions that were waited for at the time
REVIVE = """UPDATE urls SET due = :now WHERE outlet = :outlet AND kind IN ('feed', 'sitemap', 'column', 'edition')
    AND due IS NULL AND state = 'waiting' AND (via IS NULL OR (via = '' AND fetched_at IS NULL)) AND source IN
    (SELECT id FROM sources WHERE retired AND id IN (SELECT value FROM json_each(:keep)))"""
RETIRE = """UPDATE urls SET due = NULL WHERE outlet = :outlet AND kind IN ('feed', 'sitemap', 'column', 'edition')
    AND source NOT IN (SELECT value FROM json_each(:keep))"""
NOTE_RETIRED = """UPDATE sources SET retired = id NOT IN (SELECT value FROM json_each(:keep))
    WHERE outlet = :outlet"""


class SourceMemory(Memory):
    """Read and write the tables of sources and editions."""

    def register(self, outlet: Outlet, type_: str, url: str) -> int:
        """Return the id of a source, known or new."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO sources (outlet, type, url, interval) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (outlet.slug, type_, url, POLLS[type_]),
            )
            row = database.execute(
                "SELECT id FROM sources WHERE outlet = ? AND type = ? AND url = ?", (outlet.slug, type_, url)
            ).fetchone()
        return int(row["id"])

    def retire(self, outlet: str, keep: Iterable[int]) -> None:
        """Poll only those sources of an outlet that are to be kept; one that comes back is polled at once."""
        given = {"outlet": outlet, "keep": json.dumps(list(keep)), "now": self.clock()}
        with self._transaction() as database:
            for statement in (REVIVE, RETIRE, NOTE_RETIRED):
                database.execute(statement, given)

    def polled(self, source: int, *, seen: int, fresh: int) -> float:
        """Record a successful poll; return seconds until the next one."""
        row = self.database.execute("SELECT interval FROM sources WHERE id = ?", (source,)).fetchone()
        interval = next_interval(float(row["interval"]), seen, fresh)
        now = self.clock()
        self.database.execute(
            """UPDATE sources SET polls = polls + 1, seen = ?, fresh = ?, interval = ?, last_ok = ?, failures = 0,
            error = NULL, last_fresh = CASE WHEN ? THEN ? ELSE last_fresh END WHERE id = ?""",
            (seen, fresh, interval, now, fresh > 0, now, source),
        )
        return interval

    def known_editions(self, source: int) -> set[str]:
        """Return the days (ISO) of an e-paper that have been asked for already."""
        return {row["day"] for row in self.database.execute("SELECT day FROM editions WHERE source = ?", (source,))}

    def note_edition(self, lease: Lease, state: str, *, pages: int = 0, articles: int = 0) -> None:
        """Record what became of a day's edition: "obtained" or "missing", and how much stands in it."""
        self.database.execute(
            """UPDATE editions SET state = ?, pages = max(pages, ?), articles = articles + ?, checked_at = ?
            WHERE source = ? AND day = ?""",
            (state, pages, articles, self.clock(), lease.source, lease.day),
        )

    def reach_back(self, outlets: Iterable[str], since: date, before: float) -> None:
        """Poll the columns that were not read back to a day, and the sitemaps, but none polled after `before`."""
        self.database.execute(
            """UPDATE urls SET due = ? WHERE state = 'waiting' AND via IS NULL AND asked_at < ?
            AND outlet IN (SELECT value FROM json_each(?)) AND source IN (SELECT id FROM sources
                WHERE NOT retired AND type IN ('column', 'sitemap') AND (reached IS NULL OR reached > ?))""",
            (self.clock(), before, json.dumps(list(outlets)), since.isoformat()),
        )

    def reached(self, source: int | None) -> date | None:
        """Return the day down to which a column was read page by page, without a gap; None for not at all."""
        row = self.database.execute("SELECT reached FROM sources WHERE id = ?", (source,)).fetchone()
        return date.fromisoformat(row["reached"]) if row and row["reached"] else None

    def note_reached(self, source: int | None, day: date) -> None:
        """Record down to which day a column was read."""
        self.database.execute("UPDATE sources SET reached = ? WHERE id = ?", (day.isoformat(), source))

    def has_more(self, lease: Lease) -> bool:
        """Say whether a later page of the same column waits to be read."""
        sql = "SELECT 1 FROM urls WHERE source = ? AND kind = 'column' AND page > ? AND due IS NOT NULL LIMIT 1"
        return self.database.execute(sql, (lease.source, lease.page)).fetchone() is not None
