"""A backup made while a crawl runs can be used as it is; later ones add what is new and never spread damage."""

import json
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.digests import check_records
from crawler.reader import iter_captures, read_capture
from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from fangzhi.backup import BackupBusy, _alone
from fangzhi.backup.manifest import NotABackup
from fangzhi.building import build_archive
from fangzhi.outletbook import keep_outlets
from fangzhi.verify import verify
from pipelines.digest import digest

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
ARTICLES = 60


def exchange(n: int) -> Exchange:
    return Exchange(
        url=f"http://paper.localhost/a/{n}.html",
        fetched_at=START + timedelta(minutes=n),
        body=article(n).encode(),
        outlet="paper",
        request_head=b"GET / HTTP/1.1\r\n\r\n",
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
    )


def article(n: int) -> str:
    lines = "".join(f"<p>河湾镇第{n}号通报：防汛工作进入第{k}阶段，负责人表示将按计划推进。</p>" for k in range(1, 6))
    return f"<title>防汛通报（{n}）</title><h1>防汛通报（{n}）</h1><p>2026-03-01 08:00</p>{lines}"


@pytest.fixture
def folder(tmp_path, loopback) -> Path:
    """A folder with two WARC files, one of them open (its writer is `folder.writer`), and an archive of both."""
    (tmp_path / "here").mkdir()
    captures = tmp_path / "here" / "captures"
    keep_outlets(captures, [loopback.outlet()])
    with WarcWriter(captures, clock=lambda: START) as writer:
        for n in range(3):
            writer.write(exchange(n))
    build_archive(captures, tmp_path / "here" / "archive.db", workers=0)
    return tmp_path / "here"


@pytest.fixture
def writer(folder):
    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=1)) as writer:
        writer.write(exchange(3))
        yield writer


def backup(folder: Path, target: Path, *words: str):
    given = ["--captures", folder / "captures", "--archive", folder / "archive.db", "--crawl-db", folder / "crawl.db"]
    return CliRunner().invoke(cli, ["backup", str(target), *map(str, given), *words])


def check(target: Path):
    return CliRunner().invoke(cli, ["backup", "--check", str(target)])


def content(target: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (target / "captures").glob("*.warc.gz")}


def manifest(target: Path) -> dict:
    return json.loads((target / "manifest.json").read_text("utf-8"))["files"]


def test_a_backup_holds_every_file_and_its_manifest_agrees(folder, tmp_path):
    done = backup(folder, tmp_path / "copy")

    assert done.exit_code == 0, done.output
    assert content(tmp_path / "copy") == content(folder)
    assert sorted(manifest(tmp_path / "copy")) == [
        "archive.db",
        *sorted(f"captures/{name}" for name in content(folder)),
        "captures/outlets/paper.json",
    ]
    assert (check(tmp_path / "copy").exit_code, check(tmp_path / "copy").stdout) == (0, "")


def test_a_restored_folder_is_used_as_it_is_and_builds_the_same_archive(folder, tmp_path):
    backup(folder, tmp_path / "copy", "--copy")
    copied = digest(tmp_path / "copy" / "archive.db")
    built = CliRunner().invoke(
        cli,
        ["build", "--fresh", "--captures", str(tmp_path / "copy" / "captures"), "--archive", str(tmp_path / "new.db")],
    )

    assert built.exit_code == 0, built.output
    assert copied == digest(folder / "archive.db")
    assert digest(tmp_path / "new.db") == digest(folder / "archive.db")
    assert list(verify(tmp_path / "copy" / "captures", tmp_path / "copy" / "archive.db")) == []


def test_a_file_that_is_being_written_is_copied_up_to_its_last_whole_record(folder, writer, tmp_path):
    whole = writer.path.read_bytes()
    with writer.path.open("ab") as file:
        file.write(whole[:100])
    done = backup(folder, tmp_path / "copy")

    assert done.exit_code == 0, done.output
    assert content(tmp_path / "copy")[writer.path.name] == whole


def test_a_later_backup_adds_what_is_new_and_leaves_the_rest(folder, writer, tmp_path):
    backup(folder, tmp_path / "copy", "--copy")
    held = {path.name: path.stat() for path in (tmp_path / "copy" / "captures").glob("*.warc.gz")}
    name = writer.path.name
    writer.write(exchange(4))
    writer.close()
    done = backup(folder, tmp_path / "copy", "--copy")
    now = {path.name: path.stat() for path in (tmp_path / "copy" / "captures").glob("*.warc.gz")}
    third = backup(folder, tmp_path / "copy", "--copy")

    assert content(tmp_path / "copy") == content(folder)
    assert now[name].st_ino == held[name].st_ino  # grown in place
    assert [one.st_mtime_ns for key, one in now.items() if key != name] == [
        one.st_mtime_ns for key, one in held.items() if key != name
    ]
    assert "1 files copied" in done.stdout
    assert "0 files copied (0.0 MB), 0 linked, 4 as before" in third.stdout
    assert check(tmp_path / "copy").exit_code == 0


def test_closed_files_are_linked_and_open_ones_never(folder, writer, tmp_path):
    backup(folder, tmp_path / "copy")
    links = {path.name: path.stat().st_nlink for path in (tmp_path / "copy" / "captures").glob("*.warc.gz")}

    assert links.pop(writer.path.name) == 1
    assert set(links.values()) == {2}


