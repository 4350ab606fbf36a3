"""Tell a site that was made anew, and lost all it had, from single deletions."""

import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from crawler.outlet import Outlet
from pipelines.table import Row, insert

TOGETHER = timedelta(days=30)  # losses that follow one another more closely are one: looks at old articles are rare
LEAST = 5  # articles
SHARE = 0.8  # of all that was there before and was looked at since


LOST = """SELECT a.outlet, b.missing_at, b.article, b.last_seen, a.first_seen, a.last_seen
    FROM absences b JOIN articles a ON a.id = b.article
    WHERE b.gone_at IS NOT NULL AND a.outlet IS NOT NULL ORDER BY 1, 2"""
LOOKS = "SELECT first_seen, last_seen FROM articles WHERE outlet = ? ORDER BY last_seen"


class Loss(NamedTuple):
    """An article that was lost at a time: when it was `seen` last before, the `first` and the `last` time of all."""

    at: str
    article: str
    seen: str
    first: str
    last: str


def find_upheavals(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> None:  # noqa: ARG001  (as every last step)
    """Make the table `upheavals` anew: when an outlet lost at least LEAST articles, SHARE of what was looked at."""
    rows = db.execute(LOST).fetchall()
    db.execute("DELETE FROM upheavals")
    for slug, those in groupby(rows, key=lambda row: str(row[0])):
        lost = [Loss(*row[1:]) for row in those]

        @cache
        def looks(slug: str = slug) -> list[tuple[str, str]]:
            return db.execute(LOOKS, [slug]).fetchall()

        found = [{"outlet": slug, **one} for lot in _lots(lost) for one in _upheavals(lot, looks)]
        insert(db, "upheavals", found)


def _upheavals(lot: Sequence[Loss], looks: Callable[[], Sequence[tuple[str, str]]]) -> Iterator[Row]:
    """Yield the upheavals within a lot of losses, each day being the one on which it may have begun.

    What was seen after that day and lost later is no part of it: an outlet that takes down a little all the time has
    most of its articles at any. `looks` gives the first and the last look at each of its articles that were not in
    vain, in order of the last; that takes a while, and is asked for where enough was lost at once.
    """
    while len(lot) >= LEAST:
        since = lot[0].at
        alive = max(one.seen for one in lot if one.at == since)  # a new site may be seen before the loss of the old is
        gone = {one.article: one for one in reversed(lot) if one.first <= alive and one.seen < since}
        held = _held(list(gone.values()), looks(), since, alive) if len(gone) >= LEAST else None
        if held is not None and len(gone) >= SHARE * held:
            yield {"since": since, "until": max(one.at for one in gone.values()), "missing": len(gone), "held": held}
            lot = [one for one in lot if one.article not in gone]
        else:
            lot = [one for one in lot if one.at[:10] > since[:10]]


def _held(gone: Sequence[Loss], looks: Sequence[tuple[str, str]], since: str, alive: str) -> int:
    """Return how many articles were there when some were lost, and were looked at since.

    Nobody counts further than to where it is no upheaval.
    """
    again = sum(one.last >= since for one in gone)  # lost, and there again: among both
    later = islice(looks, bisect_left(looks, since, key=itemgetter(1)), None)
    there = islice((1 for first, _ in later if first <= alive), int(len(gone) / SHARE) + again + 1)
    return len(gone) + sum(there) - again


def _lots(lost: Sequence[Loss]) -> Iterator[list[Loss]]:
    """Yield losses that follow one another closely, in order."""
    lot: list[Loss] = []
    for one in lost:
        if lot and datetime.fromisoformat(one.at) - datetime.fromisoformat(lot[-1].at) > TOGETHER:
            yield lot
            lot = []
        lot.append(one)
    if lot:
        yield lot
