"""The tables of crawl.db, as steps that are applied once each, in order."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STEPS = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        started REAL NOT NULL,              -- all times here: seconds since 1970, UTC
        ended REAL,                         -- NULL: it runs, or it was killed
        outcome TEXT,                       -- finished, limit, interrupted, failed
        settings TEXT NOT NULL DEFAULT '{}',
        counts TEXT NOT NULL DEFAULT '{}'
    );
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY,
        outlet TEXT NOT NULL,
        type TEXT NOT NULL,                 -- feed, sitemap, column, epaper
        url TEXT NOT NULL,
        interval REAL NOT NULL,             -- seconds between two polls, learnt from what polls yield
        polls INTEGER NOT NULL DEFAULT 0,
        seen INTEGER NOT NULL DEFAULT 0,    -- article addresses on the last poll
        fresh INTEGER NOT NULL DEFAULT 0,   -- of those, not known before
        last_ok REAL,
        last_fresh REAL,
        failures INTEGER NOT NULL DEFAULT 0,  -- in a row
        error TEXT,
        UNIQUE (outlet, type, url)
    );
    CREATE TABLE urls (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        outlet TEXT NOT NULL,
        host TEXT NOT NULL,                 -- with its port, where it has one
        kind TEXT NOT NULL,                 -- feed, sitemap, column, edition, article, asset
        source INTEGER REFERENCES sources (id),
        via TEXT,                           -- the address it was found on
        page INTEGER NOT NULL DEFAULT 1,    -- of a list; depth, of a sitemap
        hops INTEGER NOT NULL DEFAULT 0,    -- redirects that led here
        priority INTEGER NOT NULL,
        day TEXT NOT NULL DEFAULT '',       -- ISO day of publication, where address or list tells it
        state TEXT NOT NULL DEFAULT 'waiting',  -- waiting, leased, quarantine
        due REAL,                           -- NULL: not to be fetched again
        lease_until REAL,
        lease_run INTEGER,
        tries INTEGER NOT NULL DEFAULT 0,   -- failures in a row
        error TEXT,
        detail TEXT,
        found_at REAL NOT NULL,
        fetched_at REAL,
        changed_at REAL,
        unchanged INTEGER NOT NULL DEFAULT 0,  -- looks in a row that found the same bytes
        status INTEGER,
        verdict TEXT,
        etag TEXT,
        last_modified TEXT,
        warc_file TEXT,
        warc_offset INTEGER,
        record_id TEXT,
        warc_date TEXT,
        digest TEXT
    );
    CREATE INDEX urls_to_lease ON urls (host, state, priority DESC, day DESC, id);
    CREATE INDEX urls_by_outlet ON urls (outlet, kind, day);
    CREATE INDEX urls_by_state ON urls (state, due);
    CREATE TABLE hosts (
        host TEXT PRIMARY KEY,
        crawl_delay REAL,                   -- seconds, as robots.txt asks
        robots_status INTEGER,
        robots_at REAL,
        cool_until REAL,
        cool_reason TEXT
    );
    CREATE TABLE editions (
        outlet TEXT NOT NULL,
        source INTEGER NOT NULL REFERENCES sources (id),
        day TEXT NOT NULL,
        state TEXT NOT NULL,                -- expected, obtained, missing
        pages INTEGER NOT NULL DEFAULT 0,
        articles INTEGER NOT NULL DEFAULT 0,
        checked_at REAL,
        PRIMARY KEY (source, day)
    );
    """,
    """
    ALTER TABLE hosts ADD COLUMN lies TEXT;  -- why its ETag and Last-Modified are no longer believed
    """,
    """
    ALTER TABLE urls ADD COLUMN asked_at REAL;  -- of the last try; fetched_at is that of the last success
    UPDATE urls SET asked_at = fetched_at;
    """,
    # what people withdrew, as the journal beside the captures has it; triggers, so that no way leads round it
    """
    CREATE TABLE withdrawals (
        at TEXT NOT NULL, article TEXT NOT NULL, level TEXT NOT NULL, url TEXT NOT NULL, by TEXT NOT NULL,
        reason TEXT NOT NULL, until TEXT, addresses TEXT NOT NULL, pages TEXT NOT NULL,
        part_of TEXT, PRIMARY KEY (at, article, level)
    );
    CREATE TABLE never (address TEXT PRIMARY KEY) WITHOUT ROWID;  -- addresses without their scheme
    CREATE TRIGGER never_asked BEFORE INSERT ON urls
        WHEN EXISTS (SELECT 1 FROM never WHERE address = substr(NEW.url, instr(NEW.url, '://') + 3))
        BEGIN SELECT raise(IGNORE); END;
    """,
    """
    ALTER TABLE sources ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;  -- 1: the outlet's file names it no more
    """,
    """
    ALTER TABLE urls ADD COLUMN stored_url TEXT;  -- the address whose record holds the payload, often another
    ALTER TABLE urls ADD COLUMN stored_run INTEGER;  -- the run that wrote that record
    UPDATE urls SET stored_url = url,
        stored_run = (SELECT max(id) FROM runs WHERE started <= coalesce(changed_at, fetched_at))
        WHERE warc_file IS NOT NULL;
    CREATE INDEX urls_by_digest ON urls (digest) WHERE digest IS NOT NULL;
    """,
    """
    ALTER TABLE sources ADD COLUMN reached TEXT;  -- ISO day down to which a column was read page by page
    """,
    # the index of old led past every address that is known and not due yet, on the way to the next that is
    """
    DROP INDEX urls_to_lease;
    CREATE INDEX urls_new ON urls (host, priority DESC, day DESC, id) WHERE state = 'waiting' AND fetched_at IS NULL;
    CREATE INDEX urls_again ON urls (host, priority, due) WHERE state = 'waiting' AND fetched_at IS NOT NULL;
    CREATE INDEX urls_due ON urls (host, due) WHERE state = 'waiting' AND due IS NOT NULL;
    """,
)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let what SQLite says of a database tell which file it is about, as errors of the disk do."""
    try:
        yield
    except sqlite3.Error as error:
        if not hasattr(error, "filename"):
            error.filename = str(path)  # type: ignore[attr-defined]
        raise


class SchemaError(ValueError):
    """A crawl database cannot be used: it is newer than this program, or is none of ours; says which and what to do."""


def migrate(database: sqlite3.Connection, name: str) -> None:
    """Bring a database up to the last step; raise SchemaError where it is newer than that or is none of ours."""
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        raise  # locked, or cannot be read: the system's own words say it best
    except sqlite3.DatabaseError as error:
        raise SchemaError(f"{name}: {error}; choose another path") from None
    if version > len(STEPS):
        raise SchemaError(
            f"{name}: made by a newer fangzhi (schema {version}, known here: {len(STEPS)}); update fangzhi"
        )
    if version == 0 and database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise SchemaError(f"{name}: a database, but no crawl database; choose another path")
    for number, step in enumerate(STEPS[version:], version + 1):
        database.executescript(f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number}; COMMIT;")
