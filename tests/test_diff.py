"""A rebuild is looked at before it takes the archive's place; whatever happens meanwhile, the archive is whole."""

import json
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from fangzhi.errors import explain
from fangzhi.verify import verify
from pipelines.build import beside, build
from pipelines.digest import tables
from pipelines.url import article_id
from tests.killing import killed_in

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
TOPICS = ("疫苗接种", "道路抢修", "春耕备播", "河道清理", "校园安全")
PHONE = "13912345678"


def address(n: int) -> str:
    return f"http://daily.example/{n}.html"


def write(folder: Path, day: int, *numbers: int) -> None:
    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=day)) as writer:
        for n in numbers:
            lines = "".join(f"<p>{TOPICS[n]}工作第{k}阶段进展顺利，群众可到服务中心咨询办理。</p>" for k in range(1, 5))
            lines += f"<p>联系人赵某，电话{PHONE}。</p>" if n == 1 else ""
            head = f"<title>{TOPICS[n]}</title><meta charset=utf-8><h1>{TOPICS[n]}通报</h1><p>2026-03-01 08:00</p>"
            writer.write(
                Exchange(
                    url=address(n), fetched_at=START + timedelta(days=day, minutes=n), body=f"{head}{lines}".encode(),
                    request_head=b"GET / HTTP/1.1\r\nHost: daily.example\r\n\r\n",
                    response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
                )
            )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Make an unmasked archive of three articles; then one file is lost, and one comes with an article that is new."""
    folder = tmp_path_factory.mktemp("made")
    write(folder, 0, 0, 1)
    write(folder, 1, 2)
    build(folder / "captures", folder / "archive.db", {}, masks=False, workers=0)
    max((folder / "captures").glob("*.warc.gz")).unlink()
    write(folder, 2, 3)
    return folder


def words(folder: Path, *more: str) -> list[str]:
    places = [
        f"--captures={folder / 'captures'}",
        f"--archive={folder / 'archive.db'}",
        f"--crawl-db={folder / 'no.db'}",
    ]
    return ["build", *places, "--workers=0", *more]


def run(folder: Path, *more: str, code: int = 0):
    done = CliRunner().invoke(cli, words(folder, *more))
    assert done.exit_code == code, (done.output, done.exception)
    return done


def titles(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "archive.db")) as opened:
        return [title for (title,) in opened.execute("SELECT title FROM articles ORDER BY url")]


def test_what_a_rebuild_would_change_is_told_and_nothing_is_changed(folder):
    before = tables(folder / "archive.db")
    given = json.loads(run(folder, "--fresh", "--diff", "--masks", "--json").stdout)
    said = run(folder, "--fresh", "--diff", "--masks").stdout

    assert tables(folder / "archive.db") == before
    assert given["articles"] == [3, 3]
    assert (given["gained"], given["lost"], given["changed"]) == ({"": 1}, {"": 1}, {"": 1})
    assert given["rules"]["masks"] == {"mobile": [0, 1]}
    assert [one["id"] for one in given["samples"]["gained"]] == [article_id(address(3))]
    assert [(one["id"], one["why"]) for one in given["samples"]["lost"]] == [(article_id(address(2)), "no capture")]
    (changed,) = given["samples"]["changed"]
    assert (changed["before"], changed["after"]) == (
        ["联系人赵某，电话13912345678。"],
        ["联系人赵某，电话139******78。"],
    )
    assert given["characters"] == [20, 20]
    assert given["fields"]["text"] == 1
    assert re.search(r"^lost: 1 \(no outlet 1\)$", said, re.MULTILINE)
    assert "    + 联系人赵某，电话139******78。" in said


def test_accepting_puts_it_in_place_also_for_who_reads_meanwhile_and_with_what_came_since(folder):
    run(folder, "--fresh", "--diff", "--masks")
    write(folder, 3, 4)
    reader = sqlite3.connect(f"file:{folder / 'archive.db'}?mode=ro", uri=True)
    counted = [reader.execute("SELECT count(*) FROM articles").fetchone()]
    run(folder, "--accept")
    counted.append(reader.execute("SELECT count(*) FROM articles").fetchone())
    reader.close()

    assert counted == [(3,), (4,)]
    assert titles(folder) == [f"{TOPICS[n]}通报" for n in (0, 1, 3, 4)]
    assert list(verify(folder / "captures", folder / "archive.db")) == []
    assert not beside(folder / "archive.db").exists()
    assert "nothing would change" in run(folder, "--fresh", "--diff").stdout


def test_there_must_be_something_to_accept_and_to_compare_with(folder):
    assert "nothing to accept" in run(folder, "--accept", code=2).stderr
    assert "--diff goes with --fresh" in run(folder, "--diff", code=2).stderr
    (folder / "archive.db").unlink()
    assert isinstance(CliRunner().invoke(cli, words(folder, "--fresh", "--diff")).exception, FileNotFoundError)


@pytest.mark.parametrize("function", ["pipelines.store.regroup", "pipelines.build._give"])
def test_a_rebuild_that_is_killed_leaves_the_archive_and_can_be_gone_on_with(folder, function):
    before = tables(folder / "archive.db")
    run(folder, "--fresh", "--diff", "--masks")
    killed = [killed_in(function, words(folder, *more)) for more in (["--fresh", "--masks"], ["--accept"])]
    kept = tables(folder / "archive.db")
    run(folder, "--fresh", "--masks")

    assert any(killed)
    assert kept == before
    assert titles(folder) == [f"{TOPICS[n]}通报" for n in (0, 1, 3)]


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """Mount a disk in memory that has room for the archive and little more."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk that is full in earnest")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_one_line_that_names_the_file_and_costs_nothing(folder, small_disk):
    shutil.move(folder / "archive.db", small_disk / "archive.db")
    (folder / "archive.db").symlink_to(small_disk / "archive.db")
    (folder / "archive.db.fresh").symlink_to(small_disk / "archive.db.fresh")
    before = tables(small_disk / "archive.db")
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 40_000))
    full = CliRunner().invoke(cli, words(folder, "--fresh", "--diff"))
    cause = explain(full.exception)
    filler.unlink()
    kept = tables(small_disk / "archive.db")
    run(folder, "--fresh", "--diff")

    assert cause.code == 7
    assert cause.line.startswith(f"{beside(folder / 'archive.db')}: the disk is full; make room")
    assert kept == before


def test_a_file_that_may_not_grow_is_named_and_the_archive_stays(folder):
    before = tables(folder / "archive.db")
    size = (folder / "archive.db").stat().st_size // 2
    command = [sys.executable, "-m", "fangzhi", *words(folder, "--fresh", "--masks")]
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
    full = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False)
    kept = tables(folder / "archive.db")
    run(folder, "--fresh", "--masks")

    assert (full.returncode, len(full.stderr.splitlines())) == (9, 1)
    assert full.stderr.startswith(f"fangzhi: {beside(folder / 'archive.db')}: the disk failed to read or write")
    assert kept == before


def test_a_truncated_archive_is_named_with_the_fix_by_every_command(folder):
    archive = folder / "archive.db"
    whole = archive.read_bytes()
    said = []
    for size in (len(whole) // 2, 5000, 50):
        archive.write_bytes(whole[:size])
        commands = (words(folder), ["search", f"--archive={archive}", "疫苗"], ["status", f"--archive={archive}"])
        said += [explain(CliRunner().invoke(cli, more).exception) for more in commands]

    assert {cause.code for cause in said} == {6}
    assert all(cause.line.startswith(f"{archive}: ") for cause in said)
