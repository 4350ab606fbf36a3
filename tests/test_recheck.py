"""A recheck looks at what is held and at nothing else, and tells what changed, went and came back."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.lease import Failure, Found, Outcome, lease_of
from crawler.recheck import RecheckFrontier
from crawler.rhythm import Trouble
from crawler.stored import Stored
from fangzhi.demo import load_demo_outlets, serve, truth
from tests.ports import free_port

WEB_PORT = free_port()  # the demonstration's addresses hold it
DAY = 86_400


def fangzhi(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fangzhi", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture(scope="module")
def looks(tmp_path_factory) -> tuple[Path, list[list[dict[str, str]]], list[set[str]]]:
    """Crawl day 1, look again on day 2, and once more when it is day 1 again.

    Return the folder, what each look told, and the addresses that each asked for.
    """
    folder = tmp_path_factory.mktemp("recheck")
    made = fangzhi(folder, "demo", "--day", "1", "--no-serve", "--web-port", str(WEB_PORT))
    assert made.returncode == 0, made.stderr
    told, asked = [], []
    for day in (2, 1):
        with serve(WEB_PORT, day) as server:
            done = fangzhi(folder, "recheck", "--json")
            asked.append({f"http://{host}:{WEB_PORT}{path}" for host, path, _ in server.requests})
        assert done.returncode == 0, done.stderr
        told.append(json.loads(done.stdout))
    return folder, told, asked


def readable(day: int) -> set[str]:
    return {one.url for one in truth(day, WEB_PORT) if one.readable}


EDITED = f"http://news.huaize.localhost:{WEB_PORT}/2026/03/04/c_100233.html"


def test_the_next_day_shows_what_changed_and_what_is_gone(looks):
    told = {(one["kind"], one["url"]) for one in looks[1][0]}

    assert told == {("changed", EDITED), *(("missing", url) for url in readable(1) - readable(2))}
    assert "missing" in {kind for kind, _ in told}


def test_what_comes_back_is_said_to_be_back(looks):
    told = {(one["kind"], one["url"]) for one in looks[1][1]}

    assert told == {("changed", EDITED), *(("back", url) for url in readable(1) - readable(2))}


def test_nothing_is_asked_for_that_was_not_held(looks):
    folder, _, asked = looks
    with closing(sqlite3.connect(folder / "crawl.db")) as database:
        kinds = dict(database.execute("SELECT url, kind FROM urls"))
    pages = {url for url in asked[0] if not url.endswith("/robots.txt")}

    assert readable(1) <= pages
    assert {kinds[url] for url in pages} <= {"article", "asset"}
    assert not pages & (readable(2) - readable(1))


def test_an_outlet_is_looked_at_alone(looks):
    folder = looks[0]
    slug = next(name for name, one in load_demo_outlets(WEB_PORT).items() if one.owns(EDITED))
    hosts = set(load_demo_outlets(WEB_PORT)[slug].all_hosts)
    with serve(WEB_PORT, 1) as server:
        done = fangzhi(folder, "recheck", "--limit", "3", slug)
        asked = [(host, path) for host, path, _ in server.requests.elements() if path != "/robots.txt"]

    assert done.returncode == 0, done.stderr
    assert len(asked) == 3
    assert {host for host, _ in asked} <= hosts
    assert (done.stdout, "looked at 3 addresses" in done.stderr) == ("", True)


def test_what_was_looked_at_lately_is_left_alone(looks):
    folder = looks[0]
    with serve(WEB_PORT, 1) as server:
        done = fangzhi(folder, "recheck", "--older-than", "1")

    assert done.returncode == 0, done.stderr
    assert sum(server.requests.values()) == 0


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [(["nobody"], 3, "nobody"), (["--crawl-db", "nowhere.db"], 4, "nowhere.db"), (["--older-than", "-1"], 2, "-1")],
)
def test_a_mistake_is_one_clear_line(looks, words, code, named):
    done = fangzhi(looks[0], "recheck", *words)

    assert done.returncode == code, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def stored(url: str) -> Stored:
    return Stored(warc_file="a.warc.gz", offset=1, record_id="<urn:uuid:1>", date="2026", digest="sha256:1", url=url)


@pytest.fixture
def memory(tmp_path):
    """A memory of four articles that were held on four days, of two that never were, of one list."""
    urls = [f"http://paper.example/{n}.html" for n in range(4)]
    now = [0.0]
    with RecheckFrontier(tmp_path / "crawl.db", older_than=timedelta(days=2)) as frontier:
        frontier.clock = lambda: now[0]
        found = [Found(url=url, kind="article") for url in urls]
        frontier.begin()
        frontier.add("paper", [Found(url="http://paper.example/list", kind="column"), *found])
        never = ("http://paper.example/never.html", "http://paper.example/failed.html")
        frontier.add("paper", [Found(url=url, kind="article") for url in never])
        frontier.database.execute("UPDATE urls SET state = 'leased' WHERE url = ?", [never[1]])
        frontier.fail(leases(frontier)[0], Failure(trouble=Trouble.TIMEOUT))
        for n, url in enumerate(urls):
            now[0] = n * DAY
            frontier.database.execute("UPDATE urls SET state = 'leased' WHERE url = ?", [url])
            lease = next(one for one in leases(frontier) if one.url == url)
            frontier.acknowledge(lease, Outcome(status=200, stored=stored(url), changed=True))
        now[0] = 4.5 * DAY
        frontier.begin()
        frontier.due(["paper"], older_than=0)
        yield frontier, now, urls


def leases(frontier):
    return [lease_of(row) for row in frontier.database.execute("SELECT * FROM urls WHERE state = 'leased'")]


def taken(frontier) -> list[str]:
    found = []
    while lease := frontier.lease("paper.example", ["paper"]):
        found.append(lease.url)
    return found


def test_what_was_looked_at_longest_ago_comes_first(memory):
    frontier, _, urls = memory

    assert frontier.queued(["paper"]) == {"paper": 3}
    assert frontier.hosts(["paper"]) == ["paper.example"]
    assert taken(frontier) == urls[:3]
    assert frontier.next_due("paper.example", ["paper"]) is None


def test_where_a_redirect_leads_is_followed_in_the_same_run(memory):
    frontier, _, urls = memory
    lease = frontier.lease("paper.example", ["paper"])
    moved = Found(url="http://paper.example/new/0.html", kind="article", hops=1)
    frontier.acknowledge(lease, Outcome(status=301, stored=None, changed=False, again=False), [moved])

    assert taken(frontier) == [moved.url, *urls[1:3]]


def test_a_failure_is_tried_again_in_the_same_run_when_its_time_has_come(memory):
    frontier, now, urls = memory
    lease = frontier.lease("paper.example", ["paper"])
    wait = frontier.fail(lease, Failure(trouble=Trouble.TIMEOUT))
    taken(frontier)
    due = frontier.next_due("paper.example", ["paper"])
    now[0] += wait

    assert due == 4.5 * DAY + wait
    assert taken(frontier) == urls[:1]


def test_what_is_gone_was_looked_at_too(memory):
    frontier, now, urls = memory
    frontier.fail(frontier.lease("paper.example", ["paper"]), Failure(trouble=Trouble.GONE))
    now[0] += 1.5 * DAY
    frontier.begin()
    frontier.due(["paper"], older_than=0)

    assert taken(frontier) == urls[1:]
