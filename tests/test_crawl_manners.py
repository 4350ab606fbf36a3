"""How a crawl behaves towards those it asks: robots.txt, pauses, rests, validators, blocks, private addresses."""

import time

import pytest

from crawler.rhythm import Trouble, retry_after
from tests.small_paper import PROSE, counts, fill, rows


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
    report = loopback.crawl(patience=12, haste=20)
    ((asked,),) = rows(loopback, "SELECT asked_at - found_at FROM urls WHERE url LIKE '%/a/0.html'")

    assert counts(report) == {"lists": 1, "new": 1, "failed": 1}
    assert report["outlets"]["paper"]["troubles"] == {"http-5xx": 1}
    assert asked >= retry_after(Trouble.SERVER, 1)


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
