"""A crawl of real servers in a process of its own: what is fetched, what is kept, what is left alone."""

import gzip
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

PROSE = "今年以来，河湾县粮食播种面积稳中有增，单产提高，总产再创新高。" * 8


def fill(loopback, articles=3, *, host="paper", **headers):
    """A list page and some articles, in GB18030 that nobody declares."""
    links = "".join(f'<li><a href="/a/{one}.html">第{one}条</a></li>' for one in range(articles))
    loopback.put("/list.html", f"<ul>{links}</ul>".encode("gb18030"), host=host)
    for one in range(articles):
        body = f"<html><h1>第{one}条</h1><p>{PROSE}</p></html>".encode("gb18030")
        loopback.put(f"/a/{one}.html", body, host=host, **headers)


def rows(loopback, query, *given):
    database = sqlite3.connect(loopback.folder / "crawl.db")
    try:
        return database.execute(query, given).fetchall()
    finally:
        database.close()


def counts(report, slug="paper"):
    told = report["outlets"][slug]
    return {
        name: told[name]
        for name in ("lists", "new", "changed", "unchanged", "failed", "blocked", "refused")
        if told[name]
    }


def test_article_is_captured_byte_for_byte(loopback):
    body = "<html>县委\x00召开\xff会议".encode("gb18030") + b"\x80\xff not text"
    loopback.put("/list.html", '<a href="/a/1.html">一</a>')
    loopback.put("/a/1.html", body, X_Odd="caf\xe9")
    report = loopback.crawl()
    (capture,) = (one for one in loopback.captures() if one.url.endswith("/a/1.html"))

    assert report["outcome"] == "finished"
    assert capture.body == body
    assert (capture.status, capture.outlet, capture.kind, capture.ip) == (200, "paper", "article", "127.0.0.1")
    assert capture.header("X-Odd") == "caf\xe9"


def test_head_is_kept_as_it_came(loopback):
    def answer(request):
        request.wfile.write(
            b"HTTP/1.1 200 Gut so\r\nserver: x\r\nCONTENT-type: text/html\r\nSet-Cookie: b=2\r\nX-Twice: 1\r\n"
            b"Set-Cookie: a=1\r\nnonsense\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>a\r\n4\r\n</p>\r\n0\r\n\r\n"
        )

    loopback.put("/list.html", '<a href="/a/1.html">一</a>')
    loopback.call("/a/1.html", answer)
    loopback.crawl()
    (path,) = (loopback.folder / "captures").glob("*.warc.gz")
    wire = gzip.decompress(path.read_bytes())

    assert (
        b"HTTP/1.1 200 Gut so\r\nserver: x\r\nCONTENT-type: text/html\r\nSet-Cookie: b=2\r\nX-Twice: 1\r\n"
        b"Set-Cookie: a=1\r\nnonsense\r\nX-Fangzhi-Orig-Transfer-Encoding: chunked\r\n\r\n<p>a</p>\r\n\r\n"
    ) in wire
    assert b"X-Fangzhi-Wire-Head" not in wire


def test_packed_answer_is_kept_packed_and_read_plain(loopback):
    body = f"<html><p>{PROSE}</p></html>".encode("gb18030")
    packed = gzip.compress(body)
    loopback.put("/list.html", gzip.compress(b'<a href="/a/1.html">1</a>'), Content_Encoding="gzip")
    loopback.put("/a/1.html", packed, Content_Encoding="gzip")
    loopback.crawl()
    (path,) = (loopback.folder / "captures").glob("*.warc.gz")

    assert packed in gzip.decompress(path.read_bytes())
    assert [one.body for one in loopback.captures() if one.url.endswith("/a/1.html")] == [body]


