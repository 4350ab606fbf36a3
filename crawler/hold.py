"""Open crawl.db, and hold it against other crawls."""

import fcntl
import sqlite3
from pathlib import Path
from typing import IO

from crawler.schema import migrate


class FrontierBusy(RuntimeError):  # noqa: N818  (a state, not a failure)
    """Another crawl holds this crawl.db; two at once would be rude to the hosts."""


def opened(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Return a connection to crawl.db, made or brought up to date unless it is only read."""
    target = f"{path.resolve().as_uri()}?mode=ro" if read_only else str(path)
    database = sqlite3.connect(target, uri=read_only, timeout=10, isolation_level=None)
    database.row_factory = sqlite3.Row
    if read_only:
        return database
    try:
        migrate(database, str(path))
        database.execute("PRAGMA journal_mode = WAL")
        # a power cut may cost the last acknowledgements, hence a repeated fetch, never the database
        database.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        database.close()
        raise
    return database


def locked(path: Path) -> IO[bytes]:
    """Return the lock on crawl.db, for as long as it is open; raise FrontierBusy where another crawl has it."""
    file = path.with_name(path.name + ".lock").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise FrontierBusy(f"{path}: another crawl is using it; wait for it, or give this one its own file") from None
    return file
