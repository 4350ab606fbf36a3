"""Ask crawl.db: what was fetched, what waits, what failed and why."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.rhythm import WORDS, Trouble
from crawler.schema import SchemaError, naming
from fangzhi.status.records import OutletStatus
from pipelines.connect import connected


@contextmanager
def remembered(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a crawl's memory for reading alone; raise SchemaError, which names it, where it is none."""
    with naming(path):
        database = connected(path)
    database.row_factory = sqlite3.Row
    try:
        try:
            known = {row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.OperationalError:
            raise  # locked, or cannot be read
        except sqlite3.DatabaseError as error:
            raise SchemaError(f"{path}: {error}; choose another path") from None
        if not known >= {"urls", "sources", "runs"}:
            raise SchemaError(f"{path}: this database is not a crawl's memory; choose another path")
        yield database
    finally:
        database.close()


def is_held(path: Path) -> bool:
    """Say whether a crawl has this memory in hand at the moment."""
    try:
        with path.with_name(path.name + ".lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def stamp(seconds: float | None) -> str | None:
    """Return a time in UTC as people write it, None for none.

    >>> stamp(1767225600.5)
    '2026-01-01T00:00:00Z'
    """
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def last_runs(database: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return the last five crawls, newest first; one that never ended was killed, or is running."""
    rows = database.execute("SELECT id, started, ended, outcome FROM runs ORDER BY id DESC LIMIT 5")
    return [
        {"id": row["id"], "started": stamp(row["started"]), "ended": stamp(row["ended"]), "outcome": row["outcome"]}
        for row in rows
    ]


def last_looks(database: sqlite3.Connection) -> dict[str, float]:
    """Return when (seconds since 1970) a crawl last took up each outlet, whether or not anything answered."""
    rows = database.execute(
        """SELECT named.value AS outlet, max(coalesce(ended, started)) AS at
        FROM runs, json_each(runs.settings, '$.outlets') AS named
        WHERE runs.id > (SELECT max(id) - 200 FROM runs) GROUP BY named.value"""
    )
    return {row["outlet"]: float(row["at"]) for row in rows}


def ask_crawl(database: sqlite3.Connection, outlets: dict[str | None, OutletStatus]) -> None:
    """Fill in what the crawl's memory knows."""

    def of(slug: str) -> OutletStatus:
        return outlets.setdefault(slug, OutletStatus(outlet=slug))

    for row in database.execute(
        """SELECT outlet, max(fetched_at) AS last, sum(fetched_at IS NOT NULL AND kind IN ('article', 'asset')) AS got,
        max(CASE WHEN kind IN ('article', 'asset') THEN coalesce(changed_at, fetched_at) END) AS new,
        sum(fetched_at IS NULL AND state != 'quarantine' AND due IS NOT NULL) AS queued FROM urls GROUP BY outlet"""
    ):
        one = of(row["outlet"])
        one.last_success, one.last_new = stamp(row["last"]), stamp(row["new"])
        one.captured, one.queued = row["got"] or 0, row["queued"] or 0
    for row in database.execute("SELECT * FROM sources ORDER BY outlet, id"):
        if not dict(row).get("retired"):  # a column that crawls of older releases do not have
            of(row["outlet"]).sources.append(_source(row))
    for row in database.execute(
        "SELECT outlet, error, count(*) AS n FROM urls WHERE error IS NOT NULL GROUP BY outlet, error"
    ):
        of(row["outlet"]).troubles[row["error"]] = row["n"]
    for row in database.execute("SELECT outlet, url, error, detail FROM urls WHERE state = 'quarantine' ORDER BY id"):
        of(row["outlet"]).quarantine.append(
            {"url": row["url"], "reason": words_of(row["error"]), "detail": row["detail"] or ""}
        )
    for row in database.execute("SELECT outlet, day FROM editions WHERE state = 'missing' ORDER BY day DESC"):
        of(row["outlet"]).missing_editions.append(row["day"])


def _source(row: sqlite3.Row) -> dict[str, Any]:
    failures = row["failures"]
    health = "never polled" if row["last_ok"] is None and row["type"] != "epaper" else "well"
    if failures:
        health = f"failed {failures} {'time' if failures == 1 else 'times in a row'}: {row['error']}"
    return {
        "type": row["type"],
        "url": row["url"],
        "health": health,
        "failures": failures,
        "last_ok": stamp(row["last_ok"]),
        "last_new": stamp(row["last_fresh"]),
        "every_minutes": round(row["interval"] / 60),
    }


def words_of(trouble: str | None) -> str:
    """Return a trouble in plain words; an unknown one as it is."""
    return WORDS[Trouble(trouble)] if trouble in set(Trouble) else (trouble or "unknown")
