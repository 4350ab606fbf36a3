"""What goes into a WARC file is what came over the wire, whole or cut, and other people's tools agree."""

import gzip
import os
import re
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.bring import ImportRefused, import_warc, read_page, write_page
from crawler.reader import WarcError, iter_captures, read_capture
from crawler.recover import find_tail, next_record, recover
from crawler.stored import Stored
from crawler.writer import Exchange, WarcWriter

WHEN = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
REQUEST = b"GET /a.htm HTTP/1.1\r\nHost: daily.example\r\nUser-Agent: Fangzhi\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Name: \xd6\xd0\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"
BODY = "县委召开防汛会议".encode("gb18030")


def exchange(**changes) -> Exchange:
    given = {"url": "http://daily.example/a.htm", "fetched_at": WHEN, "request_head": REQUEST, "response_head": HEAD}
    return Exchange(**{**given, "body": BODY, "ip": "192.0.2.7", "outlet": "daily", "kind": "article", **changes})


def written(folder: Path, *exchanges: Exchange, **options) -> Path:
    with WarcWriter(folder, **options) as writer:
        for one in exchanges:
            writer.write(one)
        path = writer.path
    assert path is not None
    return path


def records(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    """Read a file with a library that did not write it."""
    with path.open("rb") as stream:
        return [
            (record.rec_type, dict(record.rec_headers.headers), record.raw_stream.read())
            for record in ArchiveIterator(stream, no_record_parse=True)
        ]


def warcio_check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", "-v", str(path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_response_is_stored_byte_for_byte(tmp_path):
    kinds = records(written(tmp_path, exchange(), about={"software": "Fangzhi 0", "robots": "obey"}))

    assert [kind for kind, *_ in kinds] == ["warcinfo", "response", "request"]
    assert kinds[0][2] == b"format: WARC File Format 1.1\r\nsoftware: Fangzhi 0\r\nrobots: obey\r\n"
    assert kinds[1][2] == HEAD + BODY
    assert kinds[2][2] == REQUEST


def test_record_says_where_when_and_for_whom(tmp_path):
    info, response, request = (fields for _, fields, _ in records(written(tmp_path, exchange(truncated="length"))))

    assert response["WARC-Target-URI"] == request["WARC-Target-URI"] == "http://daily.example/a.htm"
    assert response["WARC-Date"] == request["WARC-Date"] == "2026-03-04T05:06:07.000089Z"
    assert response["WARC-IP-Address"] == "192.0.2.7"
    assert response["Fangzhi-Outlet"] == "daily"
    assert response["WARC-Truncated"] == "length"
    assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert response["WARC-Warcinfo-ID"] == request["WARC-Warcinfo-ID"] == info["WARC-Record-ID"]


def test_warcio_finds_every_digest_right(tmp_path):
    done = warcio_check(written(tmp_path, exchange(), exchange(body=b""), exchange(body=b"\r\n\r\n")))

    assert done.returncode == 0
    assert done.stdout.count("digest pass") == 7


def test_warcio_check_would_notice_a_wrong_byte(tmp_path):
    path = written(tmp_path, exchange())
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(BODY, BODY[::-1])))

    assert warcio_check(path).returncode == 1


