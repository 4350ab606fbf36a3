"""Read and write rows as dicts: the two lines of SQL that everything shares."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

Row = dict[str, Any]


def insert(db: sqlite3.Connection, table: str, rows: Sequence[Row], *, replace: bool = False) -> None:
    """Insert rows that have the same columns; `replace` takes the place of rows with the same primary key."""
    if not rows:
        return
    columns = list(rows[0])
    verb = "REPLACE" if replace else "INSERT"
    sql = f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    db.executemany(sql, [tuple(row[column] for column in columns) for row in rows])


def dicts(db: sqlite3.Connection, sql: str, parameters: Sequence[Any] = ()) -> Iterator[sqlite3.Row]:
    """Yield rows whose columns have names."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    return iter(cursor.execute(sql, parameters))
