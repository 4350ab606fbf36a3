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

from crawler.frontier import Frontier
from crawler.guard import ipv6_of
from crawler.lease import Found, Outcome
from crawler.rhythm import DAY
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
    report = loopback.crawl(timeout=2.0)
    (kept,) = (one for one in loopback.captures() if one.url.endswith("/a/1.html"))

    assert report["outlets"]["paper"]["troubles"] == {"timeout": 1}
    assert (kept.status, kept.body, kept.truncated, kept.ip) == (200, b"<html>all that came", "time", "127.0.0.1")


def test_a_file_that_is_deleted_while_it_is_written_ends_the_crawl(loopback):
    links = "".join(f'<a href="/a/{one}.html">x</a>' for one in range(6))
    loopback.put("/list.html", links)

    def deletes(request):
        for path in (loopback.folder / "captures").glob("*.warc.gz"):
            path.unlink()
        request.send_response(200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    for one in range(6):
        loopback.call(f"/a/{one}.html", deletes)
    done = loopback.crawl(loopback.outlet(delay=0.01), check=False)

    assert done["code"] == 1
    assert "CapturesGone" in done["stderr"]
    assert "was deleted while the crawl wrote to it" in done["stderr"]


def test_a_folder_of_captures_that_is_not_mounted_is_not_begun_anew(loopback):
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.put("/a/1.html", "<p>x")
    loopback.crawl()
    (loopback.folder / "captures").rename(loopback.folder / "elsewhere")
    home = loopback.url("/")
    source = f'[[sources]]\ntype = "column"\nurl = "{home}list.html"\n'
    (loopback.folder / "outlets").mkdir()
    file = loopback.folder / "outlets" / "paper.toml"
    file.write_text(f'name = "x"\nhome = "{home}"\nkind = "paper"\nprivate = true\n{source}', "utf-8")
    command = [sys.executable, "-m", "fangzhi", "crawl", "--folder", "outlets"]
    done = subprocess.run(command, cwd=loopback.folder, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 9
    assert "captures: the folder is gone, but crawl.db remembers captures in it" in done.stderr
    assert not (loopback.folder / "captures").exists()


def test_a_clock_that_was_ahead_puts_nothing_off_for_years(tmp_path):
    year = 365 * DAY
    with Frontier(tmp_path / "crawl.db", clock=lambda: 1e9 + year) as ahead:
        ahead.begin()
        ahead.add("daily", [Found(url="http://a.example/1", kind="article")])
        ahead.acknowledge(ahead.lease("a.example", ["daily"]), Outcome(status=200, stored=None, changed=True))
        ahead.cool_down("a.example", 3 * year, "asked for it")
    with Frontier(tmp_path / "crawl.db", clock=lambda: 1e9) as right:
        assert right.next_due("a.example", ["daily"]) > 1e9 + year
        assert (right.mend_times(), right.mend_times()) == (1, 0)
        assert right.next_due("a.example", ["daily"]) == 1e9 + DAY
        assert right.cooling() == {"a.example": 1e9 + 7 * DAY}


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
