"""What a crawl keeps is what came over the wire, byte for byte, and other tools read it."""

import gzip
import re
import subprocess
import sys

from tests.small_paper import PROSE, counts, fill


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


def test_crawler_says_who_it_is(loopback):
    fill(loopback)
    loopback.crawl(contact="archive@example.org")
    agents = {headers["User-Agent"] for _, _, headers in loopback.seen}

    assert len(agents) == 1
    assert re.fullmatch(r"Fangzhi/[\d.]+ \(archive of regional news; archive@example\.org\)", agents.pop())
    (path,) = (loopback.folder / "captures").glob("*.warc.gz")
    assert b"http-header-user-agent: Fangzhi/" in gzip.decompress(path.read_bytes())


def test_attachments_of_a_notice_are_captured(loopback):
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.put("/a/1.html", f"<p>{PROSE}</p><a href='/files/附件.pdf'>附件</a> <a href=/files/b.docx>b</a>")
    loopback.put("/files/%E9%99%84%E4%BB%B6.pdf", b"%PDF-1.4 x", Content_Type="application/pdf")
    loopback.put("/files/b.docx", b"PK", Content_Type="application/octet-stream")
    report = loopback.crawl()

    assert counts(report)["new"] == 3
    assert sorted(one.body for one in loopback.captures() if one.kind == "asset") == [b"%PDF-1.4 x", b"PK"]
