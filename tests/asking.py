"""Ask a database something, and let go of it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def rows(path: Path, sql: str, *given: object) -> list[tuple]:
    """Return the rows that a database answers with."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql, given).fetchall()
