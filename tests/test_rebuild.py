"""The archive is what the WARC files say: after a kill, in any order, piece by piece or all at once."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

import pipelines.build
from crawler.bring import find_files, read_page, write_page
from crawler.outlet import Outlet
from crawler.reader import iter_captures
from crawler.writer import WarcWriter
from pipelines.build import build
from pipelines.digest import digest, tables
from pipelines.errors import NotAnArchive, StoreError
from pipelines.fold import fold
from pipelines.query import query
from pipelines.warcs import warc_files
from tests.asking import rows
from tests.two_days import OUTLETS, START, days, exchange, outlet, page, write


@pytest.fixture
def captures(tmp_path) -> Path:
    return write(tmp_path / "captures", days(), files=3)


def test_every_capture_has_one_outcome(captures, tmp_path):
    archive = tmp_path / "archive.db"
    report = build(captures, archive, OUTLETS, workers=0)

    assert report.captures == len(days()) == rows(archive, "SELECT count(*) FROM captures")[0][0]
    assert not report.lost
    assert report.articles == 27 == rows(archive, "SELECT count(*) FROM articles")[0][0]
    sql = """SELECT count(*) FROM captures c
        LEFT JOIN skips s ON s.capture = c.id LEFT JOIN failures f ON f.capture = c.id
        WHERE (c.outcome = 'article') + (s.capture IS NOT NULL) + (f.capture IS NOT NULL) != 1"""
    assert rows(archive, sql) == [(0,)]
    assert rows(archive, "PRAGMA foreign_key_check") == []
    assert rows(archive, "SELECT status, count(*) FROM articles GROUP BY status") == [
        ("alive", 23),
        ("changed", 3),
        ("gone", 1),
    ]
    assert rows(archive, "SELECT count(*), sum(is_original) FROM reprints") == [(6, 3)]


def test_missing_edition_is_a_gap(tmp_path):
    editions = [
        exchange("http://daily.example/html/2026-02/27/node_1.htm", b"<a href=1.htm>1</a>"),
        exchange("http://daily.example/html/2026-02/28/node_1.htm", b"", 0, 404),
        exchange("http://daily.example/0.html", page(0)),
        exchange("http://daily.example/html/2026-03/01/lost_9.htm", b"", 0, 404),
        exchange("http://daily.example/html/2026-03/02/node_1.htm", b"<a href=1.htm>1</a>"),
    ]
    archive = tmp_path / "archive.db"
    build(write(tmp_path / "captures", editions), archive, {"daily": outlet()}, workers=0)

    assert rows(archive, "SELECT day, expected, obtained FROM coverage ORDER BY day") == [
        ("2026-02-27", 1, 0), ("2026-02-28", 1, 0), ("2026-03-01", 2, 1), ("2026-03-02", 1, 0),
    ]  # fmt: skip


def test_nothing_is_read_twice(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    before = digest(archive)
    seen = []
    report = build(captures, archive, OUTLETS, workers=0, on_progress=seen.append)

    assert (report.captures, seen) == (0, [])
    assert digest(archive) == before


def test_fresh_build_equals_the_archive_that_grew(tmp_path):
    exchanges = days()
    archive, folder = tmp_path / "archive.db", tmp_path / "captures"
    for number, part in enumerate((exchanges[20:], exchanges[:7], exchanges[7:20])):
        folder.mkdir(exist_ok=True)
        with WarcWriter(folder, clock=lambda n=number: START + timedelta(minutes=n)) as writer:
            for one in part:
                writer.write(one)
        build(folder, archive, OUTLETS, workers=0)
    grown = tables(archive)
    report = build(folder, archive, OUTLETS, fresh=True, workers=2)

    assert report.fresh
    assert tables(archive) == grown
    assert not list(tmp_path.glob("archive.db.fresh*"))

    archive.unlink()
    build(folder, archive, OUTLETS, fresh=True, workers=0)

    assert tables(archive) == grown


def test_readers_see_the_new_archive_without_opening_it_again(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    reader = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    before = reader.execute("SELECT count(*) FROM articles").fetchone()
    warc_files(captures)[0].unlink()
    build(captures, archive, OUTLETS, fresh=True, workers=0)
    after = reader.execute("SELECT count(*) FROM articles").fetchone()
    reader.close()

    assert before == (27,)
    assert 0 < after[0] < 27


@pytest.mark.parametrize("moment", [0, 15, 35])
def test_killed_build_is_finished_by_the_next(tmp_path, moment):
    captures = write(tmp_path / "captures", days(40), files=2)
    archive = tmp_path / "archive.db"
    with subprocess.Popen([sys.executable, __file__, captures, archive], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(moment + 1):
            assert process.stdout.readline()
        process.kill()
    before = rows(archive, "SELECT count(*) FROM captures")[0][0] if moment else 0
    build(captures, archive, OUTLETS, workers=2)
    whole = tmp_path / "whole.db"
    build(captures, whole, OUTLETS, workers=2)

    assert moment - 10 <= before < 55
    assert tables(archive) == tables(whole)
    assert rows(archive, "PRAGMA integrity_check") == [("ok",)]
    assert rows(archive, "SELECT count(*) FROM articles") == [(43,)]


def hanging() -> dict[str, Outlet]:
    """Return an outlet whose rule for addresses takes for ever on one of them."""
    return {"daily": outlet(urls={"article": [r"/(a+)+b$"]})}


HANGS = "http://daily.example/" + "a" * 60


def test_page_that_hangs_fails_alone(tmp_path):
    exchanges = [exchange(f"http://daily.example/{n}.html", page(n)) for n in range(6)]
    captures = write(tmp_path / "captures", [*exchanges[:3], exchange(HANGS, page(9)), *exchanges[3:]])
    archive = tmp_path / "archive.db"
    report = build(captures, archive, hanging(), workers=2, seconds=4.0)

    assert report.lost
    assert report.failures == [(HANGS, "not read after 4 seconds")]
    assert rows(archive, "SELECT count(*) FROM articles") == [(6,)]
    assert rows(archive, "SELECT stage, error FROM failures") == [("worker", "not read after 4 seconds")]

    again = build(captures, archive, {"daily": outlet()}, workers=2)

    assert not again.lost
    assert rows(archive, "SELECT count(*) FROM articles") == [(7,)]
    assert rows(archive, "SELECT count(*) FROM failures") == [(0,)]


def test_page_that_hangs_does_not_hold_up_what_is_larger_than_a_pipe(tmp_path):
    large = [exchange(f"http://daily.example/{n}.html", page(n) + b"<!-- %s -->" % (b"x" * 2**20)) for n in range(3)]
    captures = write(tmp_path / "captures", [exchange(HANGS, page(9)), *large])
    report = build(captures, tmp_path / "archive.db", hanging(), workers=1, seconds=3.0)

    assert report.failures == [(HANGS, "not read after 3 seconds")]
    assert report.articles == 3


def test_worker_that_dies_costs_one_page(tmp_path):
    exchanges = [exchange(f"http://daily.example/{n}.html", page(n)) for n in range(6)]
    captures = write(tmp_path / "captures", [exchange(HANGS, page(9)), *exchanges])
    before = multiprocessing.active_children()

    def kill_the_stuck_one() -> None:
        for _ in range(100):
            time.sleep(0.1)
            workers = [one for one in multiprocessing.active_children() if one not in before]
            if workers:
                time.sleep(0.5)
                os.kill(workers[0].pid, signal.SIGKILL)
                return

    killer = threading.Thread(target=kill_the_stuck_one)
    killer.start()
    report = build(captures, tmp_path / "archive.db", hanging(), workers=1)
    killer.join()

    assert report.failures == [(HANGS, "the worker died on this page (signal SIGKILL)")]
    assert report.articles == 6


def test_bug_in_the_store_costs_one_capture(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    connection = sqlite3.connect(archive)
    bug = "new.url LIKE '%/99.html' BEGIN SELECT raise(ABORT, 'bug'); END"
    connection.execute("CREATE TRIGGER bug BEFORE INSERT ON articles WHEN " + bug)
    connection.commit()
    connection.close()
    with WarcWriter(captures) as writer:
        for n in (98, 99, 100):
            writer.write(exchange(f"http://daily.example/{n}.html", page(n)))
    report = build(captures, archive, OUTLETS, workers=0)

    assert report.failures == [("http://daily.example/99.html", "IntegrityError: bug")]
    assert report.articles == 2
    assert rows(archive, "SELECT stage, error FROM failures") == [("store", "IntegrityError: bug")]


def test_damaged_warc_is_reported_and_the_others_are_read(captures, tmp_path):
    torn, noise = warc_files(captures)[0], captures / "zz.warc.gz"
    last = [one.warc_offset for one in iter_captures(torn)][-1]
    torn.write_bytes(torn.read_bytes()[: last + 200])
    noise.write_bytes(b"\x1f\x8b" + os.urandom(3000))
    archive = tmp_path / "archive.db"
    report = build(captures, archive, OUTLETS, workers=0)

    assert [name for name, _ in report.torn] == [torn.name]
    assert [name for name, _ in report.unreadable] == ["zz.warc.gz"]
    assert report.lost
    assert report.captures == len(days()) - 1

    again = build(captures, archive, OUTLETS, workers=0)

    assert again.captures == 0
    assert [name for name, _ in again.unreadable] == ["zz.warc.gz"]


def test_other_extractor_makes_the_archive_anew(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    before = tables(archive)
    connection = sqlite3.connect(archive)
    connection.execute("UPDATE settings SET value = 'older' WHERE name = 'extractor'")
    connection.execute("UPDATE captures SET extractor = '0.0.9+1a2b.3c4d5e6f'")
    connection.execute("UPDATE articles SET title = 'badly read'")
    connection.commit()
    connection.close()
    report = build(captures, archive, OUTLETS, workers=0)

    assert report.fresh
    assert "was not made by extractor" in report.why
    assert tables(archive) == before


def test_captures_of_an_unknown_reader_are_read_again_beside_others(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    before = tables(archive)
    connection = sqlite3.connect(archive)
    connection.execute("UPDATE settings SET value = 'older' WHERE name = 'extractor'")
    connection.execute("UPDATE captures SET extractor = '0.0.9+1a2b.3c4d5e6f' WHERE extractor NOT LIKE 'admission%'")
    connection.execute("UPDATE articles SET title = 'badly read'")
    connection.commit()
    connection.close()
    report = build(captures, archive, OUTLETS, workers=0)

    assert not report.fresh
    assert tables(archive) == before


def test_changed_outlet_is_read_again_and_only_it(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    changed = OUTLETS | {"farm": outlet("farm", timezone="Asia/Urumqi")}
    reader = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    seen = []
    count = "SELECT count(*) FROM articles"
    report = build(
        captures, archive, changed, workers=0, on_progress=lambda _: seen.append(reader.execute(count).fetchone()[0])
    )
    reader.close()
    grown = tables(archive)
    build(captures, archive, changed, fresh=True, workers=0)

    assert report.captures == 3
    assert report.renewed == "3 captures of farm (settings changed)"
    assert set(seen) == {27}  # readers miss nothing meanwhile
    assert tables(archive) == grown


def test_interrupted_build_keeps_what_was_read(captures, tmp_path):
    archive = tmp_path / "archive.db"
    seen = []

    def interrupt(outcome) -> None:
        seen.append(outcome)
        if len(seen) == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(captures, archive, OUTLETS, workers=2, on_progress=interrupt)

    assert rows(archive, "SELECT count(*) FROM captures") == [(10,)]
    assert rows(archive, "SELECT finished FROM builds") == [(None,)]
    assert build(captures, archive, OUTLETS, workers=0).captures == len(days()) - 10


def test_somebody_elses_database_is_never_overwritten(captures, tmp_path):
    archive = tmp_path / "crawl.db"
    connection = sqlite3.connect(archive)
    connection.execute("CREATE TABLE frontier (url TEXT)")
    connection.close()
    before = archive.read_bytes()

    for fresh in (False, True):
        with pytest.raises(NotAnArchive):
            build(captures, archive, OUTLETS, fresh=fresh, workers=0)
    assert archive.read_bytes() == before


def test_damaged_archive_is_made_anew_on_request(captures, tmp_path):
    archive = tmp_path / "archive.db"
    build(captures, archive, OUTLETS, workers=0)
    before = tables(archive)
    data = bytearray(archive.read_bytes())
    data[4096 : 4096 * 3] = os.urandom(4096 * 2)
    data[100:110] = os.urandom(10)
    archive.write_bytes(data)

    with pytest.raises(StoreError, match="damaged; delete it and build again"):
        build(captures, archive, OUTLETS, workers=0)
    build(captures, archive, OUTLETS, fresh=True, workers=0)

    assert tables(archive) == before


def test_missing_captures_are_told(tmp_path):
    with pytest.raises(ValueError, match="crawl or add something first"):
        build(tmp_path / "captures", tmp_path / "archive.db", {})


@pytest.mark.skipif(
    "FANGZHI_SHARED" not in os.environ, reason="set FANGZHI_SHARED to the folder of real pages to check"
)
@pytest.mark.parametrize("word", ["疫情", "督查", "病例", "领导", "領導", "發布"])
def test_search_of_real_pages_finds_what_a_scan_finds(real_archive, word):
    connection = sqlite3.connect(real_archive)
    sql = "SELECT id FROM articles WHERE key IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
    found = {row[0] for row in connection.execute(sql, [query(word)])}
    every = connection.execute("SELECT id, coalesce(title, '') || char(10) || text FROM articles").fetchall()
    connection.close()

    assert len(every) > 200
    assert found == {name for name, text in every if fold(word) in fold(text)}
    assert found


@pytest.fixture(scope="module")
def real_archive(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    captures = folder / "captures"
    captures.mkdir()
    with WarcWriter(captures, sync=False) as writer:
        for path in find_files(Path(os.environ["FANGZHI_SHARED"]) / "corpus" / "html"):
            write_page(writer, path, read_page(path))
    report = build(captures, folder / "archive.db", {})
    assert report.captures == 252
    return folder / "archive.db"


if __name__ == "__main__":  # the build that is killed
    pipelines.build.Build = partial(pipelines.build.Build, at_once=10)
    print("begun", flush=True)  # noqa: T201  (the test counts the lines)
    tell = partial(print, "read", flush=True)
    build(Path(sys.argv[1]), Path(sys.argv[2]), OUTLETS, workers=2, on_progress=lambda _: tell())
