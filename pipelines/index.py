"""Keep the search index in step with the articles."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from pipelines.segment import cut
from pipelines.table import Row, dicts


def index(db: sqlite3.Connection, rows: Iterable[tuple[Row, tuple[str, str] | None]]) -> None:
    """Make articles findable; beside each stand its terms (title, text) where they are cut already."""
    db.executemany(
        "INSERT INTO articles_fts(rowid, title, text) VALUES (?, ?, ?)",
        ((row["key"], *(terms or (cut(row["title"] or ""), cut(row["text"])))) for row, terms in rows),
    )


def unindex(db: sqlite3.Connection, rows: Iterable[Any]) -> None:
    """Forget articles: a contentless index needs the very terms that it was given, hence the rows as they were."""
    db.executemany(
        "INSERT INTO articles_fts(articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        ((row["key"], cut(row["title"] or ""), cut(row["text"])) for row in rows),
    )


def reindex(db: sqlite3.Connection) -> None:
    """Cut every article anew."""
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
    index(db, ((dict(row), None) for row in dicts(db, "SELECT key, title, text FROM articles ORDER BY key")))
