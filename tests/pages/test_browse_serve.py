import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from browse import serve
from browse.serve import PLUGINS, serve_args

from .live import METADATA, serving

ROOT = Path(__file__).parents[2]


def test_extra_options_come_last_and_so_win(sample):
    args = serve_args(sample[0], None, "0.0.0.0", 8080, ["--setting", "default_page_size", "5"])

    assert args[:2] == ["serve", str(sample[0])]
    assert args[-3:] == ["--setting", "default_page_size", "5"]


def test_an_archive_that_is_being_written_is_served_and_shows_what_was_added(tmp_path, sample):
    path = tmp_path / "archive.db"
    with sqlite3.connect(sample[0]) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    writer = sqlite3.connect(path)
    writer.execute("pragma journal_mode = wal")
    with serving(path) as live:
        before = live.json("/api/search?size=1")["total"]
        writer.execute("update articles set title = '刚刚写入的标题' where title like '春耕%1'")
        writer.execute("delete from articles where title is null")
        writer.commit()
        after = live.json("/api/search?size=1")["total"]
    writer.close()

    assert (before, after) == (37, 36)


def test_nothing_can_be_written_through_the_server(live, sample):
    with sqlite3.connect(sample[0]) as connection:
        count = connection.execute("select count(*) from articles").fetchone()[0]
    response = live.get("/archive.json?sql=delete%20from%20articles")

    assert response.status_code == 400
    with sqlite3.connect(sample[0]) as connection:
        assert connection.execute("select count(*) from articles").fetchone()[0] == count


def test_arbitrary_sql_is_switched_off_by_one_setting(sample):
    with serving(sample[0], "--setting", "default_allow_sql", "off") as live:
        assert live.get("/archive.json?sql=select+1").status_code == 403
        assert live.get("/api/search?q=%E7%9D%A3%E6%9F%A5").status_code == 200
        assert live.get("/archive/articles.json?_search=%E7%9D%A3%E6%9F%A5").status_code == 200


def test_an_archive_where_sqlite_cannot_make_its_side_files_is_opened_as_immutable(sample, monkeypatch):
    monkeypatch.setattr(serve, "_opens_shared", lambda archive: False)

    assert serve_args(sample[0])[:3] == ["serve", "--immutable", str(sample[0])]


def test_the_plugin_is_loaded_by_hand_from_its_folder(tmp_path, sample):
    archive = shutil.copy(sample[0], tmp_path / "archive.db")
    command = [
        sys.executable,
        "-m",
        "datasette",
        str(archive),
        "--metadata",
        str(METADATA),
        "--plugins-dir",
        str(PLUGINS),
    ]
    found = "/archive/articles.json?_shape=array&_col=title&_search=%E7%9D%A3%E6%9F%A5"
    answer = subprocess.run([*command, "--get", found], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.count('"title"') == 4


def test_an_archive_of_another_name_is_described_too(tmp_path, sample):
    archive = tmp_path / "gazetteer.db"
    with sqlite3.connect(sample[0]) as source, sqlite3.connect(archive) as copy:
        source.backup(copy)
    with serving(archive) as live:
        assert "Permanent id" in live.get("/gazetteer/articles").text
        assert live.get("/").status_code == 200
        assert len(live.json("/gazetteer/articles.json?_shape=array&_search=%E7%9D%A3%E6%9F%A5")) == 4


def test_datasette_can_be_imported_while_it_loads_the_plugin():
    check = (
        "import datasette.plugins as p; from browse import plugin; p.pm.is_registered(plugin) or p.pm.register(plugin)"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)
