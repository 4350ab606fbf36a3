"""A crawl on a cluster captures what a crawl on one machine captures, and its memory is one again afterwards."""

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import psutil
import pytest

from crawler.frontier import Frontier
from crawler.hold import FrontierBusy
from crawler.outlet import load_outlet
from crawler.plan import Plan
from crawler.reader import iter_captures
from crawler.shard import groups, lend, take_back
from crawler.watch import OutletFiles
from fangzhi.cluster.crawl import crawl_on
from fangzhi.demo import load_demo_outlets, serve, truth
from fangzhi.outletbook import keep_outlets
from pipelines.warcs import warc_files
from tests.cluster import Cluster
from tests.ports import free_port

WEB_PORT = free_port()
EDITED = """name = "河湾日报"
home = "{home}"
kind = "paper"
private = true
delay = {delay}
[[sources]]
type = "column"
url = "{home}list.html"
[urls]
article = ['/a/\\d+\\.html$']
"""
PLAN = Plan(resolve={"localhost": "127.0.0.1"}, patience=0.0)


def captured(folder: Path) -> list[str]:
    return sorted(
        one.url for path in warc_files(folder) for one in iter_captures(path) if one.kind in ("article", "asset")
    )


def memory(crawl_db: Path) -> dict[str, list[tuple]]:
    """Return what a crawl.db holds, numbers that rows only refer by aside."""
    with closing(sqlite3.connect(crawl_db)) as database:
        own = "SELECT url, outlet, host, kind, via, state, due, day, warc_file, warc_offset FROM urls ORDER BY url"
        polls = "SELECT outlet, type, url, interval, polls, seen, fresh FROM sources ORDER BY outlet, type, url"
        led = "SELECT u.url, s.url FROM urls u JOIN sources s ON s.id = u.source ORDER BY u.url"
        runs = "SELECT r.started, count(u.id) FROM runs r LEFT JOIN urls u ON u.lease_run = r.id GROUP BY r.id"
        editions = "SELECT e.day, s.url, e.state FROM editions e JOIN sources s ON s.id = e.source ORDER BY 2, 1"
        return {sql: database.execute(sql).fetchall() for sql in (own, polls, led, runs, editions)}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Crawl the demonstration on two workers; return the folder, what it holds, and the report."""
    folder = tmp_path_factory.mktemp("cluster")
    outlets = list(load_demo_outlets(WEB_PORT).values())
    with serve(WEB_PORT, 1) as server:
        report = crawl_on("local:2", outlets, PLAN, captures=folder / "captures", crawl_db=folder / "crawl.db")
        asked = {f"http://{host}:{WEB_PORT}{path}" for host, path, _ in server.requests}
    return folder, outlets, report, asked


def test_every_page_is_captured_once(crawled):
    folder, outlets, report, asked = crawled
    found = captured(folder / "captures")
    assert len(found) == len(set(found))
    assert {one.url for one in truth(1, WEB_PORT) if one.readable} <= set(found) <= asked
    assert report.outcome == "finished"
    assert set(report.outlets) == {one.slug for one in outlets}
    assert len(report.files) == len(groups(outlets))
    assert list((folder / "captures" / "lent").iterdir()) == []


def test_worker_that_is_killed_costs_nothing(tmp_path):
    outlets, captures = list(load_demo_outlets(WEB_PORT).values()), tmp_path / "captures"
    cluster = Cluster(tmp_path / "scratch")
    killed: list[int] = []

    def kill() -> None:
        """Kill the first worker that has a crawl of which something is captured."""
        while not killed:
            time.sleep(0.05)
            crawls = {
                int(path.name.split("-")[-2]) for path in captures.glob("*.warc.gz") if path.stat().st_size > 20_000
            }
            for number in crawls & set(psutil.pids()):
                killed.append(psutil.Process(number).ppid())
                os.kill(killed[0], signal.SIGKILL)
                return

    try:
        with serve(WEB_PORT, 1):
            killer = Thread(target=kill, daemon=True)
            killer.start()
            report = crawl_on(cluster.address, outlets, PLAN, captures=captures, crawl_db=tmp_path / "crawl.db")
            killer.join(1)
    finally:
        cluster.end()
    assert killed
    assert report.outcome == "finished"
    found = captured(captures)
    assert {one.url for one in truth(1, WEB_PORT) if one.readable} <= set(found)
    assert len(found) - len(set(found)) <= 16  # at most what was in flight


def test_memory_is_one_again(crawled):
    folder, outlets, _, _ = crawled
    with closing(sqlite3.connect(folder / "crawl.db")) as database:
        assert database.execute("SELECT count(DISTINCT outlet) FROM urls").fetchone() == (len(outlets),)
        assert database.execute("SELECT count(*) FROM runs WHERE outcome = 'finished'").fetchone() == (
            len(groups(outlets)),
        )
        assert database.execute("SELECT count(*) FROM urls WHERE state = 'leased'").fetchone() == (0,)


def test_what_is_lent_comes_back_as_it_was(crawled, tmp_path):
    folder, outlets, _, _ = crawled
    home = tmp_path / "crawl.db"
    with closing(sqlite3.connect(folder / "crawl.db")) as source, closing(sqlite3.connect(home)) as copy:
        source.backup(copy)
    before = memory(home)
    with Frontier(home):
        for group in groups(outlets):
            lend(home, tmp_path / f"{group[0].slug}.db", [one.slug for one in group])
        for group in groups(outlets):
            take_back(home, tmp_path / f"{group[0].slug}.db")
    assert memory(home) == before


def test_outlets_of_one_host_stay_together():
    outlets = list(load_demo_outlets(WEB_PORT).values())
    twin = outlets[0].model_copy(update={"slug": "twin"})
    together = [[one.slug for one in group] for group in groups([*outlets, twin])]
    assert [outlets[0].slug, "twin"] in together
    assert sum(map(len, together)) == len(outlets) + 1


def test_shard_that_is_crawled_from_is_not_taken_back(crawled, tmp_path):
    folder, outlets, _, _ = crawled
    lend(folder / "crawl.db", tmp_path / "a.db", [outlets[0].slug])
    with Frontier(tmp_path / "a.db"), pytest.raises(FrontierBusy):
        take_back(folder / "crawl.db", tmp_path / "a.db")


def test_outlet_that_is_edited_while_workers_crawl_is_taken_over(loopback, tmp_path):
    """Ten minutes between two requests, until somebody changes that: the crawl ends, and says why it could."""
    links = "".join(f'<a href="/a/{one}.html">{one}</a>' for one in range(3))
    loopback.put("/list.html", links)
    for one in range(3):
        loopback.put(f"/a/{one}.html", f"<p>{one}</p>")
    captures, path = tmp_path / "captures", tmp_path / "outlets" / "paper.toml"
    path.parent.mkdir()
    path.write_text(EDITED.format(home=loopback.url("/"), delay=600), "utf-8")
    outlet = load_outlet(path)
    files = OutletFiles(path.parent, on_change=lambda one: keep_outlets(captures, [one]), every=0.1)

    def edit() -> None:
        deadline = time.monotonic() + 90
        while "/list.html" not in loopback.paths() and time.monotonic() < deadline:
            time.sleep(0.05)
        path.write_text(EDITED.format(home=loopback.url("/"), delay=0), "utf-8")
        while not over.wait(0.05) and time.monotonic() < deadline:
            pass
        (captures / "lent" / "stop").touch()

    over = Event()
    editor = Thread(target=edit)
    editor.start()
    try:
        report = crawl_on("local:1", [outlet], PLAN, captures=captures, crawl_db=tmp_path / "crawl.db", files=files)
    finally:
        over.set()
        editor.join()
    assert (report.outcome, report.outlets["paper"].new) == ("finished", 3)
    assert report.notes == ("paper: its file has changed",)
