"""The file of the frontier: one crawl at a time, brought up to date, and never taken for what it is not."""

import sqlite3
import subprocess
import sys

import pytest

from crawler.frontier import Frontier
from crawler.hold import FrontierBusy
from crawler.schema import STEPS, SchemaError


def test_database_of_an_earlier_version_is_brought_up_to_date(tmp_path):
    database = sqlite3.connect(tmp_path / "crawl.db")
    database.executescript(STEPS[0] + "PRAGMA user_version = 1;")
    database.execute(
        "INSERT INTO urls (url, outlet, host, kind, priority, found_at, fetched_at)"
        " VALUES ('u', 'o', 'h', 'article', 1, 2, 3)"
    )
    database.commit()
    database.close()
    with Frontier(tmp_path / "crawl.db") as frontier:
        assert frontier.database.execute("SELECT asked_at FROM urls").fetchone()["asked_at"] == 3
        assert frontier.distrusted() == set()


def test_second_crawl_of_the_same_database_is_refused(tmp_path):
    with Frontier(tmp_path / "crawl.db"), pytest.raises(FrontierBusy, match="another crawl"):
        Frontier(tmp_path / "crawl.db")


def test_crawl_of_another_process_is_refused_too(tmp_path):
    script = "import sys, pathlib, crawler.frontier as f; f.Frontier(pathlib.Path(sys.argv[1]))"
    with Frontier(tmp_path / "crawl.db"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "crawl.db")],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert "FrontierBusy" in done.stderr


def test_newer_database_is_refused(tmp_path):
    database = sqlite3.connect(tmp_path / "crawl.db")
    database.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    database.close()

    with pytest.raises(SchemaError, match="newer"):
        Frontier(tmp_path / "crawl.db")


def test_strange_database_is_refused(tmp_path):
    database = sqlite3.connect(tmp_path / "crawl.db")
    database.execute("CREATE TABLE stories (id)")
    database.close()

    with pytest.raises(SchemaError, match="no crawl database"):
        Frontier(tmp_path / "crawl.db")


def test_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "crawl.db").write_bytes(b"this is a letter, not a database" * 40)

    with pytest.raises(SchemaError, match="not a database"):
        Frontier(tmp_path / "crawl.db")
