"""The archive's file: its schema, the steps to it, and what is no archive, locked, full or of another release."""

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines import migrations, schemadoc
from pipelines.errors import NotAnArchive, SchemaNewer, StoreError, StoreFull, StoreLocked
from pipelines.migrations import SCHEMA, STEPS
from pipelines.schema import DESCRIPTIONS
from pipelines.store import Store
from tests.outcomes import LONG, archive, read, rows, search


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "archive.db"


def test_every_table_and_column_is_described_and_nothing_else(path):
    Store(path).close()
    tables = rows(
        path, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'articles_fts%'"
    )
    present = {
        table["name"]: {column["name"] for column in rows(path, f"PRAGMA table_info({table['name']})")}
        for table in tables
    }
    del present["_sqlite_migrations"]

    assert present == {name: set(described.columns) for name, described in DESCRIPTIONS.items()}


def test_schema_page_is_what_the_schema_says():
    page = Path(__file__).parents[1] / "docs" / "schema.md"

    assert page.read_text("utf-8") == schemadoc.document()


def test_every_step_of_the_schema_is_registered_and_known_in_order():
    """Two branches that each append a step can be merged into one that lacks a line of either."""
    written = [
        name for name, one in vars(migrations).items() if getattr(one, "__annotations__", {}).get("db") is Database
    ]

    assert tuple(step.name for step in SCHEMA._migrations) == STEPS
    assert tuple(written) == STEPS


def test_locked_archive_is_named_after_a_bounded_wait(path):
    store = Store(path, wait=0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreLocked, match=r"archive\.db: another program is writing"):
        store.add([read("http://a.example/1")])
    other.execute("ROLLBACK")
    other.close()
    assert store.add([read("http://a.example/1")]) == 1
    store.close()


def test_full_disk_keeps_what_was_stored(path):
    with Store(path) as store:
        store.add([read("http://a.example/1")])
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreFull, match="the disk is full; make room"):
            store.add([read(f"http://a.example/n{n}", LONG * 50 + str(n)) for n in range(50)])
        store._db.execute("PRAGMA max_page_count = 1000000")
        assert store.add([read("http://a.example/2")]) == 1

    assert rows(path, "SELECT count(*) AS n FROM articles") == [{"n": 2}]
    assert len(search(path, "疫苗")) == 2


def test_newer_schema_is_refused_with_what_to_do(path):
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('fangzhi', 'later', '')"
    )
    connection.commit()
    connection.close()

    with pytest.raises(SchemaNewer, match="update this program"):
        Store(path)


def test_interrupted_foundation_is_finished(path):
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT)"
    )
    connection.execute("CREATE UNIQUE INDEX i ON _sqlite_migrations (migration_set, name)")
    connection.commit()
    connection.close()

    Store(path).close()

    assert rows(path, "SELECT * FROM articles") == []


def test_index_cut_by_other_rules_is_cut_anew(path):
    archive(path, [read("http://a.example/1")])
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
    connection.execute("UPDATE settings SET value = '0' WHERE name = 'segmenter'")
    connection.commit()
    connection.close()
    assert search(path, "疫苗") == []

    Store(path).close()

    assert search(path, "疫苗") == ["督查通报"]


@pytest.mark.parametrize(("content", "words"), [
    (b"not a database, just some text that is long enough to be one" * 40, "not an SQLite database"),
    (None, "is not an archive"),
])  # fmt: skip
def test_other_file_is_refused_and_left_alone(path, content, words):
    if content is None:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE frontier (url TEXT)")
        connection.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()

    with pytest.raises(NotAnArchive, match=words):
        Store(path)
    assert path.read_bytes() == before


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreError, match="there is no folder"):
        Store(tmp_path / "nowhere" / "archive.db")
