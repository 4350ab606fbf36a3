"""Keep addresses of what is withdrawn out of what other articles name as their originals."""

import json
import sqlite3
from collections.abc import Container
from dataclasses import replace

from pipelines.outcome import Outcome
from pipelines.reprints import regroup
from pipelines.unsettle import unsettle

# of articles that name as their original what is withdrawn no longer
FREED = """SELECT DISTINCT page FROM captures WHERE article IN (
    SELECT article FROM origins WHERE url IS NULL AND address NOT IN (SELECT value FROM json_each(?)))"""
NAMING = "SELECT DISTINCT article FROM origins WHERE url IS NOT NULL AND address IN (SELECT value FROM json_each(?))"
READINGS = """SELECT rowid, reading FROM page_readings
    WHERE reading IS NOT NULL AND article IN (SELECT value FROM json_each(?))"""


def unlinked(outcome: Outcome, withdrawn: Container[str]) -> Outcome:
    """Return an outcome whose article names no address of what is withdrawn as that of its original."""
    reading = outcome.reading
    if reading is None or not any(one.address in withdrawn for one in reading.article.origins):
        return outcome
    origins = tuple(replace(one, url=None) if one.address in withdrawn else one for one in reading.article.origins)
    return replace(outcome, reading=replace(reading, article=replace(reading.article, origins=origins)))


def unlink(db: sqlite3.Connection, withdrawn: str) -> bool:
    """Take the addresses of what is withdrawn (a JSON array of ids) out of the archive; return whether there were any.

    Articles that named what is withdrawn no longer are forgotten, so that the next build reads them again.
    """
    naming = [article for (article,) in db.execute(NAMING, [withdrawn])]
    if naming:
        db.execute("UPDATE origins SET url = NULL WHERE address IN (SELECT value FROM json_each(?))", [withdrawn])
        out = frozenset(json.loads(withdrawn))
        rows = db.execute(READINGS, [json.dumps(naming)]).fetchall()
        told = [(_without(reading, out), place) for place, reading in rows]
        db.executemany("UPDATE page_readings SET reading = ? WHERE rowid = ?", told)
    freed = [page for (page,) in db.execute(FREED, [withdrawn])]
    if freed:
        regroup(db, unsettle(db, freed))
    return bool(naming)


def _without(dumped: str, withdrawn: Container[str]) -> str:
    held = json.loads(dumped)
    for row in held["hung"]["origins"]:
        if row["address"] in withdrawn:
            row["url"] = None
    return json.dumps(held, ensure_ascii=False, sort_keys=True)
