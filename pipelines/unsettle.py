"""Take articles out of the archive with all that hangs on them, and what settling shares with that."""

import json
import sqlite3
from collections.abc import Container, Iterable, Mapping
from typing import Any

from pipelines.index import attached_texts, index, unindex
from pipelines.keys import DAY, assign_keys, base_key
from pipelines.reprints import Change
from pipelines.table import dicts
from pipelines.unit import HUNG

AROUND = "SELECT * FROM articles WHERE key BETWEEN ? AND ?"
# all pages that redirects tie to some, in either direction
NEAR = """WITH RECURSIVE near(page) AS (
        SELECT value FROM json_each(?)
        UNION SELECT c.leads_to FROM near JOIN captures c ON c.page = near.page WHERE c.leads_to IS NOT NULL
        UNION SELECT c.page FROM near JOIN captures c ON c.leads_to = near.page)
    SELECT page FROM near ORDER BY page"""
READ = (*HUNG, "pages")  # what hangs on the present reading of an article
TOLD = ("versions", "edits", "absences", "aliases", "page_readings")  # what all looks at it say


def near(db: sqlite3.Connection, pages: Iterable[str]) -> list[str]:
    """Return some pages with all those that redirects tie to them."""
    return [page for (page,) in db.execute(NEAR, [json.dumps(sorted(set(pages)))])]


def linking(db: sqlite3.Connection, files: Iterable[str]) -> set[str]:
    """Return the articles that link to some files, given by the ids of their addresses."""
    sql = "SELECT DISTINCT article FROM attachments WHERE page IN (SELECT value FROM json_each(?))"
    return {article for (article,) in db.execute(sql, [json.dumps(sorted(files))])}


def articles(db: sqlite3.Connection, these: str) -> dict[str, sqlite3.Row]:
    """Return the rows of some articles (a JSON array of ids) by id."""
    rows = dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [these])
    return {row["id"]: row for row in rows}


def unsettle(db: sqlite3.Connection, pages: Iterable[str]) -> dict[str, Change]:
    """Take out some pages and those that redirects tie to them; return what became of each article's text."""
    names = near(db, pages)
    these = json.dumps(names)
    out = articles(db, these)
    attached = attached_texts(db, out)
    take_files(db, names, out)
    captures = "SELECT id FROM captures WHERE page IN (SELECT value FROM json_each(?))"
    for table in ("skips", "failures", "masks"):
        db.execute(f"DELETE FROM {table} WHERE capture IN ({captures})", [these])  # noqa: S608  (constants)
    db.execute("DELETE FROM captures WHERE page IN (SELECT value FROM json_each(?))", [these])
    take_out(db, out, attached)
    close_up(db, out.values())
    return {name: Change(row["text"], None) for name, row in out.items()}


def take_files(db: sqlite3.Connection, names: Iterable[str], out: Container[str] = ()) -> None:
    """Forget what some files say; articles that link to them are found by it no more, those `out` are looked after."""
    names = list(names)
    others = json.dumps(sorted(name for name in linking(db, names) if name not in out))
    bereft = articles(db, others)
    unindex(db, bereft.values(), attached_texts(db, bereft))
    db.execute("DELETE FROM files WHERE page IN (SELECT value FROM json_each(?))", [json.dumps(names)])
    index(db, [(dict(row), None) for row in bereft.values()], attached_texts(db, bereft))


def take_out(db: sqlite3.Connection, articles: Mapping[str, sqlite3.Row], attached: Mapping[str, str]) -> None:
    """Delete some articles with all that hangs on them; `attached` is what the index has of their files."""
    if not articles:
        return
    these = json.dumps(sorted(articles))
    unindex(db, list(articles.values()), attached)
    for table in (*READ, *TOLD, "reprints"):
        db.execute(f"DELETE FROM {table} WHERE article IN (SELECT value FROM json_each(?))", [these])  # noqa: S608
    db.execute("DELETE FROM articles WHERE id IN (SELECT value FROM json_each(?))", [these])


def close_up(db: sqlite3.Connection, gone: Iterable[sqlite3.Row]) -> None:
    """Let articles have the keys that they want, where those who held them were taken out."""
    days = sorted({row["key"] // DAY for row in gone})
    rows = (row for day in days for row in dicts(db, AROUND, [day * DAY, (day + 2) * DAY]))
    keys = assign_keys(db, {row["id"]: wanted_key(row) for row in rows if row["key"] != wanted_key(row)})
    these = dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(sorted(keys))])
    moved = [row for row in these if row["key"] != keys[row["id"]]]
    attached = attached_texts(db, (row["id"] for row in moved))
    unindex(db, moved, attached)
    db.executemany("UPDATE articles SET key = -key WHERE id = ?", [(row["id"],) for row in moved])
    db.executemany("UPDATE articles SET key = ? WHERE id = ?", [(keys[row["id"]], row["id"]) for row in moved])
    index(db, [({**dict(row), "key": keys[row["id"]]}, None) for row in moved], attached)


def wanted_key(row: Any) -> int:
    """Return the key that an article wants by its own row."""
    return base_key(row["id"], row["published_at"], row["date_precision"], row["first_seen"])
