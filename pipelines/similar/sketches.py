"""Keep the numbers of sketches as rows, so that storing costs the same in a large archive as in a small one.

The numbers of one article lie all over a table that is sorted by number: in one large table each would cost a page,
written twice. New rows therefore go to a small table; what is full is poured, in order, into the next, ten times and
more its size, whose pages then take many rows at once (P. O'Neil and others, The log-structured merge-tree, 1996).
"""

import sqlite3
from collections.abc import Iterable
from itertools import pairwise

# each with the rows at which it is poured into the next; 32 rows an article
TABLES: dict[str, int | None] = {"sketches_newest": 2**17, "sketches_recent": 2**21, "sketches": None}
SCHEMA = tuple(
    f"""CREATE TABLE {table} (
        number INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (number, article)
    ) WITHOUT ROWID"""
    for table in TABLES
)


class Sketches:
    """The sketches of one archive. An article is given by its number, a sketch by its numbers."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._under = [f"SELECT article FROM {table} WHERE number = ? ORDER BY article LIMIT ?" for table in TABLES]  # noqa: S608  (constants)

    def under(self, mark: int, most: int) -> list[int]:
        """Return up to so many articles that have a number, the lowest first."""
        found = {article for sql in self._under for (article,) in self._db.execute(sql, (mark, most))}
        return sorted(found)[:most]

    def enter(self, article: int, sketch: Iterable[int]) -> None:
        """Keep the sketch of an article."""
        table = next(iter(TABLES))
        rows = [(mark, article) for mark in set(sketch)]
        self._db.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", rows)  # noqa: S608

    def remove(self, article: int, sketch: Iterable[int]) -> None:
        """Forget the sketch of an article, which was this one."""
        rows = [(mark, article) for mark in set(sketch)]
        for table in TABLES:
            self._db.executemany(f"DELETE FROM {table} WHERE number = ? AND article = ?", rows)  # noqa: S608

    def pour(self) -> None:
        """Empty each table that is full into the next."""
        for (full, most), (larger, _) in pairwise(TABLES.items()):
            (rows,) = self._db.execute(f"SELECT count(*) FROM {full}").fetchone()  # noqa: S608
            if most is not None and rows > most:
                self._db.execute(f"INSERT OR IGNORE INTO {larger} SELECT number, article FROM {full} ORDER BY 1, 2")  # noqa: S608
                self._db.execute(f"DELETE FROM {full}")  # noqa: S608
