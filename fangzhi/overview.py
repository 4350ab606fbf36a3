"""Ask both databases what happened, per outlet: what a person wants to know in the morning."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.rhythm import WORDS, Trouble
from crawler.schema import SchemaError, naming
from pipelines.opened import connected, opened

EDITIONS_SHOWN = 31  # missing days named per e-paper


@dataclass(slots=True, kw_only=True)
class OutletStatus:
    """What is known of one outlet. Times are UTC, to the second; None where it never happened."""

    outlet: str
    last_success: str | None = None
    last_new: str | None = None
    captured: int = 0
    articles: int = 0
    changed: int = 0
    gone: int = 0
    queued: int = 0
    sources: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, str]] = field(default_factory=list)
    troubles: dict[str, int] = field(default_factory=dict)
    missing_editions: list[str] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    skips: dict[str, int] = field(default_factory=dict)


def overview(crawl_db: Path, archive: Path) -> dict[str, Any]:
    """Return what both databases know; a database that is not there contributes nothing."""
    outlets: dict[str, OutletStatus] = {}
    runs: list[dict[str, Any]] = []
    if crawl_db.is_file():
        with remembered(crawl_db) as database:
            runs = last_runs(database)
            ask_crawl(database, outlets)
    if archive.is_file():
        with opened(archive) as database:
            ask_archive(database, outlets)
    return {"runs": runs, "outlets": [outlets[slug] for slug in sorted(outlets)]}


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


def ask_crawl(database: sqlite3.Connection, outlets: dict[str, OutletStatus]) -> None:
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
        failures = row["failures"]
        health = "never polled" if row["last_ok"] is None and row["type"] != "epaper" else "well"
        if failures:
            health = f"failed {failures} times in a row: {row['error']}"
        of(row["outlet"]).sources.append(
            {
                "type": row["type"],
                "url": row["url"],
                "health": health,
                "last_ok": stamp(row["last_ok"]),
                "last_new": stamp(row["last_fresh"]),
                "every_minutes": round(row["interval"] / 60),
            }
        )
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


def words_of(trouble: str | None) -> str:
    """Return a trouble in plain words; an unknown one as it is."""
    return WORDS[Trouble(trouble)] if trouble in set(Trouble) else (trouble or "unknown")


def ask_archive(database: sqlite3.Connection, outlets: dict[str, OutletStatus]) -> None:
    """Fill in what the archive knows."""

    def of(slug: str | None) -> OutletStatus:
        return outlets.setdefault(slug or "", OutletStatus(outlet=slug or ""))

    for row in database.execute("SELECT outlet, status, count(*) AS n FROM articles GROUP BY outlet, status"):
        one = of(row["outlet"])
        one.articles += row["n"]
        one.changed += row["n"] if row["status"] == "changed" else 0
        one.gone += row["n"] if row["status"] == "gone" else 0
    for row in database.execute(
        """SELECT c.outlet, s.reason, count(*) AS n FROM skips s JOIN captures c ON c.id = s.capture
        GROUP BY c.outlet, s.reason"""
    ):
        of(row["outlet"]).skips[row["reason"]] = row["n"]
    for row in database.execute(
        "SELECT outlet, day, expected, obtained FROM coverage WHERE obtained < expected ORDER BY day DESC"
    ):
        gap = {"day": row["day"], "expected": row["expected"], "obtained": row["obtained"]}
        of(row["outlet"]).gaps.append(gap)


def as_json(found: dict[str, Any]) -> str:
    """Return an overview as JSON, the same names as in the code."""
    outlets = [{name: getattr(one, name) for name in OutletStatus.__slots__} for one in found["outlets"]]
    return json.dumps({"runs": found["runs"], "outlets": outlets}, ensure_ascii=False, indent=2)
