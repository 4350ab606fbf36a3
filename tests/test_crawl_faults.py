"""Servers that misbehave in every way known: the crawl ends, memory stays flat, each fault is a row with a reason."""

import gzip
import json
import socket
import sqlite3
import struct
import time

import pytest

from tests.ports import free_port

LIMIT = 2_000_000  # bytes of a body that these crawls keep
PROSE = "今年以来，河湾县粮食播种面积稳中有增，单产提高，总产再创新高。" * 8


def head(request, *lines):
    request.wfile.write("\r\n".join([*lines, "", ""]).encode())
    request.wfile.flush()


def reset(request):
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()
    request.wfile = request.rfile  # nothing is left to flush
    raise ConnectionResetError


def silence(request):
    time.sleep(4)
    request.close_connection = True


def stall(request):
    head(request, "HTTP/1.1 200 OK", "Content-Length: 500")
    request.wfile.write(b"<html>")
    request.wfile.flush()
    time.sleep(4)
    request.close_connection = True


def drip(request):
    head(request, "HTTP/1.1 200 OK", "Content-Type: text/html")
    request.close_connection = True
    for _ in range(40):
        request.wfile.write(b"<p>")
        request.wfile.flush()
        time.sleep(0.1)


def too_short(request):
    head(request, "HTTP/1.1 200 OK", "Content-Length: 5000")
    request.wfile.write(b"<html>only this")
    request.close_connection = True


def too_long(request):
    head(request, "HTTP/1.1 200 OK", "Content-Length: 9")
    request.wfile.write(b"<p>nine.\nand more than it said")
    request.close_connection = True


def broken_chunks(request):
    head(request, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
    request.wfile.write(b"5\r\n<html\r\nzz\r\n")
    request.close_connection = True


def endless(request):
    head(request, "HTTP/1.1 200 OK", "Content-Type: text/html")
    request.close_connection = True
    for _ in range(2000):
        request.wfile.write(b"x" * 100_000)


def gigabyte(request):
    head(request, "HTTP/1.1 200 OK", f"Content-Length: {1 << 30}")
    request.close_connection = True
    for _ in range(2000):
        request.wfile.write(b"x" * 100_000)


def bomb(request):
    body = gzip.compress(bytes(300_000_000), 1)
    head(request, "HTTP/1.1 200 OK", "Content-Encoding: gzip", f"Content-Length: {len(body)}")
    request.wfile.write(body)


def lying_encoding(request):
    body = f"<p>{PROSE}</p>".encode()
    head(request, "HTTP/1.1 200 OK", "Content-Encoding: gzip", f"Content-Length: {len(body)}")
    request.wfile.write(body)


def no_http(request):
    request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    request.close_connection = True


def odd_status(request):
    head(request, "HTTP/1.1 999 Request denied", "Content-Length: 0")


def nothing(request):
    head(request, "HTTP/1.1 204 No Content")


def giant_header(request):
    head(request, "HTTP/1.1 200 OK", "X-Long: " + "a" * 200_000, "Content-Length: 0")
    request.close_connection = True


def odd_redirect(request):
    head(request, "HTTP/1.1 302 Found", "Location: http://[oops", "Content-Length: 0")


def circle(request):
    head(request, "HTTP/1.1 302 Found", f"Location: {request.path}", "Content-Length: 0")


# what the server does, what the row says, what of it is kept (status, WARC-Truncated; None: no answer came)
FAULTS = [
    (reset, "broken-off", None),
    (silence, "timeout", None),
    (stall, "timeout", (200, "time")),
    (drip, "timeout", (200, "time")),
    (too_short, "broken-off", (200, "disconnect")),
    (too_long, None, (200, None)),
    (broken_chunks, "broken-off", (200, "disconnect")),
    (endless, "too-large", (200, "length")),
    (gigabyte, "too-large", (200, "length")),
    (bomb, "too-large", (200, "length")),
    (lying_encoding, None, (200, None)),
    (no_http, "broken-off", None),
    (odd_status, "http-5xx", (999, None)),
    (nothing, "broken-off", (204, None)),
    (giant_header, "broken-off", None),
    (odd_redirect, "redirect", (302, None)),
    (circle, "redirect", (302, None)),
]


def errors(loopback):
    database = sqlite3.connect(loopback.folder / "crawl.db")
    try:
        return dict(database.execute("SELECT url, error FROM urls"))
    finally:
        database.close()


def test_every_fault_is_a_row_with_a_reason(loopback):
    links = [f'<a href="/a/{number}.html">x</a>' for number in range(len(FAULTS))]
    loopback.put("/list.html", "".join(links))
    for number, (fault, *_) in enumerate(FAULTS):
        loopback.call(f"/a/{number}.html", fault)
    report = loopback.crawl(timeout=2.0, max_body=LIMIT, lifetime=90)
    told = errors(loopback)
    kept = {one.url: (one.status, one.truncated) for one in loopback.captures()}
    addresses = [loopback.url(f"/a/{number}.html") for number in range(len(FAULTS))]

    assert report["outcome"] == "finished"
    assert report["bugs"] == []
    assert {fault.__name__: told[url] for (fault, *_), url in zip(FAULTS, addresses, strict=True)} == {
        fault.__name__: error for fault, error, _ in FAULTS
    }
    # the reader has a bound of its own, far above that of this crawl: the bomb is whole on disk
    assert {fault.__name__: kept.get(url) for (fault, *_), url in zip(FAULTS, addresses, strict=True)} == {
        fault.__name__: seen for fault, _, seen in FAULTS
    }
    assert report["peak_mb"] < 260


def test_no_connection_no_name_no_tls_are_told_apart(loopback):
    targets = {
        f"http://paper.localhost:{free_port()}/a/1.html": "connect",
        loopback.url("/a/2.html").replace("http:", "https:"): "tls",
        "http://no.such.host.invalid/a/3.html": "dns",
    }
    loopback.put("/list.html", "".join(f'<a href="{url}">x</a>' for url in targets))
    outlet = loopback.outlet(hosts=["no.such.host.invalid"])
    loopback.crawl(outlet, timeout=10.0)
    told = errors(loopback)

    assert {url: told[url] for url in targets} == targets


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 20}'>" for n in range(9)
)


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("feed", "<html><p>我们正在升级</p></html>", "unreadable-list"),
        ("feed", "", "unreadable-list"),
        ("feed", "<rss><channel><item><link>{a}</link></item><item><link>", None),
        ("feed", "<rss><channel><item><title>R&D & more</title><link>{a}</link></item></channel></rss>", None),
        ("feed", LAUGHS + "]><rss><channel><item><link>{a}</link><title>&j;</title></item></channel></rss>", None),
        ("sitemap", "<html></html>", "unreadable-list"),
        ("sitemap", "no xml at all", "unreadable-list"),
        ("sitemap", "<urlset><url><loc>{a}</loc></url><url><loc>{a}</lo", None),
        ("sitemap", LAUGHS + "]><urlset><url><loc>{a}</loc></url><url><loc>&j;</loc></url></urlset>", None),
        ("column", "\x00\x01\x02<a href='{a}'><<<<a<a href=\"javascript:x\">", None),
    ],
    ids=[
        *("feed: page", "feed: empty", "feed: torn", "feed: ampersand", "feed: laughs"),
        *("sitemap: page", "sitemap: text", "sitemap: torn", "sitemap: laughs", "column: garbage"),
    ],
)
def test_broken_source_gives_what_can_be_read_of_it(loopback, kind, body, error):
    url = loopback.put("/source", body.replace("{a}", loopback.url("/a/1.html")))
    loopback.put("/a/1.html", f"<p>{PROSE}</p>")
    report = loopback.crawl(loopback.outlet(sources=[{"type": kind, "url": url}]), lifetime=30)

    assert errors(loopback)[url] == error
    assert report["outlets"]["paper"]["new"] == (0 if error else 1)
    assert report["peak_mb"] < 200