def test_a_backup_that_was_interrupted_is_put_right_by_the_next(folder, writer, tmp_path):
    copy = tmp_path / "copy"
    backup(folder, copy, "--copy")
    name = writer.path.name
    with (copy / "captures" / name).open("ab") as file:
        file.write(b"half a record" * 1000)
    (copy / "captures" / "new.warc.gz.part").write_bytes(b"half a file")
    wrong = check(copy)
    writer.write(exchange(4))
    writer.close()
    backup(folder, copy, "--copy")

    assert wrong.exit_code == 1
    assert [line.partition(":")[0] for line in wrong.stdout.splitlines()] == [
        f"captures/{name}",
        "captures/new.warc.gz.part",
    ]
    assert content(copy) == content(folder)
    assert (check(copy).exit_code, check(copy).stdout) == (0, "")


@pytest.mark.parametrize("harm", ["altered", "shorter", "missing"])
def test_damage_of_the_original_does_not_reach_the_backup(folder, tmp_path, harm):
    backup(folder, tmp_path / "copy", "--copy")
    whole = content(folder)
    (path,) = (folder / "captures").glob("*.warc.gz")
    if harm == "missing":
        path.unlink()
    else:
        body = bytearray(path.read_bytes())
        body[50] ^= 1
        path.write_bytes(body if harm == "altered" else body[:400])
    done = backup(folder, tmp_path / "copy", "--copy")

    assert content(tmp_path / "copy") == whole
    assert done.exit_code == (0 if harm == "missing" else 1)
    assert harm == "missing" or path.name in done.stderr
    assert check(tmp_path / "copy").exit_code == 0


def test_damage_of_the_backup_is_named(folder, tmp_path):
    copy = tmp_path / "copy"
    backup(folder, copy, "--copy")
    (warc,) = (copy / "captures").glob("*.warc.gz")
    body = bytearray(warc.read_bytes())
    body[50] ^= 1
    warc.write_bytes(body)
    (copy / "archive.db").unlink()
    wrong = check(copy)
    warc.unlink()
    again = backup(folder, copy, "--copy")

    assert wrong.exit_code == 1
    assert wrong.stdout.splitlines() == [
        "archive.db: is missing",
        f"captures/{warc.name}: its content is not the one of the manifest",
    ]
    assert again.exit_code == 0
    assert check(copy).exit_code == 0


def test_what_a_used_backup_left_beside_its_archive_does_not_meet_the_next(folder, tmp_path):
    copy = tmp_path / "copy"
    backup(folder, copy)
    with closing(sqlite3.connect(copy / "archive.db", isolation_level=None)) as database:
        database.execute("DELETE FROM trimmed")
        log = (copy / "archive.db-wal").read_bytes()
    (copy / "archive.db-wal").write_bytes(log)
    (folder / "archive.db").touch()
    backup(folder, copy)

    assert digest(copy / "archive.db") == digest(folder / "archive.db")


def test_mistakes_say_what_is_wrong(folder, tmp_path):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "manifest.json").write_text('{"files": 3}')

    assert isinstance(backup(folder, folder).exception, NotABackup)
    assert isinstance(backup(folder, tmp_path / "odd").exception, NotABackup)
    assert isinstance(check(tmp_path / "nowhere").exception, NotABackup)
    assert isinstance(backup(tmp_path / "nowhere", tmp_path / "copy").exception, FileNotFoundError)


def test_two_backups_do_not_write_to_one_folder(folder, tmp_path):
    backup(folder, tmp_path / "copy")
    with _alone(tmp_path / "copy"):
        done = backup(folder, tmp_path / "copy")

    assert isinstance(done.exception, BackupBusy)


def test_backups_while_a_crawl_runs_are_whole_each_time(loopback, tmp_path):
    links = "".join(f'<a href="/a/{n}.html">{n}</a>' for n in range(ARTICLES))
    loopback.put("/list.html", links)
    for n in range(ARTICLES):
        loopback.put(f"/a/{n}.html", article(n))
    outlet, here, target = loopback.outlet(), loopback.folder, tmp_path / "copy"
    keep_outlets(here / "captures", [outlet])
    rounds = 0
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(loopback.command(outlet, delay=0.05), stdout=subprocess.DEVNULL, env=environment) as process:
        while not list((here / "captures").glob("*.warc.gz")):
            assert process.poll() is None
            time.sleep(0.05)
        while process.poll() is None:
            done = backup(here, target, "--copy")
            rounds += 1

            assert done.exit_code == 0, done.output
            assert check(target).exit_code == 0
            assert_whole(target)
    last = backup(here, target, "--copy")
    build_archive(here / "captures", here / "archive.db", workers=0)
    build_archive(target / "captures", target / "archive.db", workers=0)

    assert process.returncode == 0
    assert rounds >= 3
    assert last.exit_code == 0
    assert content(target) == content(here)
    assert digest(target / "archive.db") == digest(here / "archive.db")


def assert_whole(target: Path) -> None:
    """Every record is whole, and whatever crawl.db says of a payload is where it says."""
    for path in (target / "captures").glob("*.warc.gz"):
        assert not [record for record in check_records(path) if record.wrong]
        assert list(iter_captures(path)) is not None
    with closing(sqlite3.connect(f"{(target / 'crawl.db').as_uri()}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        places = database.execute("SELECT url, warc_file, warc_offset FROM urls WHERE warc_file IS NOT NULL").fetchall()
    assert [url for url, name, at in places if read_capture(target / "captures" / name, at).url != url] == []
