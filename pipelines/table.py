"""Read and write rows as dicts, with times and lists as the archive writes them: what everything shares."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
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


def stamp(moment: datetime) -> str:
    """Return a time as the archive writes it: UTC, to the second.

    >>> stamp(datetime.fromisoformat("2022-04-13T08:00:00.7+08:00"))
    '2022-04-13T00:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dumps(value: Sequence[Any]) -> str:
    """Return JSON as the archive keeps it: readable characters, no line feeds."""
    return json.dumps(value, ensure_ascii=False)
