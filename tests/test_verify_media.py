"""Verify looks at what lies on media that cannot be written, at all of an index, and at archives of other releases."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.frontier import Frontier
from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from fangzhi.errors import explain
from fangzhi.verify import verify
from fangzhi.verify.index import check_index
from pipelines.build import build

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
TOPICS = ("疫苗接种", "道路抢修", "春耕备播", "河道清理", "校园安全", "防汛演练")


def make(folder: Path) -> Path:
    with WarcWriter(folder / "captures", clock=lambda: START) as writer:
        for n, topic in enumerate(TOPICS):
            lines = "".join(
                f"<p>{topic}工作第{k}阶段进展顺利，群众可到服务中心咨询办理，AB-{n}号。</p>" for k in range(1, 9)
            )
            body = f"<title>{topic}</title><meta charset=utf-8><h1>{topic}通报</h1><p>2026-03-01 08:00</p>{lines}"
            request, head = b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
            url = f"http://daily.example/{n}.html"
            writer.write(
                Exchange(url=url, fetched_at=START, body=body.encode(), request_head=request, response_head=head)
            )
    build(folder / "captures", folder / "archive.db", {}, workers=0)
    return folder


@pytest.fixture
def folder(tmp_path) -> Path:
    return make(tmp_path)


@pytest.fixture
def read_only(tmp_path) -> Iterator[Path]:
    """Lay an archive on a disk in memory that is then mounted for reading alone."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk that cannot be written")
    make(place)
    Frontier(place / "crawl.db").close()
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    yield place
    subprocess.run(["umount", place], check=True)


def test_what_cannot_be_written_is_verified_and_told_of(read_only):
    archive, memory = read_only / "archive.db", read_only / "crawl.db"

    assert list(verify(read_only / "captures", archive, memory)) == []
    assert CliRunner().invoke(cli, ["status", f"--archive={archive}", f"--crawl-db={memory}"]).exit_code == 0


def test_index_is_held_against_every_text(folder):
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as database:
        sound = list(check_index(database))
        key, altered = database.execute("SELECT key, id FROM articles ORDER BY key LIMIT 1").fetchone()
        database.execute("UPDATE articles SET text = replace(text, '顺利', '缓慢') WHERE key = ?", [key])
        database.execute("INSERT INTO articles_fts(rowid, title, text, attachments) VALUES (7, 'a', 'b', '')")
        moved, gone = database.execute("SELECT key, id FROM articles ORDER BY key DESC LIMIT 1").fetchone()
        database.execute("DELETE FROM articles_fts_docsize WHERE id = ?", [moved])
        found = {one.line for one in check_index(database)}
        (whole,) = check_index(database, named=1)

    assert sound == []
    assert whole.line == "search index: hardly anything in it is as the texts say"
    assert found == {
        f"article {altered}: its entry in the search index is not as its text says",
        f"article {gone}: its entry in the search index is not there",
        "search index, entry 7: belongs to no article",
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM _sqlite_migrations WHERE name = 'masks'", "made by an older release; `fangzhi build` brings it"),
        (
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('fangzhi', 'later', '2030')",
            "made by a newer release; update this program",
        ),
    ],
    ids=["older", "newer"],
)
def test_an_archive_of_another_release_is_named_with_the_fix(folder, change, says):
    archive = folder / "archive.db"
    with closing(sqlite3.connect(archive, isolation_level=None)) as database:
        database.execute(change)
    before = archive.read_bytes()
    commands = (["verify", f"--captures={folder / 'captures'}"], ["serve"], ["status"], ["search", "疫苗"])
    causes = [explain(CliRunner().invoke(cli, [*words, f"--archive={archive}"]).exception) for words in commands]

    assert {cause.code for cause in causes} == {6}
    assert all(cause.line.startswith(f"{archive}: {says}") for cause in causes)
    assert archive.read_bytes() == before
