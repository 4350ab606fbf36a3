"""Captures on storage that is reached by URL are withdrawn as those of a folder are, and verified there."""

import gzip
import json

import pytest
from click.testing import CliRunner

from crawler.reader import iter_captures
from crawler.storage import place
from crawler.withdrawal import JOURNAL
from crawler.writer import WarcWriter
from fangzhi.__main__ import cli
from pipelines.build import build
from pipelines.digest import tables
from pipelines.url import article_id
from pipelines.warcs import warc_files
from tests.asking import rows
from tests.s3 import serving_s3
from tests.two_days import OUTLETS, exchange, page, write

SECRET = "http://daily.example/1.html"
MIRROR = "http://farm.example/1.html"


@pytest.fixture
def bucket(tmp_path_factory):
    """Captures of which one has its payload in a record of the article that will be purged."""
    pages = [exchange(f"http://daily.example/{n}.html", page(n)) for n in (0, 2)]
    here = write(tmp_path_factory.mktemp("storage") / "captures", pages)
    with WarcWriter(here) as writer:
        stored = writer.write(exchange(SECRET, page(1), 1))
        writer.write(exchange(MIRROR, page(1), 2, slug="farm"), previous=stored)
    with serving_s3("records") as files:
        files.put(str(here), "records/captures", recursive=True)
        yield files


def said(*words: object) -> str:
    result = CliRunner().invoke(cli, [*map(str, words)])
    assert result.exit_code == 0, result.output
    return result.output


def test_article_is_hidden_purged_and_verified_where_the_captures_lie(bucket, tmp_path):
    captures, archive = place("s3://records/captures"), tmp_path / "archive.db"
    stores = ("--captures", captures, "--archive", archive, "--crawl-db", tmp_path / "crawl.db")
    build(captures, archive, OUTLETS, workers=0)
    before = {path.name: path.stat().st_size for path in warc_files(captures)}
    said("withdraw", SECRET, "--level", "hide", "--reason", "asked for", *stores)
    hidden = rows(archive, "SELECT count(*) FROM articles WHERE id = ?", article_id(SECRET))
    bytes_stay = [one.url for path in warc_files(captures) for one in iter_captures(path)]
    told = said("withdraw", SECRET, "--level", "purge", "--reason", "ordered", *stores)
    after = {path.name: path.stat().st_size for path in warc_files(captures)}
    kept = {one.url: one for path in warc_files(captures) for one in iter_captures(path)}

    assert hidden == [(0,)]
    assert SECRET in bytes_stay
    assert "destroyed 2 records in 1 WARC files" in told
    assert "1 payloads stay" in told
    assert [json.loads(line)["level"] for line in (captures / JOURNAL).read_text().splitlines()] == ["hide", "purge"]
    assert {name: after[name] for name in before} == before
    assert not [name for name in bucket.find("records/captures") if name.endswith(".part")]
    assert (kept[SECRET].purged, kept[SECRET].body, kept[MIRROR].body) == (True, b"", page(1))
    assert "all is well" in said("verify", *stores)

    fresh = tmp_path / "fresh.db"
    build(captures, archive, OUTLETS, workers=0)
    build(captures, fresh, OUTLETS, workers=0)

    assert tables(archive) == tables(fresh)


def test_storage_that_fails_while_a_file_is_written_leaves_it_whole(bucket, tmp_path, monkeypatch):
    captures, archive = place("s3://records/captures"), tmp_path / "archive.db"
    stores = ("--captures", captures, "--archive", archive, "--crawl-db", tmp_path / "crawl.db")
    build(captures, archive, OUTLETS, workers=0)
    other = "http://daily.example/2.html"
    before = {path.name: path.read_bytes() for path in warc_files(captures)}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("crawler.purge.take_place", full)
        result = CliRunner().invoke(cli, [*map(str, ("withdraw", other, "--level", "purge", "--reason", "y", *stores))])

    assert result.exit_code != 0
    assert {path.name: path.read_bytes() for path in warc_files(captures)} == before
    assert not [name for name in bucket.find("records/captures") if name.endswith(".part")]

    said("withdraw", "--list", *stores)

    left = b"".join(gzip.decompress(path.read_bytes()) for path in warc_files(captures))

    assert "镇第0号通报".encode() in left
    assert "镇第2号通报".encode() not in left
