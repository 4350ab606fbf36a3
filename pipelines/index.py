"""Keep the search index in step with the articles and with the files that they link to."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from pipelines.segment import cut
from pipelines.table import Row, dicts

BATCH = 500  # articles that are made findable at once
ATTACHED = """SELECT a.article, f.text FROM attachments a JOIN files f ON f.page = a.page
    WHERE a.article IN (SELECT value FROM json_each(?)) ORDER BY a.article, a.n"""


def index(
    db: sqlite3.Connection,
    rows: Iterable[tuple[Row, tuple[str, str] | None]],
    attached: Mapping[str, str],
) -> None:
    """Make articles findable; beside each stand its terms (title, text) where they are cut already.

    `attached` is the text of their files, by article.
    """
    db.executemany(
        "INSERT INTO articles_fts(rowid, title, text, attachments) VALUES (?, ?, ?, ?)",
        (
            (
                row["key"],
                *(terms or (cut(row["title"] or ""), cut(row["text"]))),
                cut(attached.get(row["id"], "")),
            )
            for row, terms in rows
        ),
    )


def unindex(db: sqlite3.Connection, rows: Iterable[Any], attached: Mapping[str, str]) -> None:
    """Forget articles: a contentless index needs the very terms that it was given, hence the rows as they were."""
    db.executemany(
        "INSERT INTO articles_fts(articles_fts, rowid, title, text, attachments) VALUES ('delete', ?, ?, ?, ?)",
        ((row["key"], cut(row["title"] or ""), cut(row["text"]), cut(attached.get(row["id"], ""))) for row in rows),
    )


def reindex(db: sqlite3.Connection) -> None:
    """Cut every article anew."""
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
    articles = dicts(db, "SELECT key, id, title, text FROM articles ORDER BY key")
    while batch := [dict(row) for row in islice(articles, BATCH)]:
        index(db, ((row, None) for row in batch), attached_texts(db, (row["id"] for row in batch)))


def attached_texts(db: sqlite3.Connection, articles: Iterable[str]) -> dict[str, str]:
    """Return what the files of some articles say, in order of the page, by article."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for article, text in db.execute(ATTACHED, [json.dumps(sorted(articles))]):
        texts[article].append(text)
    return {article: "\n".join(parts) for article, parts in texts.items()}
