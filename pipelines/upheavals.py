"""Tell a site that was made anew, and lost all it had, from single deletions."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from crawler.outlet import Outlet
from pipelines.table import insert

TOGETHER = timedelta(days=30)  # losses that follow one another more closely are one: looks at old articles are rare
LEAST = 5  # articles
SHARE = 0.8  # of all that was there before and was looked at since


def find_upheavals(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> None:  # noqa: ARG001  (as every last step)
    """Make the table `upheavals` anew: when an outlet lost at least LEAST articles, SHARE of what was looked at."""
    db.execute("DELETE FROM upheavals")
    slugs = "SELECT DISTINCT a.outlet FROM absences b JOIN articles a ON a.id = b.article WHERE b.gone_at IS NOT NULL"
    for (slug,) in db.execute(f"{slugs} AND a.outlet IS NOT NULL ORDER BY 1").fetchall():
        sql = """SELECT b.missing_at, b.last_seen FROM absences b JOIN articles a ON a.id = b.article
            WHERE a.outlet = ? AND b.gone_at IS NOT NULL ORDER BY 1"""
        lost = db.execute(sql, [slug]).fetchall()
        for lot in _lots([at for at, _ in lost]):
            if len(lot) < LEAST:
                continue
            # what the site put up when it was made anew may be seen before the loss is
            alive = max(seen for at, seen in lost if at == lot[0])
            returned = _returned(db, slug, lot)
            most = (
                int(len(lot) / SHARE) + returned + 1
            )  # where so many were kept it is no upheaval: nobody need count on
            kept = """SELECT count(*) FROM (
                SELECT 1 FROM articles WHERE outlet = ? AND first_seen <= ? AND last_seen >= ? LIMIT ?)"""
            held = len(lot) + db.execute(kept, [slug, alive, lot[0], most]).fetchone()[0] - returned
            if len(lot) >= SHARE * held:
                row = {"outlet": slug, "since": lot[0], "until": lot[-1], "missing": len(lot), "held": held}
                insert(db, "upheavals", [row])


def _lots(times: Sequence[str]) -> Iterator[list[str]]:
    """Yield times that follow one another closely, in order."""
    lot: list[str] = []
    for at in times:
        if lot and datetime.fromisoformat(at) - datetime.fromisoformat(lot[-1]) > TOGETHER:
            yield lot
            lot = []
        lot.append(at)
    if lot:
        yield lot


def _returned(db: sqlite3.Connection, slug: str, lot: Sequence[str]) -> int:
    """Return how many of a lot were there again later: they are counted as lost already."""
    sql = """SELECT count(DISTINCT a.id) FROM absences b JOIN articles a ON a.id = b.article
        WHERE a.outlet = ? AND b.gone_at IS NOT NULL AND b.missing_at BETWEEN ? AND ? AND a.last_seen >= ?"""
    return int(db.execute(sql, [slug, lot[0], lot[-1], lot[0]]).fetchone()[0])