def test_capture_comes_back_as_written(tmp_path):
    (capture,) = iter_captures(written(tmp_path, exchange()))

    assert (capture.url, capture.fetched_at, capture.status, capture.body) == (exchange().url, WHEN, 200, BODY)
    assert capture.headers[1:] == (("X-Name", "ÖÐ"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert (capture.outlet, capture.kind, capture.ip, capture.truncated) == ("daily", "article", "192.0.2.7", None)


def test_same_payload_becomes_a_revisit_that_resolves(tmp_path):
    with WarcWriter(tmp_path) as writer:
        first = writer.write(exchange())
        second = writer.write(exchange(), previous=first)
        path = writer.path

    assert second == first
    assert [kind for kind, *_ in records(path)] == ["warcinfo", "response", "request", "revisit", "request"]
    assert [(capture.body, capture.revisit_of) for capture in iter_captures(path)] == [
        (BODY, None),
        (BODY, exchange().url),
    ]


def test_other_payload_is_no_revisit(tmp_path):
    with WarcWriter(tmp_path) as writer:
        first = writer.write(exchange())
        second = writer.write(exchange(body=BODY + b"!"), previous=first)
        path = writer.path

    assert second != first
    assert [capture.body for capture in iter_captures(path)] == [BODY, BODY + b"!"]


def test_not_modified_is_a_revisit_that_says_so(tmp_path):
    with WarcWriter(tmp_path) as writer:
        first = writer.write(exchange())
        head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
        writer.write(exchange(response_head=head, body=b"", not_modified=True), previous=first)
        path = writer.path
    capture = list(iter_captures(path))[1]

    assert (capture.status, capture.not_modified, capture.body) == (304, True, BODY)


def test_revisit_resolves_across_files(tmp_path):
    with WarcWriter(tmp_path, max_bytes=1) as writer:
        first = writer.write(exchange())
        writer.write(exchange(), previous=first)
    one, two = sorted(tmp_path.glob("*.warc.gz"))

    assert first.warc_file == one.name
    assert [capture.body for capture in iter_captures(two)] == [BODY]


def test_revisit_of_a_lost_record_is_empty_not_fatal(tmp_path):
    lost = Stored(
        warc_file="gone.warc.gz", offset=0, record_id="<urn:x>", date="2020", digest="", url="http://a.example/"
    )
    with WarcWriter(tmp_path) as writer:
        writer.write(exchange(not_modified=True), previous=lost)
        path = writer.path

    assert [(capture.body, capture.revisit_of) for capture in iter_captures(path)] == [(b"", "http://a.example/")]


def test_file_is_named_after_start_process_and_number(tmp_path):
    path = written(tmp_path, exchange(), clock=lambda: WHEN)

    assert re.fullmatch(rf"fangzhi-20260304050607-[a-z0-9-]+-{os.getpid()}-000\.warc\.gz", path.name)


def test_full_file_is_followed_by_the_next_number(tmp_path):
    written(tmp_path, exchange(), exchange(), exchange(), max_bytes=1)
    files = sorted(tmp_path.iterdir())

    assert [path.name[-11:] for path in files] == ["000.warc.gz", "001.warc.gz", "002.warc.gz"]
    assert all(warcio_check(path).returncode == 0 for path in files)


def test_line_break_in_a_field_cannot_forge_a_header(tmp_path):
    fields = records(written(tmp_path, exchange(outlet="a\r\nWARC-Type: warcinfo")))[1][1]

    assert fields["WARC-Type"] == "response"
    assert fields["Fangzhi-Outlet"] == "a WARC-Type: warcinfo"


def test_failed_write_leaves_the_file_whole(tmp_path):
    writer = WarcWriter(tmp_path)
    first = writer.write(exchange())
    path = writer.path
    size = path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, hard))  # a disk that is full after 50 bytes more
    try:
        with pytest.raises(OSError, match="File too large"):
            writer.write(exchange())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert path.stat().st_size == size
    writer.write(exchange(body=b"after"))
    writer.close()
    assert read_capture(path, first.offset).body == BODY
    assert [capture.body for capture in iter_captures(path)] == [BODY, b"after"]


def test_torn_file_is_cut_to_its_last_whole_record_wherever_it_was_torn(tmp_path):
    whole = written(tmp_path / "whole", exchange(), exchange(body=b"second")).read_bytes()
    ends = [0]
    path = tmp_path / "fangzhi-1.warc.gz"
    marker = tmp_path / "fangzhi-1.warc.gz.open"
    for size in range(1, len(whole) + 1):
        path.write_bytes(whole[:size])
        marker.touch()
        if find_tail(path).end == size:
            ends.append(size)
        cuts = recover(tmp_path)

        left = path.stat().st_size if path.exists() else 0
        assert left == ends[-1]
        assert sum(cut.cut for cut in cuts) == size - left
        assert not marker.exists()
    assert len(ends) == 6  # nothing, warcinfo, twice response and request


