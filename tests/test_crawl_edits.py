"""Outlet files are read again while a crawl runs, and one that is wrong stops no other outlet."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

PROSE = "今年以来，河湾县粮食播种面积稳中有增，单产提高，总产再创新高。" * 8
FILE = """name = "河湾日报"
home = "{home}"
kind = "paper"
private = true
delay = {delay}
enabled = {enabled}

[[sources]]
type = "column"
url = "{home}list.html"

[urls]
article = ['/a/\\d+\\.html$']
never = [{never}]
"""


def fill(loopback, articles, host="paper"):
    links = "".join(f'<li><a href="/a/{one}.html">第{one}条</a></li>' for one in range(articles))
    loopback.put("/list.html", f"<ul>{links}</ul>", host=host)
    for one in range(articles):
        loopback.put(f"/a/{one}.html", f"<h1>第{one}条</h1><p>{one}{PROSE}</p>", host=host)


def edit(loopback, host="paper", *, delay=0, enabled="true", never=""):
    path = loopback.folder / "outlets" / f"{host}.toml"
    path.parent.mkdir(exist_ok=True)
    home = loopback.url("/", host)
    path.write_text(FILE.format(home=home, delay=delay, enabled=enabled, never=never), "utf-8")
    return path


def until(holds, seconds=60.0):
    """Wait for something to hold; it is the bound that fails, never the pace of this machine."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert holds()


def is_quiet(loopback):
    """Say whether a second goes by without a request, where a crawl that goes on makes ten."""
    asked = len(loopback.seen)
    time.sleep(1.0)
    return len(loopback.seen) == asked


def test_rate_rules_and_switch_of_an_outlet_are_changed_while_it_is_crawled(loopback):
    fill(loopback, 10)
    path = edit(loopback, delay=600)
    outlet = loopback.outlet(delay=600, urls={"article": [r"/a/\d+\.html$"]})
    command = loopback.command(outlet, files=str(path.parent), forever=0.1, recheck=0)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    articles = lambda: sorted(path for path in loopback.paths() if path.startswith("/a/"))  # noqa: E731
    until(lambda: "/list.html" in loopback.paths())
    assert articles() == []  # ten minutes between two requests

    edit(loopback, never=r"'/a/[5-9]\.html$'")
    until(lambda: len(set(articles())) == 5)
    path.write_text('name = "河湾日报', "utf-8")  # saved too early
    polls = loopback.paths().count("/list.html")
    until(lambda: loopback.paths().count("/list.html") > polls + 1)
    assert set(articles()) == {f"/a/{one}.html" for one in range(5)}

    edit(loopback)
    until(lambda: len(set(articles())) == 10)
    edit(loopback, enabled="false")
    until(lambda: is_quiet(loopback))
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    report = json.loads(output.splitlines()[-1])

    assert (process.returncode, report["outcome"], report["bugs"]) == (130, "interrupted", []), errors
    assert report["wrong"] == []
    assert len([note for note in report["notes"] if "not valid TOML" in note and "goes on with the file" in note]) == 1
    assert [note for note in report["notes"] if note.endswith("it is not enabled any more")]


def runs(loopback):
    with closing(sqlite3.connect(loopback.folder / "crawl.db")) as memory:
        return memory.execute("SELECT outcome, ended > started FROM runs ORDER BY id").fetchall()


def test_rounds_that_ask_for_nothing_leave_no_row(loopback):
    fill(loopback, 1)
    process = subprocess.Popen(loopback.command(forever=0.02), stdout=subprocess.PIPE, text=True)
    until(lambda: "/a/0.html" in loopback.paths() and runs(loopback)[0] == ("finished", 1))
    time.sleep(1.0)  # some thirty rounds
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    ended = runs(loopback)

    assert len(ended) <= 2  # the round that asked, and the one that the interrupt ended
    assert ended[0] == ("finished", 1)


def test_a_file_that_stays_wrong_is_told_at_the_end(loopback):
    fill(loopback, 2)
    path = edit(loopback)
    command = loopback.command(files=str(path.parent), forever=0.1)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: "/a/1.html" in loopback.paths())
    path.write_text("kind = 3", "utf-8")
    assert "paper.toml: name: Field required" in process.stderr.readline()  # told at once
    process.send_signal(signal.SIGINT)
    report = json.loads(process.communicate(timeout=60)[0].splitlines()[-1])

    assert "paper.toml: name: Field required" in report["wrong"][0]


def crawl(loopback, *words):
    command = [sys.executable, "-m", "fangzhi", "crawl", "--folder", "outlets", *words]
    return subprocess.run(command, cwd=loopback.folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def three(loopback):
    """A paper as it should be, one whose file is wrong, one that is switched off."""
    for host in ("paper", "other"):
        fill(loopback, 2, host)
    edit(loopback)
    edit(loopback, "other", enabled="false")
    (loopback.folder / "outlets" / "wrong.toml").write_text('name = "x"\nkind = "castle"', "utf-8")
    return loopback


def test_one_wrong_file_stops_no_other_outlet(three):
    done = crawl(three)
    with sqlite3.connect(three.folder / "archive.db") as database:
        articles = database.execute("SELECT count(*) FROM articles WHERE outlet = 'paper'").fetchone()
    database.close()

    assert done.returncode == 3, done.stderr
    assert "wrong.toml: kind: Input should be" in done.stderr
    assert "Traceback" not in done.stderr
    assert articles == (2,)
    assert three.paths("other") == []


@pytest.mark.parametrize(("slug", "said"), [("wrong", "wrong.toml: home"), ("other", "enabled is false")])
def test_an_outlet_that_cannot_be_crawled_is_said_why(three, slug, said):
    done = crawl(three, slug)

    assert (done.returncode, said in done.stderr) == (3, True), done.stderr


def test_a_source_that_its_file_names_no_more_is_left_alone_until_it_comes_back(loopback):
    fill(loopback, 1)
    loopback.put("/new.html", '<a href="/a/7.html">x</a>')
    loopback.put("/a/7.html", PROSE)
    old, new = ([{"type": "column", "url": loopback.url(path)}] for path in ("/list.html", "/new.html"))
    loopback.crawl(loopback.outlet(sources=old))
    loopback.crawl(loopback.outlet(sources=new), recheck=0)
    loopback.crawl(loopback.outlet(sources=old))

    assert [path for path in loopback.paths() if "/a/" not in path and "robots" not in path] == [
        "/list.html",
        "/new.html",
        "/list.html",
    ]