def test_index_of_sitemaps_cannot_flood_the_queue(loopback):
    inside = "".join(f"<sitemap><loc>{loopback.url(f'/map{n}.xml')}</loc></sitemap>" for n in range(500))
    itself = f"<sitemap><loc>{loopback.url('/map.xml')}</loc></sitemap>"
    url = loopback.put("/map.xml", f"<sitemapindex>{itself}{inside}</sitemapindex>")
    for number in range(500):
        loopback.put(f"/map{number}.xml", f"<sitemapindex>{itself}{inside}</sitemapindex>")
    report = loopback.crawl(loopback.outlet(sources=[{"type": "sitemap", "url": url}]), lifetime=60)

    assert report["outcome"] == "finished"
    assert len([path for path in loopback.paths() if path.startswith("/map")]) == 21
    assert len(errors(loopback)) == 501


@pytest.mark.parametrize(
    "body",
    [b"\x00\xff\xfe" * 1000, b"User-agent: *\nDisallow: /a/9\n" * 300_000, b"<html>404</html>", b"Disallow: /\n"],
    ids=["garbage", "huge", "page", "no agent"],
)
def test_odd_robots_txt_does_not_stop_the_crawl(loopback, body):
    loopback.put("/robots.txt", body, Content_Type="text/plain")
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.put("/a/1.html", f"<p>{PROSE}</p>")
    report = loopback.crawl(max_body=LIMIT, lifetime=60)

    assert json.dumps(report["bugs"]) == "[]"
    assert report["outlets"]["paper"]["new"] == 1


def test_failing_robots_txt_is_no_permission(loopback):
    loopback.put("/robots.txt", b"oops", status=503)
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.crawl()

    assert loopback.paths() == ["/robots.txt"]
    assert set(errors(loopback).values()) == {"busy"}
