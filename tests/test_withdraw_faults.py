"""What is withdrawn stays so, and nothing else is lost, whatever is killed, damaged, lost or written meanwhile."""

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.reader import iter_captures
from crawler.recover import next_record
from crawler.withdrawal import JOURNAL, JournalError, read_journal
from crawler.writer import WarcWriter
from pipelines.url import article_id
from tests.killing import killed_in
from tests.six_articles import START, address, ask, exchange, made_in, page, paths, run, warc_bytes, withdraw, wrong


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return made_in(tmp_path_factory.mktemp("made"))


def test_what_is_purged_stays_so_when_all_decisions_are_lost(folder):
    withdraw(folder, address(1), "purge")
    (folder / "captures" / JOURNAL).unlink()
    (folder / "crawl.db").unlink()
    run(folder, "build", "--fresh", "--workers", "0")

    assert ask(folder, "SELECT DISTINCT outcome FROM captures WHERE page = ?", article_id(address(1))) == [
        ("withdrawn",)
    ]
    assert "石桥".encode() not in warc_bytes(folder)


def test_records_after_a_damaged_place_are_purged_too(folder):
    path = min((folder / "captures").glob("*.warc.gz"))
    whole = path.read_bytes()
    (at,) = (one.warc_offset for one in iter_captures(path) if one.url == address(1))
    path.write_bytes(whole[: at + 200] + bytes([whole[at + 200] ^ 1]) + whole[at + 201 :])
    withdraw(folder, address(4), "purge")

    assert [one.purged for one in iter_captures(path, start=next_record(path, at)) if one.url == address(4)] == [True]
    assert path.read_bytes()[:at] == whole[:at]


def test_a_damaged_journal_is_named_and_a_torn_last_line_is_none(folder):
    withdraw(folder, address(0), "hide")
    path = folder / "captures" / JOURNAL
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    torn = read_journal(folder / "captures")
    withdraw(folder, address(1), "hide")

    assert len(torn) == 1
    assert [one.url for one in read_journal(folder / "captures")] == [address(0), address(1)]

    path.write_bytes(b"{}\n" + whole)
    with pytest.raises(JournalError, match="line 1 is no decision"):
        read_journal(folder / "captures")


@pytest.mark.parametrize(
    "function",
    [
        "pipelines.store.keep_out",  # the decision is written; inside the transaction on the archive
        "pipelines.store.scrub",  # hidden, and left in free places of the file
        "fangzhi.withdrawing.recover",  # hidden, nothing purged
        "crawler.purge._rewrite",  # a payload that others need is copied, no file rewritten
        "fangzhi.withdrawing.forget",  # purged, and crawl.db still refers to it
    ],
)
def test_a_kill_leaves_a_whole_state_and_repeating_finishes(folder, function):
    words = ["withdraw", *paths(folder), address(0), "--level", "purge", "--reason", "x", "--by", "y"]
    killed = killed_in(function, words)
    told = wrong(folder)
    half = [one for one in told if "still there" not in one and "free places" not in one]
    run(folder, *words[:1], *words[7:])

    assert killed
    assert half == []
    assert any("free places" in one for one in told) == function.endswith(".scrub")
    assert len(read_journal(folder / "captures")) == 1
    assert wrong(folder) == []
    assert ask(folder, "SELECT DISTINCT outcome FROM captures WHERE page = ?", article_id(address(0))) == [
        ("withdrawn",)
    ]
    assert warc_bytes(folder).count(b"urn:fangzhi:payload:") == 1
    assert warc_bytes(folder).count(b"\r\nWARC-Target-URI: http://daily.example/0.html\r\n") == 4  # tombstones
    assert warc_bytes(folder).count(b"Fangzhi-Purged: ") == 4
    assert ask(folder, "SELECT DISTINCT warc_file FROM urls", database="crawl.db") == [(None,)]


def test_a_file_that_a_crawl_writes_is_purged_afterwards(folder):
    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=2)) as writer:
        writer.write(exchange(address(2), page(2, "<p>新增一段。</p>"), 48))
        run(folder, "build", "--workers", "0")
        busy = withdraw(folder, address(2), "purge", code=1)
        assert f"{writer.path.name}: a crawl is writing this file" in busy.stderr
    run(folder, "withdraw", "--list")

    assert "白沙".encode() not in warc_bytes(folder)


def test_a_backup_follows_a_purge_and_nothing_else(folder, tmp_path):
    def back_up(code: int = 0):
        return run(folder, "backup", str(tmp_path / "backup"), code=code)

    first, second = sorted((folder / "captures").glob("*.warc.gz"))
    back_up()
    withdraw(folder, address(2), "purge")
    held = "白沙镇".encode() in warc_bytes(tmp_path / "backup")
    back_up()
    kept = read_journal(tmp_path / "backup" / "captures")
    whole = first.read_bytes()
    first.unlink()  # the backup is a link to it
    first.write_bytes(whole[:900] + bytes([whole[900] ^ 1]) + whole[901:])
    damaged = back_up(code=1)

    assert held
    assert "白沙镇".encode() not in warc_bytes(tmp_path / "backup")
    assert (tmp_path / "backup" / "captures" / first.name).read_bytes() == whole
    assert "is no longer what was backed up" in damaged.stderr
    assert kept == read_journal(folder / "captures")
    assert second.name in {path.name for path in (tmp_path / "backup" / "captures").glob("*")}
