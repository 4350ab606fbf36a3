"""What is withdrawn is nowhere: in no row, no index, no free page, no way out."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.cli import cli as datasette_cli

from browse.serve import serve_args
from crawler.frontier import Frontier
from crawler.lease import Found
from crawler.reader import iter_captures
from crawler.withdrawal import JOURNAL, Level, Withdrawal, read_journal, standing, write_journal
from fangzhi.__main__ import cli
from pipelines.url import article_id
from tests.six_articles import (
    LISTED,
    SECRET,
    address,
    ask,
    everything,
    found,
    made_in,
    page,
    paths,
    run,
    warc_bytes,
    withdraw,
    wrong,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return made_in(tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize("level", ["hide", "embargo", "purge", "never"])
def test_nothing_of_an_article_is_left_in_the_archive(folder, level):
    name, copy = article_id(address(0)), article_id("http://mirror.example/0.html")
    until = ("--until", "2999-01-01") if level == "embargo" else ()
    clustered = ask(folder, "SELECT count(*) FROM reprints")
    for what in (address(0), "http://mirror.example/0.html"):
        withdraw(folder, what, level, *until)

    assert (clustered, ask(folder, "SELECT count(*) FROM reprints")) == ([(2,)], [(0,)])
    assert found(folder, SECRET) == set()
    assert SECRET not in json.dumps(everything(folder), ensure_ascii=False)
    assert ask(folder, "SELECT DISTINCT outcome, url, sha256, content FROM captures WHERE page = ?", name) == [
        ("withdrawn", "", "", None)
    ]
    assert ask(folder, "SELECT article, level, until FROM withdrawals ORDER BY article") == sorted(
        (one, level, until[1] if until else None) for one in (name, copy)
    )
    for path in folder.glob("archive.db*"):  # nor in pages of the file that are free now
        assert SECRET.encode() not in path.read_bytes(), path
        assert "清溪镇第".encode() not in path.read_bytes(), path
    blobs = b"".join(block for (block,) in ask(folder, "SELECT block FROM articles_fts_data"))
    assert SECRET[:2].encode() not in blobs
    assert (SECRET.encode() in warc_bytes(folder)) == (level in ("hide", "embargo"))
    assert wrong(folder) == []


@pytest.mark.parametrize("level", ["hide", "purge"])
def test_a_rebuild_gives_the_same_archive_with_the_journal_alone_and_with_crawl_db_alone(folder, level):
    withdraw(folder, address(1), level)
    after = everything(folder)
    remembered = ask(folder, "SELECT * FROM withdrawals", database="crawl.db")

    (folder / "crawl.db").rename(folder / "kept.db")
    run(folder, "build", "--fresh", "--workers", "0")
    by_journal = everything(folder)
    (folder / "kept.db").rename(folder / "crawl.db")
    (folder / "captures" / JOURNAL).unlink()
    run(folder, "build", "--fresh", "--workers", "0")

    assert by_journal == after
    assert everything(folder) == after
    assert len(read_journal(folder / "captures")) == len(remembered) == 1


def test_a_file_goes_and_comes_with_the_article_that_it_belongs_to(folder):
    before = everything(folder), found(folder, LISTED)
    withdraw(folder, address(5), "hide")
    hidden = found(folder, LISTED), ask(folder, "SELECT * FROM files"), ask(folder, "SELECT * FROM attachments")
    run(folder, "withdraw", address(5), "--lift", "--reason", "撤销")
    run(folder, "build", "--workers", "0")

    assert hidden == (set(), [], [])
    assert (everything(folder), found(folder, LISTED)) == before
    assert before[1] == {article_id(address(5))}


def test_a_purge_leaves_every_other_record_where_it_lies_and_the_digest_on_the_tombstone(folder, tmp_path):
    files = sorted((folder / "captures").glob("*.warc.gz"))
    before = {one.id: one for path in files for one in iter_captures(path)}
    sizes = [path.stat().st_size for path in files]
    os.link(files[0], tmp_path / "backup.warc.gz")
    parts = [folder / "captures" / "parts" / f"{path.name}.0123.part.zst" for path in files]
    parts[0].parent.mkdir()
    for part in parts:
        part.touch()
    done = withdraw(folder, address(2), "purge")
    after = {one.id: one for path in files for one in iter_captures(path)}

    assert "backups made before still hold them" in done.stderr
    assert [path.stat().st_size for path in files] == sizes
    assert [part.exists() for part in parts] == [False, True]
    assert {one.id: one for one in after.values() if not one.purged} == {
        name: one for name, one in before.items() if one.url != address(2)
    }
    assert [one.url for one in after.values() if one.purged] == [address(2)]
    assert f"Fangzhi-Purged-Digest: sha256:{hashlib.sha256(page(2)).hexdigest()}".encode() in warc_bytes(folder)
    assert "白沙镇".encode() in gzip.decompress((tmp_path / "backup.warc.gz").read_bytes())


def test_a_payload_that_another_address_needs_stays_until_that_is_purged_too(folder):
    mirror = article_id("http://mirror.example/0.html")
    text = ask(folder, "SELECT text FROM articles WHERE id = ?", mirror)
    done = withdraw(folder, address(0), "purge")
    run(folder, "build", "--fresh", "--workers", "0")

    assert "1 payloads stay" in done.stderr
    assert ask(folder, "SELECT text FROM articles WHERE id = ?", mirror) == text
    assert found(folder, SECRET) == {mirror}
    assert wrong(folder) == []

    withdraw(folder, "http://mirror.example/0.html", "purge")

    assert SECRET.encode() not in warc_bytes(folder)
    assert wrong(folder) == []


def test_what_is_never_to_be_fetched_is_gone_from_the_frontier_and_stays_out(folder):
    withdraw(folder, address(3), "never")
    withdraw(folder, address(0), "purge")
    with Frontier(folder / "crawl.db") as frontier:
        again = frontier.add(
            "daily", [Found(url=one, kind="article") for one in (address(3), "https://daily.example/3.html")]
        )
        known = frontier.known([address(n) for n in range(6)])

    assert again == 0
    assert known == {address(n) for n in (0, 1, 2, 4, 5)}
    # a record that was purged is referred to no longer, by its own address or another
    assert ask(folder, "SELECT DISTINCT warc_file, etag FROM urls", database="crawl.db") == [(None, None)]


def test_a_lost_memory_learns_again_what_is_never_to_be_fetched(folder, loopback):
    wanted, banned = loopback.put("/a/1.html", page(1)), loopback.put("/a/2.html", page(2))
    loopback.put("/list.html", f'<a href="{wanted}">一</a><a href="{banned}">二</a>')
    (loopback.folder / "captures").mkdir()
    told = {"article": article_id(banned), "url": banned, "by": "档案员", "reason": "法院裁定"}
    decision = Withdrawal(at="2026-03-02T00:00:00.000000Z", level=Level.NEVER, addresses=(banned[7:],), **told)
    write_journal(loopback.folder / "captures", [decision])
    loopback.crawl()

    assert "/a/1.html" in loopback.paths()
    assert "/a/2.html" not in loopback.paths()


def test_an_embargo_ends_by_itself_and_a_decision_can_be_lifted(folder):
    before = everything(folder)
    withdraw(folder, address(4), "embargo", "--until", "2999-01-01")
    (embargo,) = read_journal(folder / "captures")
    withdraw(folder, address(5), "hide")
    hidden = ask(folder, "SELECT count(*) FROM articles")
    run(folder, "withdraw", address(5), "--lift", "--reason", "撤销", "--by", "档案员")
    run(folder, "withdraw", embargo.article, "--lift", "--reason", "到期", "--by", "档案员")
    run(folder, "build", "--workers", "0")
    stands = [line.split()[0] for line in run(folder, "withdraw", "--list").stdout.splitlines()]

    assert hidden == [(5,)]
    assert everything(folder) == before
    assert stands == ["past"] * 6  # both also for the file of article 5
    assert list(standing([embargo])) == [embargo.article]
    assert list(standing([embargo], datetime(2999, 1, 1, tzinfo=UTC).date())) == []


def test_an_unknown_address_is_refused_in_one_line_but_for_never(folder):
    journal = folder / "captures" / JOURNAL
    command = [sys.executable, "-m", "fangzhi", "withdraw", *paths(folder), "http://other.example/", "--reason", "x"]
    refused = subprocess.run([*command, "--level", "purge"], capture_output=True, text=True, check=False)
    taken = subprocess.run([*command, "--level", "never"], capture_output=True, text=True, check=False)

    assert (refused.returncode, len(refused.stderr.splitlines())) == (4, 1)
    assert "http://other.example/: there is no capture of this; check the address" in refused.stderr
    assert (taken.returncode, len(journal.read_text("utf-8").splitlines())) == (0, 1)
    assert ask(folder, "SELECT * FROM never", database="crawl.db") == [("other.example/",)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--level", "hide"], "--reason is missing"),
        (["--level", "embargo", "--reason", "x"], "--until is missing"),
        (["--level", "embargo", "--reason", "x", "--until", "2020-01-01"], "has come already"),
        (["--level", "hide", "--lift", "--reason", "x"], "say how far"),
        (["--reason", "x"], "say how far"),
    ],
)
def test_half_a_decision_is_refused(folder, words, says):
    assert says in run(folder, "withdraw", address(0), *words, code=2).stderr
    assert read_journal(folder / "captures") == []


def test_every_way_out_answers_withdrawn(folder):
    name = article_id(address(0))
    withdraw(folder, address(0), "hide")
    withdraw(folder, "http://mirror.example/0.html", "hide")
    args = [*serve_args(folder / "archive.db", Path("datasette_metadata.json"), "127.0.0.1", 0, ()), "--get"]

    def get(path: str) -> tuple[int, str]:
        done = CliRunner().invoke(datasette_cli, [*args, path])
        return done.exit_code, done.output

    for path in (
        f"/article/{name}",
        f"/article/{name}/capture",
        f"/article/{name}/capture/raw",
        f"/api/article/{name}",
    ):
        code, body = get(path)
        assert code == 1, path
        assert "withdrawn" in body, path
    for path in (
        f"/search?q={SECRET}", f"/search.atom?q={SECRET}", f"/search.jsonl?q={SECRET}", f"/search.csv?q={SECRET}",
        "/archive/articles.json?_shape=objects&_facet=outlet", "/archive/captures.json", "/",
    ):  # fmt: skip
        assert "清溪镇" not in get(path)[1], path
    (change,) = json.loads(get("/api/changes?kind=withdrawn&size=1")[1])["changes"]

    assert change["kind"] == "withdrawn"
    assert set(change["article"]) == {"id"}
    assert SECRET not in CliRunner().invoke(cli, ["export", "--archive", str(folder / "archive.db")]).stdout
