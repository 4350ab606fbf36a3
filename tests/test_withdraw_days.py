"""On the demonstration's five days: what moved, was edited, copied or deleted is withdrawn under all its addresses."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from fangzhi.__main__ import cli
from fangzhi.building import build_archive
from fangzhi.verify import verify
from pipelines.digest import tables

# in order of title: ids depend on the port that the demonstration has; the purged one alone has copies of its very text
PICKED = {
    "hide": """SELECT a.id FROM aliases JOIN articles a ON a.id = article WHERE how = 'moved'
        ORDER BY title, a.id LIMIT 1""",
    "embargo": "SELECT a.id FROM versions JOIN articles a ON a.id = article WHERE n > 1 ORDER BY a.title, a.id LIMIT 1",
    "purge": """SELECT a.id FROM reprints JOIN articles a ON a.id = article WHERE is_original
        AND (SELECT count(*) FROM articles o WHERE o.text = a.text) > 2 ORDER BY title, a.id LIMIT 1""",
    "never": """SELECT id FROM articles WHERE status = 'gone' AND id NOT IN (SELECT article FROM reprints)
        ORDER BY title, id LIMIT 1""",
}
TABLES = ("articles", "versions", "repairs", "trimmed", "places", "attachments", "reprints", "edits", "absences")


def ask(folder, sql, *given):
    with closing(sqlite3.connect(folder / "archive.db")) as opened:
        return [row[0] for row in opened.execute(sql, given)]


@pytest.fixture(scope="module")
def withdrawn(demo_days, tmp_path_factory):
    """Withdraw one article at each level from a copy of the archive after the last day; return folder and articles."""
    folder = tmp_path_factory.mktemp("withdrawn")
    for name in ("captures", "crawl.db", "archive.db"):
        copy = shutil.copytree if (demo_days.folder / name).is_dir() else shutil.copy
        copy(demo_days.folder / name, folder / name)
    picked = {}
    places = [
        f"--captures={folder / 'captures'}",
        f"--archive={folder / 'archive.db'}",
        f"--crawl-db={folder / 'crawl.db'}",
    ]
    for level, sql in PICKED.items():
        (article,) = ask(folder, sql)
        addresses = {article, *ask(folder, "SELECT id FROM aliases WHERE article = ?", article)}
        pages = set(ask(folder, "SELECT page FROM captures WHERE article = ?", article))
        picked[level] = (article, addresses | pages, ask(folder, "SELECT text FROM articles WHERE id = ?", article)[0])
        until = ["--until=2999-01-01"] if level == "embargo" else []
        words = ["withdraw", *places, article, f"--level={level}", "--reason=当事人要求", *until]
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0, (done.output, done.exception)
    return folder, picked


@pytest.mark.parametrize("level", PICKED)
async def test_it_is_gone_in_sql_api_and_page_under_every_address(withdrawn, level):
    folder, picked = withdrawn
    article, addresses, text = picked[level]
    client = Datasette([str(folder / "archive.db")], settings={"num_sql_threads": 1}).client
    answers = [(await client.get(path)).status_code for path in (f"/api/article/{article}", f"/article/{article}")]
    changes = (await client.get("/api/changes?kind=withdrawn")).json()["changes"]

    assert [
        table
        for table in TABLES
        if article in ask(folder, f"SELECT {'id' if table == 'articles' else 'article'} FROM {table}")
    ] == []
    copies = ask(folder, "SELECT id FROM articles WHERE text = ?", text)  # other outlets' articles are not withdrawn
    assert bool(copies) == (level == "purge")
    if copies:
        assert ask(folder, "SELECT count(*) FROM reprints WHERE article = ?", copies[0]) == [1]
    assert set(
        ask(
            folder,
            "SELECT outcome FROM captures WHERE page IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(addresses)),
        )
    ) == {"withdrawn"}
    assert answers == [410, 410]
    assert article in {change["article"]["id"] for change in changes}


def test_all_else_is_whole_and_a_rebuild_gives_the_same(withdrawn):
    folder, _ = withdrawn
    before = tables(folder / "archive.db")
    wrong = [one.line for one in verify(folder / "captures", folder / "archive.db", folder / "crawl.db")]
    build_archive(folder / "captures", folder / "archive.db", fresh=True, workers=0)

    assert wrong == []
    assert tables(folder / "archive.db") == before
