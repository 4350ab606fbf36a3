"""The search index stays small: at most two bytes for each byte of title and text, UTF-8."""

import importlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.query import query

HERE = Path(__file__).parent
ARTICLES = 500
TEXT = "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"
INDEX = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'articles_fts%'"


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """An archive of generated articles with the word frequencies of the demonstration's texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FANGZHI_SHARED", raising=False)
        patch.syspath_prepend(HERE.parent / "benchmarks")
        path = tmp_path_factory.mktemp("size") / "archive.db"
        importlib.import_module("archives").fill(path, ARTICLES)
    return path


def test_the_index_takes_no_more_than_twice_the_text(filled):
    with closing(sqlite3.connect(filled)) as db:
        (text,), (index,) = db.execute(TEXT).fetchone(), db.execute(INDEX).fetchone()

    assert 0 < index < 2 * text


@pytest.mark.parametrize("column", ["title", "text"])
def test_what_stands_in_each_column_is_found_in_that_column(filled, column):
    with closing(sqlite3.connect(filled)) as db:
        key, words = db.execute(f"SELECT key, substr({column}, 1, 6) FROM articles ORDER BY id LIMIT 1").fetchone()
        found = db.execute(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [f"{column} : ({query(words)})"]
        ).fetchall()

    assert (key,) in found
