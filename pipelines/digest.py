"""Digest what an archive says, so that two archives can be compared."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.connect import connected
from pipelines.errors import StoreError, in_plain_words
from pipelines.similar.sketches import TABLES as SKETCHES

# what tells of the making, or serves it alone
LEFT_OUT = frozenset(
    {"builds", "links", "parts", "settings", *SKETCHES, "sqlite_stat1", "sqlite_stat4", "_sqlite_migrations"}
)


def digest(archive: Path) -> str:
    """Return a SHA-256 over every row of every table but build times; equal for archives with equal content."""
    return hashlib.sha256("\n".join(f"{name} {value}" for name, value in tables(archive).items()).encode()).hexdigest()


def tables(archive: Path) -> dict[str, str]:
    """Return the digest of each table, by name: where two archives differ."""
    if not archive.is_file():
        raise StoreError(f"{archive}: there is no such archive")
    with in_plain_words(archive), closing(connected(archive)) as db:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%' ORDER BY name"
        names = [name for (name,) in db.execute(sql).fetchall() if name not in LEFT_OUT]
        return {name: _rows(db, name) for name in names}


def _rows(db: sqlite3.Connection, table: str) -> str:
    keys = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[5]]
    value = hashlib.sha256()
    for row in db.execute(f"SELECT * FROM {table} ORDER BY {', '.join(keys)}"):  # noqa: S608  (names from the schema)
        value.update(repr(row).encode("utf-8", "surrogatepass"))
    return value.hexdigest()
