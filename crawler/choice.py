"""Choose what a host is asked for next, at the same cost for a thousand rows that wait and for a million."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

# what is fetched first, where several rows of a host are due: lists bring news, assets can wait
PRIORITY = {"feed": 50, "column": 40, "edition": 40, "sitemap": 30, "article": 20, "asset": 10}
LATE = 15  # further pages of a backfill: each brings older articles than those that wait already
ALL = sorted({*PRIORITY.values(), LATE}, reverse=True)
MINE = "AND outlet IN (SELECT value FROM json_each(:outlets)) AND (NOT :lists OR kind NOT IN ('article', 'asset'))"
# what was never fetched, newest day first; what waits for a retry is among it, and little
NEW = f"""SELECT * FROM urls INDEXED BY urls_new WHERE host = :host AND state = 'waiting'
    AND fetched_at IS NULL AND due <= :now {MINE} ORDER BY priority DESC, day DESC, id LIMIT 1"""  # noqa: S608  (ours)
# what was: of one priority the row that is due longest, so that the many that are not due yet are never looked at
AGAIN = f"""SELECT * FROM urls INDEXED BY urls_again WHERE host = :host AND state = 'waiting'
    AND fetched_at IS NOT NULL AND priority = :priority AND due <= :now {MINE} ORDER BY due, id LIMIT 1"""  # noqa: S608


def most_urgent(
    database: sqlite3.Connection, host: str, outlets: Iterable[str], *, now: float, lists_only: bool
) -> sqlite3.Row | None:
    """Return the row of a host that is to be fetched first, of those that are due; None where none is.

    Higher priorities come first, then later days, new before known. `now` is in seconds since 1970.
    """
    given = {"host": host, "outlets": json.dumps(list(outlets)), "now": now, "lists": lists_only}
    rows = [database.execute(NEW, given).fetchone(), next(_again(database, given), None)]
    found = [row for row in rows if row is not None]
    return max(found, key=lambda row: (row["priority"], row["day"], row["fetched_at"] is None), default=None)


def _again(database: sqlite3.Connection, given: dict[str, object]) -> Iterator[sqlite3.Row]:
    """Yield of each priority, the highest first, the row that is due longest."""
    for priority in ALL:
        row = database.execute(AGAIN, given | {"priority": priority}).fetchone()
        if row is not None:
            yield row
