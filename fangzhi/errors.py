"""Turn an error that a person can mend into one line and an exit code."""

import errno
import sqlite3
from dataclasses import dataclass

from browse.asking import BadSearch
from crawler.active import CapturesGone
from crawler.bring import ImportRefused
from crawler.hold import FrontierBusy
from crawler.outlet import OutletError
from crawler.reader import WarcError
from crawler.schema import SchemaError
from crawler.withdrawal import JournalError
from fangzhi.backup import BackupBusy
from fangzhi.backup.manifest import NotABackup
from fangzhi.cluster import ClusterError
from fangzhi.searching import SearchRefused
from fangzhi.withdrawing import NotHeld
from pipelines.errors import NotAnArchive, SchemaNewer, SchemaOlder, StoreDamaged, StoreError, StoreFull, StoreLocked


class PortTaken(OSError):  # noqa: N818  (a state, not a failure)
    """A port cannot be listened on; the message names it and the option to choose another."""


class NothingFound(ValueError):  # noqa: N818  (a verdict on a site)
    """A site does not answer, or holds nothing that could be crawled; the message says which."""


# errors of ours that say themselves what is wrong and what to do; the first row whose type fits decides
CODES: tuple[tuple[type[Exception], int], ...] = (
    (OutletError, 3),
    (WarcError, 4),
    (ImportRefused, 4),
    (NotABackup, 4),
    (NothingFound, 4),
    (NotHeld, 4),
    (JournalError, 4),
    (PortTaken, 8),
    (BadSearch, 2),
    (SearchRefused, 2),
    (StoreLocked, 5),
    (FrontierBusy, 5),
    (BackupBusy, 5),
    (SchemaNewer, 6),
    (SchemaOlder, 6),
    (StoreDamaged, 6),
    (NotAnArchive, 6),
    (SchemaError, 6),
    (StoreFull, 7),
    (StoreError, 9),
    (CapturesGone, 9),
    (ClusterError, 11),
)
# what SQLite says of crawl.db: beginning of the error's name, code, words
DATABASE: tuple[tuple[str, int, str], ...] = (
    ("SQLITE_BUSY", 5, "the database is locked by another program: wait for it or stop it, then run again"),
    ("SQLITE_LOCKED", 5, "the database is locked by another program: wait for it or stop it, then run again"),
    ("SQLITE_NOTADB", 6, "not an SQLite database: name another file"),
    ("SQLITE_CORRUPT", 6, "the database is damaged: restore it from a backup, or name another file"),
    ("SQLITE_FULL", 7, "the disk is full: free some space and run the same command again"),
    ("SQLITE_CANTOPEN", 9, "the database cannot be opened: check the folder and its permissions"),
    ("SQLITE_READONLY", 9, "the database cannot be written: check its permissions"),
    ("SQLITE_IOERR", 9, "the disk failed to read or write: check it, then run again"),
)
STORAGE = frozenset({"aiobotocore", "botocore"})  # the packages whose errors come from the extra `s3`
MENDS = {
    errno.ENOSPC: (7, "the disk is full: free some space and run the same command again"),
    errno.EDQUOT: (7, "the disk quota is used up: free some space and run the same command again"),
    errno.EADDRINUSE: (8, "the port is taken: stop the program that holds it, or choose another with --port"),
    errno.EADDRNOTAVAIL: (8, "no network interface here has that address: choose another with --host"),
    errno.EACCES: (9, "permission denied: choose another place, or change who may write there"),
    errno.EROFS: (9, "the file system is read-only: choose another place"),
    errno.ENOENT: (
        4,
        "no such file or folder: check the path; `fangzhi crawl`, `add` or `demo` makes what is not there yet",
    ),
    errno.EEXIST: (9, "something is there already: name another place, or remove that"),
    errno.EISDIR: (4, "that is a folder; a file is needed"),
    errno.ENOTDIR: (4, "a file stands where a folder is needed"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """What to print (one line, without prefix) and the exit code."""

    code: int
    line: str


def explain(error: Exception) -> Cause | None:
    """Return the line and the code for an expected error, None for a bug."""
    for kind, code in CODES:
        if isinstance(error, kind):
            return Cause(code, str(error))
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        file = getattr(error, "filename", None)
        return next(
            (
                Cause(code, f"{file}: {words}" if file else words)
                for beginning, code, words in DATABASE
                if name.startswith(beginning)
            ),
            None,
        )
    if type(error).__module__.partition(".")[0] in STORAGE:
        return Cause(11, f"shared storage fails: {error}; check its address and keys, then run the same command again")
    if isinstance(error, OSError) and error.errno in MENDS:
        code, mend = MENDS[error.errno]
        return Cause(code, f"{error.filename}: {mend}" if error.filename else mend)
    return None
