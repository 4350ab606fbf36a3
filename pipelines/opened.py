"""Open an archive for reading alone, after a look at whether it is one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipelines.errors import NotAnArchive, SchemaNewer, in_plain_words
from pipelines.migrations import SCHEMA, STEPS

WAIT = 30.0  # seconds for a writer to let go


@contextmanager
def opened(archive: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection whose rows can be asked by name; what SQLite says of the file is a StoreError that names it.

    Raises FileNotFoundError where there is no file, NotAnArchive where it is no archive of ours, SchemaNewer where a
    newer release made it.
    """
    if not archive.is_file():
        raise FileNotFoundError(2, "no such archive", str(archive))
    address = f"{archive.resolve().as_uri()}?mode=ro"
    with in_plain_words(archive), closing(sqlite3.connect(address, uri=True, timeout=WAIT)) as database:
        database.row_factory = sqlite3.Row
        names = {row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if SCHEMA.migrations_table not in names or "articles" not in names:
            raise NotAnArchive(f"{archive}: this database is not an archive; name another file, or build one")
        sql = f"SELECT name FROM {SCHEMA.migrations_table} WHERE migration_set = ?"  # noqa: S608  (a constant)
        if {row["name"] for row in database.execute(sql, [SCHEMA.name])} - set(STEPS):
            raise SchemaNewer(f"{archive}: made by a newer release; update this program, or build the archive again")
        yield database
