"""Lend a part of the crawl's memory to another process, and take it back with what was learnt.

A shard is a crawl.db with the rows of some outlets. Whoever lends holds the whole one meanwhile, so that no address is
in two hands; a shard whose borrower died is taken back as it stands, its leases expire as any do.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from crawler.frontier import Frontier
from crawler.outlet import Outlet

OWNED = ("sources", "urls", "editions")  # tables whose rows belong to an outlet
COMMON = ("runs", "hosts", "withdrawals", "never")  # what every crawl has to know
LOAN = "CREATE TABLE loan (last_run INTEGER NOT NULL)"


def groups(outlets: Iterable[Outlet]) -> list[list[Outlet]]:
    """Return outlets in groups that share no host: a host belongs to one crawl, which alone knows when to ask it."""
    found: list[tuple[set[str], list[Outlet]]] = []
    for outlet in outlets:
        hosts, members = set(outlet.all_hosts), [outlet]
        for other in [one for one in found if one[0] & hosts]:
            found.remove(other)
            hosts |= other[0]
            members = other[1] + members
        found.append((hosts, members))
    return [members for _, members in found]


def lend(crawl_db: Path, shard: Path, slugs: Sequence[str]) -> None:
    """Make a shard with all that is known of some outlets. The caller holds crawl_db."""
    with _both(crawl_db, shard) as database:
        marks = ", ".join("?" * len(slugs))
        for table in OWNED:
            database.execute(f"INSERT INTO {table} SELECT * FROM home.{table} WHERE outlet IN ({marks})", slugs)  # noqa: S608  (names from here)
        for table in COMMON:
            database.execute(f"INSERT INTO {table} SELECT * FROM home.{table}")  # noqa: S608  (names from here)
        database.execute(LOAN)
        database.execute("INSERT INTO loan SELECT coalesce(max(id), 0) FROM runs")


def take_back(crawl_db: Path, shard: Path) -> None:
    """Put what a shard holds in the place of what was lent, at once. The caller holds crawl_db.

    Raises FrontierBusy where the borrower lives.
    """
    with _both(crawl_db, shard) as database:
        (last,) = database.execute("SELECT last_run FROM loan").fetchone()
        database.execute("CREATE TEMP TABLE moved (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
        for (run,) in database.execute("SELECT id FROM runs WHERE id > ? ORDER BY id", [last]).fetchall():
            number = _copy(database, "runs", "id", "WHERE id = ?", [run])
            database.execute("INSERT INTO moved VALUES (?, ?)", [run, number])
        sources = _columns(database, "sources")
        renewed = ", ".join(f"{name} = excluded.{name}" for name in sources if name != "id")
        _copy(database, "sources", "id", "WHERE true", more=f"ON CONFLICT (outlet, type, url) DO UPDATE SET {renewed}")
        same = "SELECT h.id FROM home.sources h JOIN sources s USING (outlet, type, url) WHERE s.id = source"
        database.execute("DELETE FROM home.urls WHERE outlet IN (SELECT DISTINCT outlet FROM main.urls)")
        runs = {
            name: f"coalesce((SELECT new FROM moved WHERE old = {name}), {name})"  # noqa: S608  (names from the schema)
            for name in _columns(database, "urls")
            if name.endswith("run")
        }
        known = "ON CONFLICT (url) DO NOTHING"  # to another outlet, whose it stays
        _copy(database, "urls", "id", "WHERE true ORDER BY id", more=known, source=f"({same})", **runs)
        _copy(database, "editions", "", "", verb="INSERT OR REPLACE", source=f"({same})")
        _copy(database, "hosts", "", "WHERE host IN (SELECT host FROM urls)", verb="INSERT OR REPLACE")


def _copy(  # noqa: PLR0913  (the parts of one statement)
    database: sqlite3.Connection,
    table: str,
    left_out: str,
    which: str,
    values: Sequence[object] = (),
    *,
    verb: str = "INSERT",
    more: str = "",
    **instead: str,
) -> int | None:
    """Copy rows of a table of the shard home, without one column; an expression may stand instead of a column."""
    names = [name for name in _columns(database, table) if name != left_out]
    taken = ", ".join(instead.get(name, name) for name in names)
    sql = f"{verb} INTO home.{table} ({', '.join(names)}) SELECT {taken} FROM main.{table} {which} {more}"  # noqa: S608
    return database.execute(sql, values).lastrowid


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA main.table_info({table})")]


@contextmanager
def _both(crawl_db: Path, shard: Path) -> Iterator[sqlite3.Connection]:
    """Hold a shard, with crawl_db beside it, for one transaction; raise FrontierBusy where somebody crawls with it."""
    with Frontier(shard) as frontier:
        database = frontier.database
        database.execute("ATTACH ? AS home", [str(crawl_db)])
        database.execute("BEGIN IMMEDIATE")
        yield database
        database.execute("COMMIT")
