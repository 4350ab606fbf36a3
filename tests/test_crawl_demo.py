"""The demonstration web is crawled whole, also when the crawl is killed, and anew on its next day."""

import random
import sqlite3
import subprocess
import time
from collections import Counter

import pytest

from crawler.reader import iter_captures
from fangzhi.demo import load_demo_outlets, serve, truth

PAGES = {"article", "notice"}


@pytest.fixture
def web(tmp_path, loopback):
    """The demonstration web on a port of its own, crawled as other tests crawl theirs."""
    with serve(0) as server:
        outlets = list(load_demo_outlets(server.port).values())
        loopback.crawl_demo = lambda **options: loopback.crawl(*outlets, **options)
        loopback.demo_command = lambda: loopback.command(*outlets)
        loopback.demo = server
        yield loopback


def held(web, kinds=PAGES | {"attachment"}, day=1):
    """Return the addresses that are to be had on a day and that no capture holds with status 200."""
    wanted = {record.url for record in truth(day, web.demo.port) if record.kind in kinds}
    return wanted, wanted - {one.url for one in web.captures() if one.status == 200}


def test_every_page_of_the_demonstration_is_captured_once(web):
    report = web.crawl_demo()
    wanted, missing = held(web)
    asked = Counter({(host, path): n for (host, path, _), n in web.demo.requests.items()})

    assert report["outcome"] == "finished"
    assert len(wanted) > 90
    assert missing == set()
    assert {key for key, n in asked.items() if n > 1} == set()


def test_what_the_demonstration_withholds_is_told_from_its_pages(web):
    web.crawl_demo()
    kinds = {record.url: record.kind for record in truth(1, web.demo.port)}
    database = sqlite3.connect(web.folder / "crawl.db")
    troubles = dict(database.execute("SELECT url, error FROM urls WHERE error IS NOT NULL"))
    missing = database.execute("SELECT day FROM editions WHERE state = 'missing'").fetchall()
    database.close()
    asked = {f"http://{host}:{web.demo.port}{path}" for host, path, _ in web.demo.requests}

    assert {kinds[url] for url, error in troubles.items() if error == "blocked"} == {"blocked"}
    assert not [url for url, error in troubles.items() if kinds.get(url) in PAGES]
    assert missing == [("2026-03-09",)]
    assert not [url for url in asked if kinds.get(url) == "disallowed"]


def test_next_day_brings_what_is_new_and_shows_what_is_gone(web):
    web.crawl_demo()
    first = {record.url: record for record in truth(1, web.demo.port) if record.kind in PAGES}
    web.demo.day = 2
    report = web.crawl_demo(recheck=0)
    second = {record.url: record for record in truth(2, web.demo.port) if record.kind in PAGES}
    _, missing = held(web, PAGES, 2)
    gone = set(first) - set(second)
    database = sqlite3.connect(web.folder / "crawl.db")
    errors = dict(database.execute("SELECT url, error FROM urls"))
    database.close()

    assert missing == set()
    assert sum(counts["new"] for counts in report["outlets"].values()) >= len(set(second) - set(first)) > 0
    assert gone
    assert {errors[url] for url in gone} <= {"gone", "soft-404"}
    assert any(one.not_modified for one in web.captures())


def test_killed_demonstration_crawl_goes_on_without_loss(web):
    chance = random.Random(8413)
    for _ in range(3):
        before = sum(web.demo.requests.values())
        goal = before + chance.randint(5, 30)
        process = subprocess.Popen(web.demo_command(), stdout=subprocess.DEVNULL)
        while process.poll() is None and sum(list(web.demo.requests.values())) < goal:
            time.sleep(0.002)
        process.kill()
        process.wait()
    web.crawl_demo()
    _, missing = held(web)
    for path in (web.folder / "captures").glob("*.warc.gz"):
        assert list(iter_captures(path))

    assert missing == set()
