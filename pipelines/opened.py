"""Open an archive for reading alone, after a look at whether it is one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipelines.connect import connected
from pipelines.errors import NotAnArchive, SchemaNewer, SchemaOlder, in_plain_words
from pipelines.migrations import SCHEMA, STEPS


@contextmanager
def opened(archive: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection whose rows can be asked by name; what SQLite says of the file is a StoreError that names it.

    Raises FileNotFoundError where there is no file, NotAnArchive where it is no archive of ours, SchemaNewer or
    SchemaOlder where another release made it.
    """
    if not archive.is_file():
        raise FileNotFoundError(2, "no such archive", str(archive))
    with in_plain_words(archive), closing(connected(archive)) as database:
        database.row_factory = sqlite3.Row
        names = {row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if SCHEMA.migrations_table not in names or "articles" not in names:
            raise NotAnArchive(f"{archive}: this database is not an archive; name another file, or build one")
        sql = f"SELECT name FROM {SCHEMA.migrations_table} WHERE migration_set = ?"  # noqa: S608  (a constant)
        steps = {row["name"] for row in database.execute(sql, [SCHEMA.name])}
        if steps - set(STEPS):
            raise SchemaNewer(f"{archive}: made by a newer release; update this program, or build the archive again")
        if set(STEPS) - steps:
            raise SchemaOlder(f"{archive}: made by an older release; `fangzhi build` brings it up to date")
        yield database
