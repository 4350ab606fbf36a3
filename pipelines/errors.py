"""Name what can go wrong with an archive, and say it so that a person knows what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(ValueError):
    """The archive cannot be used; the message says which file, why, and what to do."""


class StoreLocked(StoreError):  # noqa: N818  (named after the cause)
    """Another program is writing to the archive and did not finish within the wait."""


class StoreFull(StoreError):  # noqa: N818  (named after the cause)
    """No room is left on the disk; what was stored before is whole."""


class SchemaNewer(StoreError):  # noqa: N818  (named after the cause)
    """The archive was made by a newer release than this one."""


class SchemaOlder(StoreError):  # noqa: N818  (named after the cause)
    """The archive was made by an older release, and is not to be written to here."""


class StoreDamaged(StoreError):  # noqa: N818  (named after the cause)
    """The file was cut short or altered."""


class NotAnArchive(StoreError):  # noqa: N818  (named after the cause)
    """The file is no archive of ours: no database at all, or somebody else's."""


@contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says about a file into a StoreError; other errors, which are bugs, pass."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        for beginning, kind, words in PLAIN:
            if name.startswith(beginning):
                raise kind(f"{path}: {words}") from error
        raise


# the beginning of SQLite's name for the error, ours, the words
PLAIN: tuple[tuple[str, type[StoreError], str], ...] = (
    ("SQLITE_BUSY", StoreLocked, "another program is writing to this archive; try again when it has finished"),
    ("SQLITE_LOCKED", StoreLocked, "another program is writing to this archive; try again when it has finished"),
    ("SQLITE_FULL", StoreFull, "the disk is full; make room and build again, what is stored stays readable"),
    ("SQLITE_NOTADB", NotAnArchive, "this is not an SQLite database; name another file"),
    ("SQLITE_CORRUPT", StoreDamaged, "the file is damaged; delete it and build again, the WARC files hold everything"),
    ("SQLITE_CANTOPEN", StoreError, "the file cannot be opened; check the folder and its permissions"),
    ("SQLITE_READONLY", StoreError, "the file cannot be written; check its permissions"),
    ("SQLITE_IOERR", StoreError, "the disk failed to read or write; check it, then build again"),
)
