"""A build on a cluster stores what a build on one machine stores, row for row, whatever dies on the way."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PosixPath

import pytest

from fangzhi.cluster import ClusterError
from fangzhi.cluster.build import ReadThere
from fangzhi.cluster.connect import connected
from fangzhi.outletbook import keep_outlets
from pipelines.build import build
from pipelines.digest import tables
from pipelines.outcome import Kind
from pipelines.parts import Job, PartError, WrongExtractor, read_note, read_part, write_part
from pipelines.warcs import warc_files
from pipelines.worker import Orders
from tests.cluster import SURVIVOR, Cluster
from tests.two_days import OUTLETS, days, write

ORDERS = Orders(outlets=OUTLETS, masks=True)
ROOT = Path(__file__).parent.parent
BUNDLED = {"outlets", "regions"}  # the command knows more outlets than the tests do


class Poison(PosixPath):
    """A WARC file that no worker survives."""

    def open(self, *args, **more):
        if os.environ[SURVIVOR] != str(os.getpid()):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().open(*args, **more)


@pytest.fixture(scope="module")
def captures(tmp_path_factory) -> Path:
    folder = write(tmp_path_factory.mktemp("cluster") / "captures", days(60), files=6)
    keep_outlets(folder, OUTLETS.values())
    return folder


@pytest.fixture(scope="module")
def expected(captures) -> dict[str, str]:
    archive = captures.with_name("here.db")
    build(captures, archive, OUTLETS, workers=0)
    return tables(archive)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("scratch"))
    os.environ[SURVIVOR] = str(os.getpid())
    yield cluster
    cluster.end()
    del os.environ[SURVIVOR]


def own(tables: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in tables.items() if name not in BUNDLED}


def ledger(archive: Path) -> dict[str, str]:
    with closing(sqlite3.connect(archive)) as database:
        return dict(database.execute("SELECT warc_file, state FROM parts").fetchall())


def command(cluster: Cluster, captures: Path, archive: Path) -> list[str]:
    words = ["build", "--captures", str(captures), "--archive", str(archive), "--cluster", cluster.address]
    return [sys.executable, "-m", "fangzhi", *words]


def wait_for(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def test_rows_are_those_of_one_machine_though_a_worker_is_killed(cluster, captures, expected, tmp_path):
    archive, parts = tmp_path / "archive.db", tmp_path / "parts"
    killed = []

    def kill(outcome) -> None:
        del outcome
        if not killed:
            killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    with connected(cluster.address) as client:
        report = build(captures, archive, OUTLETS, engine=ReadThere(client, parts), on_progress=kill)
    assert killed
    assert tables(archive) == expected
    assert report.captures == len(days(60))
    assert ledger(archive) == {path.name: "read" for path in warc_files(captures)}


def test_client_that_was_killed_goes_on_where_it_was(cluster, captures, expected, tmp_path):
    folder, archive = tmp_path / "captures", tmp_path / "archive.db"
    shutil.copytree(captures, folder)
    with subprocess.Popen(command(cluster, folder, archive), stderr=subprocess.DEVNULL) as client:
        wait_for(lambda: list((folder / "parts").glob("*.part.zst")))
        client.kill()
    done = subprocess.run(command(cluster, folder, archive), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert own(tables(archive)) == own(expected)
    assert list((folder / "parts").iterdir()) == []


def test_warc_that_kills_every_worker_is_read_here_and_noted(cluster, captures, expected, tmp_path):
    archive = tmp_path / "archive.db"
    bad = warc_files(captures)[2].name

    class Folder(PosixPath):
        def glob(self, pattern):
            return (Poison(path) if path.name == bad else path for path in super().glob(pattern))

    with connected(cluster.address) as client:
        build(Folder(captures), archive, OUTLETS, engine=ReadThere(client, tmp_path / "parts"))
    assert tables(archive) == expected
    noted = ledger(archive)
    assert noted.keys() == {path.name for path in warc_files(captures)}
    assert noted[bad] == "lost"
    assert "read" in noted.values()  # a file that waited at a worker when that died twice is blamed, too


def test_scheduler_that_does_not_answer_is_said_in_a_line():
    with pytest.raises(ClusterError, match="no scheduler answers"), connected("tcp://127.0.0.1:9", wait=0.5):
        pass
    with pytest.raises(ClusterError, match="local:2"), connected("local:none"):
        pass


def test_worker_of_another_version_is_refused(tmp_path):
    code = tmp_path / "code"
    for package in ("browse", "crawler", "fangzhi", "pipelines"):
        shutil.copytree(ROOT / package, code / package)
    with (code / "pipelines" / "flow.py").open("a") as file:
        file.write("# another release\n")
    cluster = Cluster(tmp_path / "scratch", code)
    try:
        with pytest.raises(ClusterError, match="same release"), connected(cluster.address):
            pass
    finally:
        cluster.end()


def job(captures: Path, parts: Path, **more) -> Job:
    warc = warc_files(captures)[0]
    return Job(warc=warc, size=warc.stat().st_size, known=frozenset(), orders=ORDERS, folder=parts, **more)


def test_part_holds_what_became_of_each_capture(captures, tmp_path):
    asked = job(captures, tmp_path / "parts")
    note = write_part(asked)
    assert note == read_note(asked)
    assert note.captures == note.outcomes == len(list(read_part(asked))) > 0
    assert [path.name for path in (tmp_path / "parts").iterdir()] == [asked.part.name]


def readers() -> set[int]:
    return {one.pid for one in multiprocessing.active_children() if type(one).__name__ == "ForkServerProcess"}


def test_one_process_reads_part_after_part_until_it_dies(captures, tmp_path):
    seen = []
    for number in range(3):
        note = write_part(job(captures, tmp_path / f"parts-{number}"))
        kinds = [one.kind for one in read_part(job(captures, tmp_path / f"parts-{number}"))]
        assert note.outcomes == len(kinds) > 0
        assert Kind.FAILURE not in kinds
        seen.append(readers())
        if number == 1:
            os.kill(min(readers()), signal.SIGKILL)
            until = time.monotonic() + 30
            while readers() and time.monotonic() < until:
                time.sleep(0.02)

    assert len(seen[0]) == 1
    assert seen[0] == seen[1] != seen[2]


HURT = {
    "torn at its end": lambda data: data[:-20],
    "torn at its beginning": lambda data: data[:40],
    "empty": lambda data: b"",
    "altered": lambda data: data[:50] + bytes([data[50] ^ 255]) + data[51:],
}


@pytest.mark.parametrize("hurt", HURT.values(), ids=HURT)
def test_part_that_is_not_whole_is_told(captures, tmp_path, hurt):
    asked = job(captures, tmp_path / "parts")
    write_part(asked)
    asked.part.write_bytes(hurt(asked.part.read_bytes()))
    with pytest.raises(PartError):
        read_note(asked)


@pytest.mark.parametrize("other", [{"outlets": {"daily": OUTLETS["daily"]}}, {"masks": False}])
def test_part_made_of_something_else_is_not_taken(other, captures, tmp_path):
    write_part(job(captures, tmp_path / "parts"))
    with pytest.raises(PartError):
        read_note(replace(job(captures, tmp_path / "parts"), orders=replace(ORDERS, **other)))


def test_other_extractor_is_refused_before_anything_is_read(captures, tmp_path):
    with pytest.raises(WrongExtractor, match="same release"):
        write_part(job(captures, tmp_path / "parts", extractor="0.0.0"))
    assert not (tmp_path / "parts").exists()
