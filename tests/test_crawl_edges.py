"""What is rare and must hold all the same: IPv6 hosts, answers cut off by the clock, the line that forbids."""

import socket
import sqlite3
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from protego import Protego
from twisted.internet.error import DNSLookupError

from crawler.guard import ipv6_of
from crawler.robots import AGENT, RobotsLines

ROBOTS = b"""# for all
User-agent: *
Disallow: /cgi/
Disallow: /a/   # but
Allow: /a/open
Disallow: /*.php$
Disallow: /zh/%E9%99%84

User-agent: Otherbot
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/a/1.html", "line 4: Disallow: /a/"),
        ("/a/open/1.html", "line 5: Allow: /a/open"),
        ("/x.php", "line 6: Disallow: /*.php$"),
        ("/x.php?a=1", None),
        ("/zh/附件.pdf", "line 7: Disallow: /zh/%E9%99%84"),
        ("/", None),
    ],
)
def test_the_line_of_robots_txt_that_decides_is_named(path, line):
    url = f"http://paper.example{path}"

    assert RobotsLines(ROBOTS, None).line_for(url) == line
    assert Protego.parse(ROBOTS.decode()).can_fetch(url, AGENT) == (line is None or "Allow" in line)


def test_a_refused_address_says_which_line_refused_it(loopback):
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.put("/robots.txt", ROBOTS, Content_Type="text/plain")
    report = loopback.crawl()
    with sqlite3.connect(loopback.folder / "crawl.db") as database:
        told = database.execute("SELECT error, detail FROM urls WHERE error IS NOT NULL").fetchall()
    database.close()

    assert report["outlets"]["paper"]["refused"] == 1
    assert told == [("robots", "robots.txt, line 4: Disallow: /a/")]


def test_what_came_before_the_time_was_up_is_kept_and_flagged(loopback):
    def stall(request):
        request.send_response(200)
        request.send_header("Content-Length", "500")
        request.end_headers()
        request.wfile.write(b"<html>all that came")
        request.wfile.flush()
        request.rfile.read(1)  # until the crawl hangs up

    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.call("/a/1.html", stall)
    report = loopback.crawl(timeout=1.0)
    (kept,) = (one for one in loopback.captures() if one.url.endswith("/a/1.html"))

    assert report["outlets"]["paper"]["troubles"] == {"timeout": 1}
    assert (kept.status, kept.body, kept.truncated, kept.ip) == (200, b"<html>all that came", "time", "127.0.0.1")


class SixServer(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@pytest.fixture
def six():
    """A paper that has an address of version 6 alone."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            pages = {"/list.html": b"<a href=/a/1.html>x</a>", "/a/1.html": b"<p>the only one"}
            self.send_response(200 if self.path in pages else 404)
            self.end_headers()
            self.wfile.write(pages.get(self.path, b""))

        def log_message(self, *given):
            """Print nothing."""

    try:
        server = SixServer(("::1", 0), Handler)
    except OSError:
        pytest.skip("this machine has no loopback address of IP version 6")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("host", ["[::1]", "six.localhost"])
def test_a_host_of_ip_version_6_is_crawled(loopback, six, host):
    home = f"http://{host}:{six}/"
    outlet = loopback.outlet(home=home, sources=[{"type": "column", "url": f"{home}list.html"}])
    report = loopback.crawl(outlet, resolve={"six.localhost": "::1"})

    assert report["outlets"]["paper"]["new"] == 1
    assert {(one.url, one.ip) for one in loopback.captures() if one.kind == "article"} == {(f"{home}a/1.html", "::1")}


def test_an_address_of_ip_version_6_is_sought_where_there_is_no_other():
    assert ipv6_of("::1") == "::1"
    with pytest.raises(DNSLookupError):
        ipv6_of("no.such.host.invalid")


@pytest.mark.parametrize(
    ("words", "said"), [(["-a", "name=nobody"], "no outlet is named nobody"), ([], "which outlet?")]
)
def test_plain_scrapy_with_a_wrong_name_is_one_clear_line(tmp_path, words, said):
    command = [sys.executable, "-m", "scrapy", "crawl", "outlet", *words]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=root)

    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode != 0
    assert not (root / "captures").exists()
