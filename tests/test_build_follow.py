"""A build that follows a crawl reads captures as they come, and ends with the archive that a later build makes."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from crawler.writer import Exchange, WarcWriter
from pipelines.build import build
from pipelines.digest import digest

PAGE = """<html><head><title>第{n}号水库开闸放水_云溪日报</title></head><body><h1>第{n}号水库开闸放水</h1>
<p>2021-03-0{n} 08:00 来源：云溪日报</p>
<p>云溪县第{n}号水库昨日开闸放水，向下游的三个乡镇供应春灌用水，预计可灌溉农田{n}万亩。</p>
<p>县水利局负责人介绍，今年来水比往年偏少，各灌区要按计划用水，优先保障小麦返青。</p></body></html>"""


def put(writer: WarcWriter, number: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    writer.write(
        Exchange(
            url=f"http://yunxi.example/{number}.html",
            fetched_at=datetime(2021, 3, 10, tzinfo=UTC),
            request_head=b"GET / HTTP/1.1\r\n\r\n",
            response_head=head,
            body=PAGE.format(n=number).encode(),
        )
    )


def held(archive) -> int:
    if not archive.exists():
        return 0
    with closing(sqlite3.connect(f"{archive.as_uri()}?mode=ro", uri=True)) as database:
        try:
            return database.execute("SELECT count(*) FROM articles").fetchone()[0]
        except sqlite3.OperationalError:  # the tables are about to be made
            return 0


def wait_for(count: int, archive) -> int:
    patience = time.monotonic() + 60
    while held(archive) < count and time.monotonic() < patience:
        time.sleep(0.1)
    return held(archive)


@pytest.fixture
def following(tmp_path):
    """A build under way over a folder of captures, that ends when `over` is set."""
    captures, archive, over, reports = tmp_path / "captures", tmp_path / "archive.db", Event(), []
    captures.mkdir()
    thread = Thread(
        target=lambda: reports.append(build(captures, archive, {}, workers=1, goes_on=lambda: not over.is_set()))
    )
    thread.start()
    yield captures, archive, over, thread, reports
    over.set()
    thread.join()


def test_what_is_captured_is_read_while_the_crawl_goes_on(following):
    captures, archive, over, thread, reports = following
    writer = WarcWriter(captures)
    for number in (1, 2, 3):
        put(writer, number)
    assert wait_for(3, archive) == 3  # the file is still open, and the build under way

    put(writer, 4)  # the same file grows
    writer.close()
    other = WarcWriter(captures, clock=lambda: datetime(2021, 3, 11, tzinfo=UTC))
    put(other, 5)  # a file that was not there when the build began
    last = other.path
    other.close()
    with last.open("ab") as torn:  # and the crawl is killed within a record
        torn.write(last.read_bytes()[:700])
    over.set()
    thread.join()

    assert [(report.captures, report.articles) for report in reports] == [(5, 5)]
    assert len(reports[0].torn) == 1
    later = archive.with_name("later.db")
    build(captures, later, {}, workers=0)
    assert digest(archive) == digest(later)