def test_zeros_after_a_power_cut_are_cut(tmp_path):
    path = written(tmp_path, exchange())
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + bytes(5000))
    path.with_name(path.name + ".open").touch()

    assert [cut.cut for cut in recover(tmp_path)] == [5000]
    assert path.stat().st_size == size


def test_file_of_a_living_writer_is_left_alone(tmp_path):
    with WarcWriter(tmp_path) as writer:
        writer.write(exchange())
        with writer.path.open("ab") as other:
            other.write(b"\x1f\x8b half a record")

        assert recover(tmp_path) == []
        assert writer.path.with_name(writer.path.name + ".open").exists()


def test_closed_file_has_no_marker_and_nothing_to_recover(tmp_path):
    written(tmp_path, exchange())

    assert [path.suffix for path in tmp_path.iterdir()] == [".gz"]
    assert recover(tmp_path) == []


def test_reading_goes_on_after_a_damaged_record(tmp_path):
    path = written(tmp_path, exchange(), exchange(body=b"second"), exchange(body=b"third"))
    places = [capture.warc_offset for capture in iter_captures(path)]
    data = bytearray(path.read_bytes())
    data[places[1] + 20 : places[1] + 60] = bytes(40)
    path.write_bytes(data)

    seen = []
    with pytest.raises(WarcError) as caught:
        seen.extend(capture.body for capture in iter_captures(path))
    assert seen == [BODY]
    assert (caught.value.offset, caught.value.torn) == (places[1], False)
    resume = next_record(path, caught.value.offset)
    assert resume is not None
    assert [capture.body for capture in iter_captures(path, start=resume)] == [b"third"]


def test_saved_page_keeps_its_own_address(tmp_path):
    page = tmp_path / "x.html"
    page.write_bytes(b'<html><head><link href="http://portal.example/1.html" rel="canonical"></head>')
    saved = tmp_path / "y.htm"
    saved.write_bytes(b"<!-- saved from url=(0027)http://daily.example/2.html -->\r\n<html>")
    plain = tmp_path / "z.txt"
    plain.write_bytes(BODY)
    with WarcWriter(tmp_path / "captures") as writer:
        for path in (page, saved, plain):
            write_page(writer, path, read_page(path))
        warc = writer.path
    captures = list(iter_captures(warc))

    assert [capture.url for capture in captures[:2]] == ["http://portal.example/1.html", "http://daily.example/2.html"]
    assert captures[2].url.startswith("file:///")
    assert captures[2].url.endswith("/z.txt")
    assert [(capture.status, capture.mime) for capture in captures] == [(0, "text/html")] * 2 + [(0, "text/plain")]
    assert captures[2].body == BODY
    assert warcio_check(warc).returncode == 0


@pytest.mark.parametrize(
    ("charset", "address"),
    [("utf-8", "http://a.example/新闻/甲.html"), ("gb18030", "file:///")],
    ids=["UTF-8", "other"],
)
def test_address_with_chinese_characters_is_kept_whole_or_not_taken(tmp_path, charset, address):
    page = tmp_path / "x.html"
    page.write_bytes('<html><link rel="canonical" href="http://a.example/新闻/甲.html">'.encode(charset))
    with WarcWriter(tmp_path / "captures") as writer:
        stored = write_page(writer, page, read_page(page))

    assert stored.url.startswith(address)


