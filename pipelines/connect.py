"""Connect to a SQLite file for reading alone, wherever it lies."""

import sqlite3
from pathlib import Path

WAIT = 30.0  # seconds for a writer to let go
UNWRITABLE = frozenset({"SQLITE_CANTOPEN", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_CANTINIT"})


def connected(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads, also where the medium itself can only be read.

    There SQLite cannot make the two files that it keeps beside a database with a log; nobody else can write either.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    database = sqlite3.connect(address, uri=True, timeout=WAIT)
    try:
        database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        database.close()
        log = path.with_name(f"{path.name}-wal")
        if error.sqlite_errorname not in UNWRITABLE or (log.exists() and log.stat().st_size):
            raise
        return sqlite3.connect(f"{address}&immutable=1", uri=True)
    except sqlite3.DatabaseError:
        pass  # whoever asks next is told the same
    return database