def test_warcio_finds_nothing_wrong_with_a_crawl(loopback):
    fill(loopback)
    loopback.crawl()
    loopback.crawl(recheck=0)
    for path in (loopback.folder / "captures").glob("*.warc.gz"):
        command = [sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

        assert (done.returncode, done.stdout) == (0, "")


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


def test_unchanged_page_is_asked_for_conditionally(loopback):
    fill(loopback, 1)

    def answer(request):
        if request.headers.get("If-None-Match") == '"v1"' and request.headers.get("If-Modified-Since"):
            request.send_response(304)
            request.end_headers()
            return
        request.send_response(200)
        for name, value in (
            ("ETag", '"v1"'),
            ("Last-Modified", "Wed, 11 Mar 2026 06:00:00 GMT"),
            ("Content-Length", "5"),
        ):
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(b"<p>a\n")

    loopback.call("/a/0.html", answer)
    loopback.crawl()
    again = loopback.crawl(recheck=0)
    last = [one for one in loopback.captures() if one.url.endswith("/a/0.html")][-1]

    assert counts(again) == {"lists": 1, "unchanged": 1}
    assert (last.status, last.not_modified, last.body) == (304, True, b"<p>a\n")


def test_validators_that_lie_are_found_out(loopback):
    """The server says "not modified" for ever, though its page changes: the fifth look asks for the page itself."""
    fill(loopback, 1)

    def answer(request):
        if request.headers.get("If-None-Match"):
            request.send_response(304)
            request.end_headers()
            return
        body = f"<p>{len(loopback.seen)}{PROSE}</p>".encode()
        request.send_response(200)
        request.send_header("ETag", '"always"')
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    loopback.call("/a/0.html", answer)
    told = [counts(loopback.crawl(recheck=0)) for _ in range(7)]
    ((reason,),) = rows(loopback, "SELECT lies FROM hosts")

    assert [one.get("changed", 0) for one in told] == [0, 0, 0, 0, 0, 1, 1]
    assert 'other bytes under the same ETag "always"' in reason


def test_robots_txt_is_obeyed_and_the_decision_stored(loopback):
    fill(loopback)
    loopback.put("/robots.txt", "User-agent: *\nDisallow: /a/1\n", Content_Type="text/plain")
    report = loopback.crawl()

    assert counts(report) == {"lists": 1, "new": 2, "refused": 1}
    assert "/a/1.html" not in loopback.paths()
    assert rows(loopback, "SELECT error FROM urls WHERE url LIKE '%/a/1.html'") == [("robots",)]
    assert rows(loopback, "SELECT host FROM hosts WHERE robots_at IS NOT NULL") == [
        (f"paper.localhost:{loopback.port}",)
    ]
    assert [one.kind for one in loopback.captures() if one.url.endswith("/robots.txt")] == ["robots"]


def test_crawl_delay_of_robots_txt_is_kept(loopback):
    fill(loopback)
    loopback.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.4\n", Content_Type="text/plain")
    began = time.monotonic()
    loopback.crawl()

    assert time.monotonic() - began > 3 * 0.4 * 0.75


def test_hosts_wait_for_themselves_alone(loopback):
    for host in ("paper", "other"):
        fill(loopback, 2, host=host)
    loopback.crawl(loopback.outlet(delay=0.4), loopback.outlet(host="other"))
    times = [host for host, path, _ in loopback.seen if path.startswith("/a/")]

    assert times == ["other.localhost"] * 2 + ["paper.localhost"] * 2


def test_crawler_says_who_it_is(loopback):
    fill(loopback)
    loopback.crawl(contact="archive@example.org")
    agents = {headers["User-Agent"] for _, _, headers in loopback.seen}

    assert len(agents) == 1
    assert re.fullmatch(r"Fangzhi/[\d.]+ \(archive of regional news; archive@example\.org\)", agents.pop())
    (path,) = (loopback.folder / "captures").glob("*.warc.gz")
    assert b"http-header-user-agent: Fangzhi/" in gzip.decompress(path.read_bytes())


def test_column_is_followed_to_its_end_once_then_to_what_is_known(loopback):
    names = ["/list.html", "/list_2.html", "/list_3.html", "/list_4.html"]
    for number, name in enumerate(names):
        more = f'<a href="{names[number + 1]}">下一页</a>' if number < 3 else ""
        loopback.put(name, f'<a href="/a/{number}.html">x</a>{more}'.encode("gb18030"))
        loopback.put(f"/a/{number}.html", f"<p>{number}{PROSE}</p>")
    loopback.crawl()
    first = [path for path in loopback.paths() if "list" in path]
    loopback.put("/list.html", '<a href="/a/9.html">x</a><a href="/list_2.html">下一页</a>'.encode("gb18030"))
    loopback.put("/a/9.html", f"<p>9{PROSE}</p>")
    loopback.crawl(recheck=0)
    second = [path for path in loopback.paths() if "list" in path][len(first) :]

    assert first == names
    assert second == names[:2]


def test_column_ends_where_the_outlet_says(loopback):
    for number in range(1, 9):
        loopback.put(
            "/list.html" if number == 1 else f"/list_{number}.html",
            f'<a href="/a/{number}.html">x</a><a href="/list_{number + 1}.html">下一页</a>',
        )
    source = {"type": "column", "url": loopback.url("/list.html"), "next": "下一页", "pages": 3}
    loopback.crawl(loopback.outlet(sources=[source]))

    assert [path for path in loopback.paths() if "list" in path] == ["/list.html", "/list_2.html", "/list_3.html"]


def test_missing_edition_is_noted_and_looked_for_again(loopback):
    for day in ("06", "08"):
        base = f"/html/2026-03/{day}"
        loopback.put(f"{base}/node_1.htm", '<a href="node_2.htm">2</a><a href="content_1.htm">x</a>')
        loopback.put(f"{base}/node_2.htm", '<a href="node_1.htm">1</a><area href="content_2.htm">')
        for number in (1, 2):
            loopback.put(f"{base}/content_{number}.htm", f"<p>{day}{number}{PROSE}</p>")
    source = {
        "type": "epaper",
        "url": loopback.url("/html/%Y-%m/%d/node_1.htm"),
        "since": "2026-03-06",
        "until": "2026-03-08",
    }
    urls = {"article": [r"/content_\d+\.htm$"], "list": [r"/node_\d+\.htm$"]}
    outlet = loopback.outlet(sources=[source], urls=urls)
    report = loopback.crawl(outlet)
    editions = rows(loopback, "SELECT day, state, pages, articles FROM editions ORDER BY day")

    assert counts(report) == {"lists": 4, "new": 4, "failed": 1}
    assert editions == [
        ("2026-03-06", "obtained", 2, 2),
        ("2026-03-07", "missing", 0, 0),
        ("2026-03-08", "obtained", 2, 2),
    ]
    base = "/html/2026-03/07"
    loopback.put(f"{base}/node_1.htm", '<a href="content_1.htm">x</a>')
    loopback.put(f"{base}/content_1.htm", f"<p>late{PROSE}</p>")
    loopback.crawl(outlet, recheck=0)
    assert rows(loopback, "SELECT state, articles FROM editions WHERE day = '2026-03-07'") == [("obtained", 1)]


def test_days_outside_the_range_are_left_out(loopback):
    source = {
        "type": "epaper",
        "url": loopback.url("/html/%Y-%m/%d/node_1.htm"),
        "since": "2026-03-01",
        "until": "2026-03-31",
    }
    for day in range(1, 32):
        loopback.put(f"/html/2026-03/{day:02}/node_1.htm", '<a href="content_1.htm">x</a>')
        loopback.put(f"/html/2026-03/{day:02}/content_1.htm", f"<p>{day}{PROSE}</p>")
    urls = {"article": [r"/content_\d+\.htm$"], "list": [r"/node_\d+\.htm$"]}
    loopback.crawl(loopback.outlet(sources=[source], urls=urls, delay=0.01), since="2026-03-10", until="2026-03-12")
    asked = [path for path in loopback.paths() if "node" in path]

    assert asked == [f"/html/2026-03/{day}/node_1.htm" for day in (12, 11, 10)]


def test_feed_and_sitemap_lead_to_articles_on_own_hosts_alone(loopback):
    loopback.put("/a/1.html", f"<p>1{PROSE}</p>")
    loopback.put("/a/2.html", f"<p>2{PROSE}</p>")
    loopback.put(
        "/rss.xml",
        f"\n<?xml version='1.0'?><rss><channel><item><link>{loopback.url('/a/1.html')}</link></item>"
        f"<item><link>{loopback.url('/a/7.html', 'stranger')}</link></item></channel></rss>",
    )
    index = f"<sitemapindex><sitemap><loc>{loopback.url('/map1.xml.gz')}</loc></sitemap></sitemapindex>"
    loopback.put("/map.xml", index)
    locations = [f"<url><loc>{loopback.url(path)}</loc></url>" for path in ("/a/2.html", "/about")]
    entry = f"<urlset>{''.join(locations)}</urlset>"
    loopback.put("/map1.xml.gz", gzip.compress(entry.encode()), Content_Type="application/gzip")
    sources = [{"type": "feed", "url": loopback.url("/rss.xml")}, {"type": "sitemap", "url": loopback.url("/map.xml")}]
    report = loopback.crawl(loopback.outlet(sources=sources))

    assert counts(report) == {"lists": 3, "new": 2}
    assert loopback.paths("stranger") == []
    assert "/about" not in loopback.paths()


def test_attachments_of_a_notice_are_captured(loopback):
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.put("/a/1.html", f"<p>{PROSE}</p><a href='/files/附件.pdf'>附件</a> <a href=/files/b.docx>b</a>")
    loopback.put("/files/%E9%99%84%E4%BB%B6.pdf", b"%PDF-1.4 x", Content_Type="application/pdf")
    loopback.put("/files/b.docx", b"PK", Content_Type="application/octet-stream")
    report = loopback.crawl()

    assert counts(report)["new"] == 3
    assert sorted(one.body for one in loopback.captures() if one.kind == "asset") == [b"%PDF-1.4 x", b"PK"]


def test_redirect_is_a_row_and_stays_on_own_hosts(loopback):
    loopback.put("/list.html", "".join(f'<a href="/a/{one}.html">x</a>' for one in (1, 2, 3, 4)))
    loopback.put("/a/1.html", status=301, Location="/a/5.html")
    loopback.put("/a/5.html", f"<p>moved{PROSE}</p>")
    loopback.put("/a/2.html", status=302, Location=loopback.url("/a/2.html", "stranger"))
    loopback.put("/a/3.html", status=302, Location="/a/4.html")
    loopback.put("/a/4.html", status=302, Location="/a/3.html")
    report = loopback.crawl()
    state = dict(rows(loopback, "SELECT substr(url, -7), coalesce(verdict, error) FROM urls WHERE kind = 'article'"))

    assert report["outcome"] == "finished"
    assert loopback.paths("stranger") == []
    assert state == {
        "/1.html": "redirect",
        "/2.html": "redirect",
        "/3.html": "redirect",
        "/4.html": "redirect",
        "/5.html": None,
    }
    assert max(Counter(loopback.paths()).values()) == 1


def test_blocked_page_is_kept_and_shown_as_blocked(loopback):
    fill(loopback, 2)
    loopback.put("/a/0.html", "<script>document.cookie='a=1';location.reload()</script>", status=521)
    report = loopback.crawl()

    assert counts(report) == {"lists": 1, "new": 1, "blocked": 1}
    assert rows(loopback, "SELECT error, state FROM urls WHERE url LIKE '%/a/0.html'") == [("blocked", "waiting")]
    assert [one.status for one in loopback.captures() if one.url.endswith("/a/0.html")] == [521]


def test_host_that_blocks_three_times_is_left_in_peace(loopback):
    fill(loopback, 30)
    for one in range(30):
        loopback.put(f"/a/{one}.html", "<script>document.cookie='a=1';location.reload()</script>", status=521)
    report = loopback.crawl()
    ((reason,),) = rows(loopback, "SELECT cool_reason FROM hosts WHERE cool_until > 0")

    assert 3 <= counts(report)["blocked"] <= 11  # what was in flight at the third
    assert reason.startswith("blocked: cookie_challenge")
    before = len(loopback.seen)
    loopback.crawl()
    assert len(loopback.seen) == before


def test_busy_server_is_given_the_time_it_asks_for(loopback):
    fill(loopback, 1)
    loopback.put("/a/0.html", b"", status=503, Retry_After="7200")
    loopback.crawl()
    ((wait,),) = rows(loopback, "SELECT due - asked_at FROM urls WHERE error = 'busy'")

    assert round(wait) == 7200


def test_failed_page_is_tried_again_in_the_same_run_where_there_is_time(loopback):
    fill(loopback, 1)
    answers = iter([500])

    def answer(request):
        status = next(answers, 200)
        request.send_response(status)
        request.send_header("Content-Length", "4")
        request.end_headers()
        request.wfile.write(b"<p>a")

    loopback.call("/a/0.html", answer)
    report = loopback.crawl(patience=12)

    assert counts(report) == {"lists": 1, "new": 1, "failed": 1}
    assert report["outlets"]["paper"]["troubles"] == {"http-5xx": 1}


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/secret", "http://inside.localhost:{port}/secret"])
def test_private_address_is_refused_wherever_it_comes_from(loopback, target):
    secret = target.format(port=loopback.port)
    loopback.put("/secret", "secret")
    loopback.put("/secret", "secret", host="inside")
    loopback.put("/rss.xml", f"<rss><channel><item><link>{secret}</link></item></channel></rss>")
    loopback.put("/list.html", f'<a href="{secret}">x</a><a href="/go">y</a>')
    loopback.put("/go", status=302, Location=secret)
    host = secret.split("/")[2].partition(":")[0]
    rules = {"article": ["/secret$", "/go$"], "list": ["/list"]}
    # the paper may be private; what its pages lead to belongs to an outlet that is not
    paper = loopback.outlet(urls=rules)
    other = loopback.outlet(
        host="inside", private=False, home=secret, hosts=[host], urls=rules, sources=[{"type": "column", "url": secret}]
    )
    report = loopback.crawl(paper, other)

    assert report["outlets"]["inside"]["troubles"] == {"private-address": 1}
    assert not [path for _, path, _ in loopback.seen if path == "/secret"]
    ((detail,),) = rows(loopback, "SELECT detail FROM urls WHERE error = 'private-address'")
    assert "127.0.0.1" in detail


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

    def slow(request):
        time.sleep(0.1 if signals == 1 else 1.5)
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
    began = time.monotonic()
    if signals == 2:
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)

    assert "Traceback" not in errors
    if signals == 1:
        report = json.loads(output.splitlines()[-1])
        assert (process.returncode, report["outcome"]) == (130, "interrupted")
        done = report["outlets"]["paper"]["new"]
        assert done == len([path for path in loopback.paths() if "/a/" in path])
    else:
        assert time.monotonic() - began < 1.3
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
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and loopback.paths().count("/list.html") < 2:
        time.sleep(0.02)
    fill(loopback, 3)
    while time.monotonic() < deadline and "/a/2.html" not in loopback.paths():
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
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