def test_name_that_is_no_unicode_is_no_obstacle(tmp_path):
    page = tmp_path / os.fsdecode(b"\xbc\xd7.html")  # GBK, as old archives unpack
    page.write_bytes(b"<html>" + BODY)
    with WarcWriter(tmp_path / "captures") as writer:
        write_page(writer, page, read_page(page))
        warc = writer.path

    assert [capture.body for capture in iter_captures(warc)] == [b"<html>" + BODY]


def test_pipe_is_refused_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")

    with WarcWriter(tmp_path / "captures") as writer, pytest.raises(ImportRefused, match="neither a file nor a folder"):
        write_page(writer, tmp_path / "pipe.html", read_page(tmp_path / "pipe.html"))


def test_gzipped_page_is_stored_as_the_page(tmp_path):
    path = tmp_path / "a.html.gz"
    path.write_bytes(gzip.compress(b"<html>" + BODY))
    with WarcWriter(tmp_path / "captures") as writer:
        write_page(writer, path, read_page(path, url="http://a.example/"))
        warc = writer.path

    assert [capture.body for capture in iter_captures(warc)] == [b"<html>" + BODY]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.exe", b"MZ", "not a kind of file that can be added"),
        ("a.html.gz", b"\x1f\x8b\x08\x00broken", "cannot be read"),
        ("missing.html", None, "No such file"),
    ],
)
def test_unreadable_file_is_refused_with_its_name(tmp_path, name, content, says):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with WarcWriter(tmp_path) as writer, pytest.raises(ImportRefused, match=says) as caught:
        write_page(writer, path, read_page(path))

    assert str(path) in str(caught.value)


def test_warc_is_brought_in_once(tmp_path):
    path = written(tmp_path / "elsewhere", exchange())
    first = import_warc(path, tmp_path / "captures")
    second = import_warc(path, tmp_path / "captures")

    assert (first.new, second.new) == (True, False)
    assert first.warc_file == second.warc_file
    assert [capture.body for capture in iter_captures(tmp_path / "captures" / first.warc_file)] == [BODY]


def test_torn_warc_is_brought_in_without_its_torn_record(tmp_path):
    path = written(tmp_path / "elsewhere", exchange(), exchange(body=b"second"))
    path.write_bytes(path.read_bytes()[:-20])
    brought = import_warc(path, tmp_path / "captures")

    assert brought.cut > 0
    kept = tmp_path / "captures" / brought.warc_file
    assert warcio_check(kept).returncode == 0
    assert [capture.body for capture in iter_captures(kept)] == [BODY, b"second"]


def test_warc_in_one_gzip_stream_is_packed_by_record(tmp_path):
    path = written(tmp_path / "elsewhere", exchange(), exchange(body=b"second"))
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    brought = import_warc(path, tmp_path / "captures")
    kept = tmp_path / "captures" / brought.warc_file
    captures = list(iter_captures(kept))

    assert [capture.body for capture in captures] == [BODY, b"second"]
    assert [read_capture(kept, capture.warc_offset).body for capture in captures] == [BODY, b"second"]
    assert warcio_check(kept).returncode == 0


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x1f\x8b\x08"], ids=["empty", "page", "stub"])
def test_what_is_no_warc_is_refused(tmp_path, content):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)

    with pytest.raises(WarcError, match=r"a\.warc\.gz"):
        import_warc(path, tmp_path / "captures")
    assert not (tmp_path / "captures").exists()


@pytest.mark.parametrize("front", ["http://a.example/", "http://a.example/news/", "http://a.example/index.html"])
def test_address_of_a_home_page_is_not_taken_for_that_of_a_page(tmp_path, front):
    stored = []
    with WarcWriter(tmp_path / "captures") as writer:
        for name in ("x.html", "y.html"):
            (tmp_path / name).write_bytes(f'<html><link rel="canonical" href="{front}">{name}'.encode())
            stored.append(write_page(writer, tmp_path / name, read_page(tmp_path / name)).url)

    assert [url.startswith("file:///") for url in stored] == [True, True]
    assert stored[0] != stored[1]
