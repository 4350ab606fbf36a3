"""Find the archive among the databases that Datasette has open, and ask it questions."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette.database import QueryInterrupted

from browse.host import Datasette

TABLES = frozenset({"articles", "captures", "outlets", "versions", "builds"})  # a database with these is an archive

_names: WeakKeyDictionary[Datasette, str] = WeakKeyDictionary()


KEPT = 60.0  # seconds for which an answer that is remembered may lag behind the archive
MOST_KEPT = 200  # answers


@dataclass(frozen=True, slots=True)
class _Known:
    """An answer, the state of the archive it was true for, and when it was asked."""

    rows: list[sqlite3.Row]
    state: tuple[int, ...]
    at: float


_memories: WeakKeyDictionary[Datasette, dict[tuple[Any, ...], _Known]] = WeakKeyDictionary()


class TooSlow(Exception):  # noqa: N818  (a verdict that a page answers, not an error)
    """A question took longer than the time limit of SQL (Datasette's setting `sql_time_limit_ms`)."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive as one Datasette serves it: read-only, with a time limit on every question."""

    datasette: Datasette
    name: str

    async def rows(
        self, sql: str, params: Mapping[str, Any] | Sequence[Any] = (), *, within: int | None = None
    ) -> list[sqlite3.Row]:
        """Return all rows of a question; raise TooSlow beyond the time limit, or `within` (ms) where that is less."""
        database = self.datasette.get_database(self.name)
        try:
            result = await database.execute(sql, params, log_sql_errors=False, custom_time_limit=within)
        except QueryInterrupted as error:
            raise TooSlow from error
        return list(result.rows)

    async def row(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> sqlite3.Row | None:
        """Return the first row, or None."""
        return next(iter(await self.rows(sql, params)), None)

    async def value(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        row = await self.row(sql, params)
        return row[0] if row is not None else None

    def changed(self) -> str:
        """Return when somebody last wrote to the archive, as HTTP says it."""
        return formatdate(max(self.state()[::2], default=0) / 1e9, usegmt=True)

    def state(self) -> tuple[int, ...]:
        """Return what changes whenever somebody writes to the archive: time and size of it and of its log."""
        return _state(Path(str(self.datasette.get_database(self.name).path)))

    async def remembered(self, sql: str, params: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Return rows that were asked for before, where the archive has not changed since or less than a minute ago.

        For what every page shows and only a build changes: the outlets there are, what the archive holds.
        """
        key = (sql, *params)
        memory = _memories.setdefault(self.datasette, {})
        known = memory.get(key)
        state = self.state()
        if known is None or (known.state != state and time.monotonic() - known.at > KEPT):
            known = _Known(await self.rows(sql, params), state, time.monotonic())
            if len(memory) >= MOST_KEPT:
                memory.clear()
            memory[key] = known
        return known.rows


def _state(path: Path) -> tuple[int, ...]:
    """Return time (nanoseconds) and size (bytes) of a database and of its log."""
    state: list[int] = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            found = file.stat()
        except OSError:
            continue
        state += [found.st_mtime_ns, found.st_size]
    return tuple(state)


def find_archive(datasette: Datasette) -> Archive | None:
    """Return the first database that has an archive's tables, or None where this Datasette serves no archive."""
    if datasette not in _names:
        for name, database in list(datasette.databases.items()):
            if database.path and _is_archive(str(database.path)):
                _names[datasette] = name
                break
    name = _names.get(datasette)
    return Archive(datasette, name) if name is not None else None


def _is_archive(path: str) -> bool:
    try:
        connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return False
    try:
        return is_archive(connection)
    finally:
        connection.close()


def is_archive(connection: sqlite3.Connection) -> bool:
    """Say whether a connection leads to an archive."""
    try:
        names = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
    except sqlite3.DatabaseError:
        return False
    return names >= TABLES
