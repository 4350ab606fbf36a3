"""Other people's tools replay what a crawl captured: pywb, byte for byte.

pywb is no dependency of this project. Give the `bin` folder of an environment that has it in FANGZHI_PYWB to run this:
`python -m venv /tmp/pywb && /tmp/pywb/bin/pip install pywb wacz`, then `FANGZHI_PYWB=/tmp/pywb/bin pytest`.
"""

import gzip
import os
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.ports import free_port

TOOLS = os.environ.get("FANGZHI_PYWB")
pytestmark = pytest.mark.skipif(not TOOLS, reason="FANGZHI_PYWB names no folder with pywb's commands")
PROSE = "今年以来，河湾县粮食播种面积稳中有增，单产提高，总产再创新高。" * 8


def replayed(port: int, url: str, moment: str = "2") -> bytes:
    with urlopen(f"http://127.0.0.1:{port}/c/{moment}id_/{url}", timeout=20) as answer:
        return answer.read()


@pytest.fixture
def pywb(loopback):
    """Give a function that serves what was captured so far with pywb and returns its port."""
    servers = []

    def serve() -> int:
        folder = loopback.folder / "pywb"
        folder.mkdir()
        tools = Path(TOOLS or "")
        files = [str(path) for path in sorted((loopback.folder / "captures").glob("*.warc.gz"))]
        for command in (["init", "c"], ["add", "c", *files]):
            subprocess.run([tools / "wb-manager", *command], cwd=folder, check=True, capture_output=True, timeout=60)
        port = free_port()
        command = [tools / "wayback", "-p", str(port), "-b", "127.0.0.1"]
        servers.append(subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return port
            time.sleep(0.1)
        raise TimeoutError("pywb does not answer")

    yield serve
    for server in servers:
        server.terminate()
        server.wait(timeout=20)


def test_pywb_gives_back_the_bytes_of_a_page(loopback, pywb):
    page = f"<html><meta charset=gb2312><h1>河湾</h1><p>{PROSE}</p></html>".encode("gb18030")
    packed = f"<html><p>packed {PROSE}</p></html>".encode("gb18030")

    def chunked(request):
        body = page + b"<!-- chunked -->"
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        request.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))

    loopback.put("/list.html", "".join(f'<a href="/a/{n}.html">x</a>' for n in (1, 2, 3, 4, 5, 6)))
    twin = b"<!-- twin -->" + page * 3
    for name in (5, 6):
        loopback.put(f"/a/{name}.html", twin)
    loopback.put("/a/1.html", page)
    wire = gzip.compress(packed)
    loopback.put("/a/2.html", wire, Content_Encoding="gzip")
    loopback.call("/a/3.html", chunked)
    loopback.put("/a/4.html", page + b"first")
    loopback.crawl(loopback.outlet(delay=0.01))  # one page at a time, so that one twin is known before the other
    loopback.put("/a/4.html", page + b"second")
    time.sleep(1.1)  # a replay address tells captures apart by the second
    loopback.crawl(recheck=0)
    port = pywb()
    (first, second) = (one for one in loopback.captures() if one.url.endswith("/a/4.html"))
    unchanged = [one for one in loopback.captures() if one.url.endswith("/a/1.html")][-1]

    assert replayed(port, loopback.url("/a/1.html")) == page
    assert replayed(port, loopback.url("/a/2.html")) in (packed, wire)
    assert replayed(port, loopback.url("/a/3.html")) == page + b"<!-- chunked -->"
    assert replayed(port, first.url, f"{first.fetched_at:%Y%m%d%H%M%S}") == page + b"first"
    assert replayed(port, second.url, f"{second.fetched_at:%Y%m%d%H%M%S}") == page + b"second"
    twins = [one.revisit_of for one in loopback.captures() if one.url.endswith(("/a/5.html", "/a/6.html"))][:2]
    assert sorted(map(bool, twins)) == [False, True]  # one of them is a revisit of the other's address
    assert [replayed(port, loopback.url(f"/a/{name}.html")) for name in (5, 6)] == [twin, twin]
    assert unchanged.revisit_of is not None
    assert replayed(port, unchanged.url, f"{unchanged.fetched_at:%Y%m%d%H%M%S}") == page
