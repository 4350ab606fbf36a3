"""Keep in crawl.db what people withdrew: what is never to be fetched again, and no reference to purged bytes."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from crawler.schema import migrate, naming
from crawler.withdrawal import Level, Withdrawal, read_journal, standing, write_journal

WAIT = 30.0  # seconds for a crawl to let go of a row
LISTS = ("addresses", "pages")  # JSON arrays
DECISIONS = "SELECT at, article, level, url, by, reason, until, addresses, pages, part_of FROM withdrawals"


def bare(url: str) -> str:
    """Return an address without its scheme: what is withdrawn is so over http and https alike.

    >>> bare("https://a.example/1.html")
    'a.example/1.html'
    """
    return url.partition("://")[2] or url


def agree(captures: Path, crawl_db: Path) -> list[Withdrawal]:
    """Let the journal and crawl.db hold the same decisions, and return them in order of time.

    What one of them lost the other gives back; a crawl.db that is not there holds none. Raises JournalError,
    SchemaError and sqlite3.Error.
    """
    known = read_journal(captures)
    if not crawl_db.is_file():
        return known
    with naming(crawl_db), closing(_opened(crawl_db)) as database:
        migrate(database, str(crawl_db))
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute(DECISIONS)]
        held = {Withdrawal.from_row(row | {name: json.loads(row[name]) for name in LISTS}) for row in rows}
        everything = sorted(held.union(known))
        if missing := sorted(held.difference(known)):
            write_journal(captures, missing)
        if len(everything) > len(held):
            _note(database, everything)
    return everything


def forget(crawl_db: Path, places: Collection[tuple[str, int]]) -> None:
    """Let no address refer any longer to records (file, offset) that were purged: it is fetched anew, in full."""
    if not crawl_db.is_file():
        return
    with naming(crawl_db), closing(_opened(crawl_db)) as database, database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            """UPDATE urls SET etag = NULL, last_modified = NULL, warc_file = NULL, warc_offset = NULL,
            record_id = NULL, warc_date = NULL, digest = NULL WHERE warc_file = ? AND warc_offset = ?""",
            sorted(places),
        )


def _note(database: sqlite3.Connection, decisions: Sequence[Withdrawal]) -> None:
    """Write all decisions, and strike from the frontier what is never to be fetched."""
    banned = [address for one in standing(decisions).values() if one.level is Level.NEVER for address in one.addresses]
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            """INSERT OR IGNORE INTO withdrawals (at, article, level, url, by, reason, until, addresses, pages, part_of)
            VALUES (:at, :article, :level, :url, :by, :reason, :until, :addresses, :pages, :part_of)""",
            [one.row() | {name: json.dumps(one.row()[name]) for name in LISTS} for one in decisions],
        )
        database.execute("DELETE FROM never")
        database.executemany("INSERT OR IGNORE INTO never VALUES (?)", [(address,) for address in banned])
        database.execute("DELETE FROM urls WHERE substr(url, instr(url, '://') + 3) IN (SELECT address FROM never)")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=WAIT, isolation_level=None)
