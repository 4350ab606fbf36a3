"""Equal bytes are kept once: at one address and at others, in one crawl and over many that ended in order."""

import gzip
import json
import re
import sqlite3
import subprocess
import sys

import pytest

from crawler.wacz import Page, export_wacz, import_wacz
from pipelines.build import build

LINES = [f"河湾县第{one}号通报：粮食播种面积稳中有增，单产提高，负责人表示将按计划推进。" for one in range(20)]
NOTICE = f"<html><title>通报</title><h1>秋粮通报</h1>{''.join(f'<p>{line}</p>' for line in LINES)}</html>"


def put(loopback, *names, body=NOTICE):
    for name in names:
        loopback.put(f"/a/{name}.html", body)
    loopback.put("/list.html", "".join(f'<a href="/a/{name}.html">x</a>' for name in names))


def records(loopback, kind="revisit"):
    """The heads of all records of a type, as fields, in the order of the files."""
    head = re.compile(rf"WARC/1\.1\r\nWARC-Type: {kind}\r\n.*?\r\n\r\n".encode(), re.DOTALL)
    wholes = [gzip.decompress(path.read_bytes()) for path in sorted((loopback.folder / "captures").glob("*.warc.gz"))]
    heads = [found.decode() for whole in wholes for found in head.findall(whole)]
    return [dict(line.split(": ", 1) for line in one.splitlines()[1:] if line) for one in heads]


@pytest.fixture
def twice(loopback):
    """Two addresses of one text, crawled by one run."""
    put(loopback, 1, 2)
    loopback.crawl(loopback.outlet(delay=0.01))  # one at a time: the first is acknowledged before the second is kept
    return loopback


def test_equal_bytes_of_another_address_become_a_revisit_that_every_reader_resolves(twice, tmp_path):
    (revisit,) = records(twice)
    pages = [one for one in twice.captures() if one.kind == "article"]
    outlet = twice.outlet()
    report = build(twice.folder / "captures", tmp_path / "archive.db", {"paper": outlet}, workers=0)
    with sqlite3.connect(tmp_path / "archive.db") as archive:
        texts = archive.execute("SELECT text FROM articles").fetchall()
    archive.close()

    assert revisit["WARC-Target-URI"] == twice.url("/a/2.html")
    assert revisit["WARC-Refers-To-Target-URI"] == twice.url("/a/1.html")
    assert revisit["WARC-Profile"].endswith("/revisit/identical-payload-digest")
    assert [one.body.decode() for one in pages] == [NOTICE, NOTICE]
    assert (len(texts), len(set(texts)), report.lost) == (2, 1, False)


def test_a_revisit_of_another_address_leaves_as_a_whole_record(twice, tmp_path):
    (page,) = (one for one in twice.captures() if one.url.endswith("/a/2.html"))
    export_wacz(tmp_path / "page.wacz", twice.folder / "captures", [Page(capture=page)])
    import_wacz(tmp_path / "page.wacz", tmp_path / "other")
    (path,) = (tmp_path / "other").glob("*.warc.gz")

    assert NOTICE.encode() in gzip.decompress(path.read_bytes())
    assert b"WARC-Type: revisit" not in gzip.decompress(path.read_bytes())


def test_other_tools_and_our_own_check_find_nothing_wrong_with_it(twice):
    (path,) = (twice.folder / "captures").glob("*.warc.gz")
    warcio = [sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", str(path)]
    checked = subprocess.run(warcio, capture_output=True, text=True, timeout=60, check=False)
    (twice.folder / "none").mkdir()
    ours = [
        subprocess.run([sys.executable, "-m", "fangzhi", *words], cwd=twice.folder, capture_output=True, check=False)
        for words in (["build", "--folder", "none"], ["verify"])
    ]

    assert (checked.returncode, checked.stdout) == (0, "")
    assert [done.returncode for done in ours] == [0, 0], ours[-1].stdout


def test_only_crawls_that_ended_in_order_are_referred_to(loopback):
    put(loopback, 1)
    loopback.crawl()
    with sqlite3.connect(loopback.folder / "crawl.db") as memory:
        memory.execute("UPDATE runs SET outcome = NULL, ended = NULL")  # as a kill leaves it
    memory.close()
    put(loopback, 1, 2)
    loopback.crawl(loopback.outlet(delay=0.01), recheck=0)
    after_a_kill = [one["WARC-Target-URI"][-7:] for one in records(loopback)]
    put(loopback, 1, 2, 3)
    loopback.crawl(loopback.outlet(delay=0.01), recheck=0)
    after_another = [one["WARC-Target-URI"][-7:] for one in records(loopback)]

    # the killed run is no target, not even of its own address; within the next run the first page kept is one
    assert len(after_a_kill) == 1
    assert sorted(after_another[1:]) == ["/1.html", "/2.html", "/3.html"]
    assert len({one["WARC-Refers-To-Filename"] for one in records(loopback)}) == 1


def test_small_payloads_are_stored_again(loopback):
    put(loopback, 1, 2, body="<p>暂无内容</p>")
    loopback.crawl(loopback.outlet(delay=0.01))

    assert records(loopback) == []


def test_a_lost_file_is_referred_to_no_more(twice):
    for path in (twice.folder / "captures").glob("*.warc.gz"):
        path.unlink()
    put(twice, 3)
    twice.crawl(twice.outlet(delay=0.01), recheck=0)

    assert [one.body.decode() for one in twice.captures() if one.url.endswith("/a/3.html")] == [NOTICE]
    assert all(
        one["WARC-Refers-To-Filename"] in {p.name for p in (twice.folder / "captures").iterdir()}
        for one in records(twice)
    )


def test_warcinfo_says_what_the_run_was_asked_to_do(loopback):
    put(loopback, 1)
    loopback.crawl(limit=7, since="2026-03-01", contact="archive@example.org")
    (path,) = (loopback.folder / "captures").glob("*.warc.gz")
    (options,) = re.findall(rb"\r\noptions: (\{.*\})\r\n", gzip.decompress(path.read_bytes()))
    told = json.loads(options)

    assert (told["outlets"], told["limit"], told["since"], told["until"]) == (["paper"], 7, "2026-03-01", None)
    assert told["known_only"] is False
