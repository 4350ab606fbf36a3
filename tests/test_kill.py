"""A crawl that is killed at any moment and started again loses nothing."""

import random
import sqlite3
import subprocess
import time
from collections import Counter

import pytest

from crawler.outlet import Outlet
from crawler.reader import iter_captures

ARTICLES = 80
IN_FLIGHT = 8  # requests at once to a host without delay


@pytest.fixture
def site(loopback):
    """A column of four pages, twenty articles each; every answer takes a moment."""

    def slow(body):
        def answer(request):
            time.sleep(0.01)
            request.send_response(200)
            request.send_header("Content-Type", "text/html")
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        return answer

    names = ["/list.html", "/list_2.html", "/list_3.html", "/list_4.html"]
    for number, name in enumerate(names):
        links = [f'<a href="/a/{one}.html">第{one}条</a>' for one in range(number * 20, number * 20 + 20)]
        more = f'<a href="{names[number + 1]}">下一页</a>' if number < 3 else ""
        loopback.call(name, slow(("<ul>" + "<li>".join(links) + "</ul>" + more).encode("gb18030")))
    for one in range(ARTICLES):
        loopback.call(f"/a/{one}.html", slow(f"<h1>第{one}条</h1><p>{'河湾水位平稳。' * 50}</p>".encode("gb18030")))
    return loopback


def killed_after(site, requests: int, *outlets: Outlet, **options) -> bool:
    """Start a crawl and kill it once the site has answered so many more requests; return whether it still ran."""
    before = len(site.seen)
    process = subprocess.Popen(site.command(*outlets, **options), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while process.poll() is None and len(site.seen) - before < requests and time.monotonic() < deadline:
        time.sleep(0.002)
    running = process.poll() is None
    process.kill()
    _, stderr = process.communicate(timeout=60)
    assert b"Traceback" not in stderr, stderr.decode()
    return running


def assert_nothing_was_lost(site, kills: int) -> None:
    wanted = {site.url(f"/a/{one}.html") for one in range(ARTICLES)}
    whole = Counter()
    for path in (site.folder / "captures").glob("*.warc.gz"):
        whole.update(capture.url for capture in iter_captures(path))  # raises where a record is torn
    database = sqlite3.connect(site.folder / "crawl.db")
    rows = dict(database.execute("SELECT url, state FROM urls WHERE kind = 'article' AND warc_file IS NOT NULL"))
    fetched = Counter(path for path in site.paths() if path.startswith("/a/"))
    database.close()

    assert wanted <= set(whole)
    assert rows == dict.fromkeys(wanted, "waiting")
    assert not list((site.folder / "captures").glob("*.open"))
    assert sum(fetched.values()) <= ARTICLES + kills * IN_FLIGHT


def test_crawl_killed_at_random_moments_loses_nothing(site):
    chance, kills = random.Random(20260311), 0
    for _ in range(6):
        kills += killed_after(site, chance.randint(1, 25))
    report = site.crawl()

    assert report["outcome"] == "finished"
    assert kills >= 4
    assert_nothing_was_lost(site, kills)


@pytest.mark.parametrize("number", [1, 2, 7, 40])
def test_crawl_killed_inside_a_write_loses_nothing(site, number):
    torn = site.crawl(check=False, die_in_write=number)
    report = site.crawl()

    assert torn["code"] == -9
    assert report["cut"] > 0
    assert_nothing_was_lost(site, 1)


@pytest.mark.parametrize("number", [1, 2, 7, 40])
def test_crawl_killed_inside_an_acknowledgement_loses_nothing(site, number):
    torn = site.crawl(check=False, die_in_acknowledgement=number)
    site.crawl()

    assert torn["code"] == -9
    assert_nothing_was_lost(site, 1)
