"""A crawl of real servers in a process of its own: what is fetched, what is kept, what is left alone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Event

import pytest

from tests.small_paper import PROSE, counts, fill, rows


def test_second_run_fetches_nothing_and_recheck_everything(loopback):
    fill(loopback)
    first = loopback.crawl()
    before = len(loopback.seen)
    second = loopback.crawl()

    assert counts(first) == {"lists": 1, "new": 3}
    assert (counts(second), second["outcome"], len(loopback.seen)) == ({}, "finished", before)
    loopback.put("/a/1.html", f"<p>{PROSE}更正</p>")
    assert counts(loopback.crawl(recheck=0)) == {"lists": 1, "changed": 1, "unchanged": 2}
    assert [one.revisit_of is not None for one in loopback.captures() if "/a/" in one.url] == [False] * 3 + [
        "/a/1" not in one.url for one in loopback.captures() if "/a/" in one.url
    ][3:]


def test_limit_ends_a_run_and_the_next_goes_on(loopback):
    fill(loopback, 10)
    first = loopback.crawl(limit=4)
    second = loopback.crawl()

    assert (first["outcome"], counts(first)["new"]) == ("limit", 4)
    assert (second["outcome"], counts(second)["new"]) == ("finished", 6)
    assert max(Counter(loopback.paths()).values()) == 2  # robots.txt, once a run


@pytest.mark.parametrize("signals", [1, 2], ids=["once", "twice"])
def test_interrupt_loses_nothing(loopback, signals):
    fill(loopback, 40)
    over = Event()  # of the crawl: as long as it lasts, one that is told twice gets no answer

    def slow(request):
        over.wait(0.1 if signals == 1 else 30)
        body = PROSE.encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    for one in range(40):
        loopback.call(f"/a/{one}.html", slow)
    process = subprocess.Popen(loopback.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and len(loopback.seen) < 6:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    if signals == 2:
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    over.set()

    assert "Traceback" not in errors
    if signals == 1:
        report = json.loads(output.splitlines()[-1])
        assert (process.returncode, report["outcome"]) == (130, "interrupted")
        done = report["outlets"]["paper"]["new"]
        assert done == len([path for path in loopback.paths() if "/a/" in path])
    else:
        assert process.returncode != 0
    for one in range(40):
        loopback.put(f"/a/{one}.html", PROSE)
    assert loopback.crawl()["outcome"] == "finished"
    assert {one.url for one in loopback.captures() if one.kind == "article"} == {
        loopback.url(f"/a/{one}.html") for one in range(40)
    }


def test_crawl_that_runs_for_ever_finds_what_appears_later(loopback):
    fill(loopback, 2)
    process = subprocess.Popen(loopback.command(forever=0.2, recheck=0), stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and loopback.paths().count("/list.html") < 2:
        time.sleep(0.02)
    fill(loopback, 3)
    while time.monotonic() < deadline and "/a/2.html" not in loopback.paths():
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    runs = [outcome for (outcome,) in rows(loopback, "SELECT outcome FROM runs ORDER BY id")]

    assert process.returncode == 130
    assert json.loads(output.splitlines()[-1])["outcome"] == "interrupted"
    assert loopback.url("/a/2.html") in {one.url for one in loopback.captures()}
    assert len(runs) >= 3
    assert set(runs[:-1]) == {"finished"}


def test_full_disk_ends_the_crawl_and_what_was_kept_stays_readable(loopback):
    fill(loopback, 20)
    script = (
        "import resource, signal, sys, runpy; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000)); sys.argv = sys.argv[1:];"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    body = os.urandom(9000).hex()
    for one in range(20):
        loopback.put(f"/a/{one}.html", body + str(one))
    command = loopback.command()
    done = subprocess.run(
        [command[0], "-c", script, *command[1:]], capture_output=True, text=True, timeout=60, check=False
    )
    kept = loopback.captures()

    assert done.returncode == 1
    assert re.search(r"OSError: .Errno 27. File too large|OperationalError: (?:disk|database or disk)", done.stderr)
    assert 1 < len(kept) < 20
    assert counts(loopback.crawl())["new"] == 20 - len([one for one in kept if one.kind == "article"])


def test_folder_that_cannot_be_made_is_named(loopback):
    fill(loopback, 1)
    (loopback.folder / "file").write_text("x")
    done = loopback.crawl(check=False, captures=str(loopback.folder / "file" / "captures"))

    assert done["code"] == 1
    assert "NotADirectoryError" in done["stderr"]


def test_fault_of_the_program_is_told_and_costs_nothing_else(loopback):
    """A bug in reading one answer: its row says so, the run goes on, the exit code is not 0."""
    fill(loopback, 3)
    given = json.loads(loopback.command()[2])
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]); import crawler.handle as handle, run_crawl, json\n"
        "def broken(answer):\n"
        "    if answer.lease.url.endswith('/a/1.html'): 1 / 0\n"
        "handle.STEPS = (broken, *handle.STEPS)\n"
        "sys.exit(run_crawl.main(json.loads(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(given), str(Path(__file__).parent)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout.splitlines()[-1])

    assert done.returncode == 1
    assert counts(report) == {"lists": 1, "new": 2, "failed": 1}
    assert "ZeroDivisionError" in report["bugs"][0]
    assert rows(loopback, "SELECT error, detail FROM urls WHERE error IS NOT NULL") == [
        ("bug", "ZeroDivisionError: division by zero")
    ]


def test_what_was_lost_is_asked_for_again_and_stored_whole(loopback):
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.put("/a/1.html", "<p>the text", ETag='"1"')
    loopback.crawl()
    for path in (loopback.folder / "captures").glob("*.warc.gz"):
        path.unlink()
    loopback.crawl(recheck=0)
    (page,) = (one for one in loopback.captures() if one.url.endswith("/a/1.html"))

    assert (page.status, page.revisit_of, page.not_modified) == (200, None, False)
    assert page.body == b"<p>the text"
