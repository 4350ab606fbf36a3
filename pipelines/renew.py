"""Bring an archive that other code has made up to date: forget what has to be read again, derive anew what has not."""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass

from pipelines.index import reindex
from pipelines.places import places_of
from pipelines.reprints import Change, regroup
from pipelines.rows import place_rows
from pipelines.settle import settle
from pipelines.similar.sketches import TABLES as SKETCHES
from pipelines.table import insert
from pipelines.unsettle import READ, TOLD, near, take_files, unsettle
from pipelines.versions import CODE, DERIVED, READING, VERSIONS, Code, Derived, Reach, made_of

GROUPED = ("reprints", "links", *SKETCHES)
BATCH = 500  # articles that are derived anew at once
SHOWN = 3  # names of what changed that are told
MADE_OF = "made of"  # the setting that tells the code and the libraries of an archive
WORDS = {Reach.ADMISSION: "refusals and notes", Reach.FILE: "files", Reach.PAGE: "pages"}


@dataclass(frozen=True, slots=True)
class Stale:
    """What other code has made in an archive: captures by reach, to be read `again` or `kept`, and what is derived.

    Captures of which it is not known what read them count as pages. `changed` names files and libraries that are not
    what they were, of those that matter here.
    """

    again: Counter[Reach]
    kept: Counter[Reach]
    derived: tuple[Derived, ...]
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.again or self.derived)

    @property
    def is_all(self) -> bool:
        """Say whether every capture has to be read again."""
        return bool(self.again) and not self.kept

    def __str__(self) -> str:
        what = [f"{count} {WORDS[reach]}" for reach, count in sorted(self.again.items())]
        what += [f"the {name} of all articles, without a look at the captures" for name in self.derived]
        more = len(self.changed) - SHOWN
        why = ", ".join(self.changed[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        kept = ", ".join(f"{count} {WORDS[reach]}" for reach, count in sorted(self.kept.items()))
        return f"{', '.join(what)} ({why or 'the program'} changed)" + (f"; as they were: {kept}" if kept else "")


def stale(db: sqlite3.Connection) -> Stale:
    """Find out what in an archive was made by other code than this; looks at every capture's row."""
    names = {VERSIONS[reach]: reach for reach in READING}
    settings = dict(db.execute("SELECT name, value FROM settings"))
    again: Counter[Reach] = Counter()
    kept: Counter[Reach] = Counter()
    for extractor, count in db.execute("SELECT extractor, count(*) FROM captures GROUP BY extractor"):
        reach = extractor.partition("-")[0]
        if extractor in names:
            kept[names[extractor]] += count
        else:
            again[Reach(reach) if reach in READING else Reach.PAGE] += count
    # whoever reads all pages again derives all of it on the way
    derived = () if again[Reach.PAGE] else tuple(one for one in DERIVED if settings.get(one) != VERSIONS[one])
    before = json.loads(settings.get(MADE_OF, "{}"))
    concerned = sum((CODE[what] for what in (*+again, *derived)), Code(()))
    changed = tuple(name for name, value in sorted(made_of(concerned).items()) if before.get(name) != value)
    return Stale(+again, kept, derived, changed if before else ())


def renew(db: sqlite3.Connection, found: Stale) -> None:
    """Forget the captures that have to be read again, and derive anew what other code has derived."""
    if found.again:
        _forget(db, whole=bool(found.again[Reach.PAGE]))
    for name in found.derived:
        DERIVE[name](db)
    note(db)


def note(db: sqlite3.Connection) -> None:
    """Note in an archive that all of it is made by this code."""
    told = {name: value for code in CODE.values() for name, value in made_of(code).items()}
    rows = {name: VERSIONS[name] for name in DERIVED} | {MADE_OF: json.dumps(told, sort_keys=True)}
    insert(db, "settings", [{"name": name, "value": value} for name, value in rows.items()], replace=True)


def _forget(db: sqlite3.Connection, *, whole: bool) -> None:
    """Take out what other code has read; where that are pages (`whole`), every article with all that hangs on it."""
    if whole:
        for table in ("articles", *READ, *TOLD, *GROUPED):
            db.execute(f"DELETE FROM {table}")  # noqa: S608  (constants)
        db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
        db.execute("UPDATE captures SET article = NULL WHERE article IS NOT NULL")
    current = json.dumps([VERSIONS[reach] for reach in READING])
    sql = "SELECT id FROM captures WHERE extractor NOT IN (SELECT value FROM json_each(?))"
    db.execute(f"CREATE TEMP TABLE stale AS {sql}", [current])
    take_files(db, [page for (page,) in db.execute("SELECT page FROM files WHERE capture IN stale")])
    for table in ("skips", "failures", "masks"):
        db.execute(f"DELETE FROM {table} WHERE capture IN stale")  # noqa: S608  (constants)
    db.execute("DELETE FROM captures WHERE id IN stale")
    db.execute("DROP TABLE stale")


def _places(db: sqlite3.Connection) -> None:
    """Find anew what each article is about."""
    db.execute("DELETE FROM places")
    db.execute("DELETE FROM regions")  # every build stores those that are known
    regions = dict(db.execute("SELECT id, region FROM outlets"))
    last = ""
    sql = "SELECT id, outlet, title, text FROM articles WHERE id > ? ORDER BY id LIMIT ?"
    while some := db.execute(sql, [last, BATCH]).fetchall():
        last = some[-1][0]
        for name, outlet, title, text in some:
            places = places_of(text, title, regions.get(outlet))
            insert(db, "places", [{"article": name, **row} for row in place_rows(places)])
            region = places[0].code if places else regions.get(outlet)
            db.execute("UPDATE articles SET region = ?1 WHERE id = ?2 AND region IS NOT ?1", [region, name])


def _relations(db: sqlite3.Connection) -> None:
    """Settle every article, group all copies anew; what the rows do not suffice for is forgotten, to be read again."""
    for table in GROUPED:
        db.execute(f"DELETE FROM {table}")  # noqa: S608  (constants)
    db.execute("UPDATE articles SET cluster = NULL WHERE cluster IS NOT NULL")
    done: set[str] = set()
    last = ""
    sql = "SELECT DISTINCT page FROM captures WHERE article IS NOT NULL AND page > ? ORDER BY page LIMIT ?"
    while some := db.execute(sql, [last, BATCH]).fetchall():
        last = some[-1][0]
        here = near(db, (page for (page,) in some if page not in done))
        done.update(here)
        settled = settle(db, here, ())
        regroup(db, {name: Change(None, one.after) for name, one in settled.changes.items()})
        if settled.unread:
            regroup(db, unsettle(db, settled.unread))
    reindex(db)


DERIVE = {Derived.PLACES: _places, Derived.RELATIONS: _relations}
