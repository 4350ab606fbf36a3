"""Captures and parts on storage that machines share: an S3 server on loopback, spoken to as any other."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from s3fs import S3File, S3FileSystem

from browse.exports import COLUMNS
from crawler.plan import Plan
from crawler.reader import iter_captures, read_capture
from crawler.storage import BLOCK, is_shared, place
from fangzhi.cluster.crawl import crawl_on
from fangzhi.demo import load_demo_outlets, serve, truth
from fangzhi.outletbook import keep_outlets, known_outlets
from fangzhi.partitions import write_partitions
from pipelines.build import build
from pipelines.digest import tables
from pipelines.parts import Job, PartError, read_note, read_part, write_part
from pipelines.warcs import warc_files
from pipelines.worker import Orders
from tests.ports import free_port
from tests.s3 import serving_s3
from tests.two_days import OUTLETS, days, exchange, write


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """Give a folder on S3 with the captures of two days in it, and the same folder here."""
    here = write(tmp_path_factory.mktemp("storage") / "captures", days(), files=3)
    keep_outlets(here, OUTLETS.values())
    with serving_s3("archive") as files:
        files.put(str(here), "archive/captures", recursive=True)
        yield place("s3://archive/captures"), here


def test_captures_are_read_where_they_lie(bucket):
    there, here = bucket
    assert is_shared(there)
    assert not is_shared(here)
    assert [path.name for path in warc_files(there)] == [path.name for path in warc_files(here)]
    for far, near in zip(warc_files(there), warc_files(here), strict=True):
        assert list(iter_captures(far)) == list(iter_captures(near))
    assert known_outlets(there).known == known_outlets(here).known


def test_build_from_shared_storage_equals_one_from_a_folder(bucket, tmp_path):
    there, here = bucket
    build(there, tmp_path / "there.db", OUTLETS, workers=0)
    build(here, tmp_path / "here.db", OUTLETS, workers=0)
    assert tables(tmp_path / "there.db") == tables(tmp_path / "here.db")


def test_one_record_is_asked_for_not_the_file(bucket, tmp_path, monkeypatch):
    pages = [exchange(f"http://daily.example/{n}.bin", os.urandom(4_000_000)) for n in range(6)]
    warc = warc_files(write(tmp_path / "large", pages))[0]
    S3FileSystem().put(str(warc), "archive/large.warc.gz")
    last = list(iter_captures(warc))[-1]
    asked = []
    fetch = S3File._fetch_range

    def noted(file, start, end):
        asked.append(end - start)
        return fetch(file, start, end)

    monkeypatch.setattr(S3File, "_fetch_range", noted)
    assert read_capture(place("s3://archive/large.warc.gz"), last.warc_offset).body == last.body
    assert 0 < sum(asked) <= 2 * BLOCK < warc.stat().st_size


def test_part_is_written_and_read_back(bucket):
    there, _ = bucket
    warc = warc_files(there)[0]
    job = Job(
        warc=warc,
        size=warc.stat().st_size,
        known=frozenset(),
        orders=Orders(outlets=OUTLETS, masks=True),
        folder=there / "parts",
    )
    with pytest.raises(PartError):
        read_note(job)
    note = write_part(job)
    assert read_note(job) == note
    assert len(list(read_part(job))) == note.outcomes > 0
    whole = job.part.read_bytes()
    job.part.write_bytes(whole[:-30])
    with pytest.raises(PartError, match=job.part.name):
        read_note(job)


def test_storage_that_fails_is_said_in_a_line(bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    words = ["build", "--captures", "s3://archive/captures", "--archive", str(tmp_path / "archive.db")]
    done = subprocess.run([sys.executable, "-m", "fangzhi", *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (11, 1)
    assert "shared storage fails" in done.stderr


def test_crawl_brings_its_files_and_its_memory_there(bucket, tmp_path):
    port = free_port()
    outlets = [one for one in load_demo_outlets(port).values() if one.slug == "shitang-wjw"]
    captures = place("s3://archive/crawled")
    plan = Plan(resolve={"localhost": "127.0.0.1"}, patience=0.0)
    with serve(port, 1):
        report = crawl_on("local:1", outlets, plan, captures=captures, crawl_db=tmp_path / "crawl.db")
    assert [path.name for path in warc_files(captures)] == list(report.files)
    found = [one.url for path in warc_files(captures) for one in iter_captures(path) if one.kind == "article"]
    readable = {one.url for one in truth(1, port) if one.readable and outlets[0].owns(one.url)}
    assert readable <= set(found)
    with closing(sqlite3.connect(tmp_path / "crawl.db")) as database:
        kept = {row[0] for row in database.execute("SELECT url FROM urls WHERE warc_file IS NOT NULL")}
    assert readable <= kept


def test_partitions_go_there(bucket):
    days = ("2026-01-03", "2026-02-03", "2026-01-04")
    rows = [dict.fromkeys(COLUMNS) | {"id": day, "outlet": "daily", "day": day} for day in days]
    assert write_partitions(iter(rows), place("s3://archive/articles")) == 3
    names = S3FileSystem().find("archive/articles")
    assert [name.rpartition("/")[0] for name in names] == [
        f"archive/articles/outlet=daily/month=2026-0{month}" for month in (1, 2)
    ]
    with pytest.raises(FileExistsError):
        write_partitions(iter(rows), place("s3://archive/articles"))
