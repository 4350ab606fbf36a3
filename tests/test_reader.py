"""Reading gives back what was fetched, whoever wrote the file and however the server had packed it."""

import gzip
import io
import tracemalloc
import zlib
from datetime import UTC, datetime
from itertools import islice

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.encodings import MAX_BODY, undo_encodings
from crawler.reader import WarcError, iter_captures, iter_readable, parse_response, read_capture

TEXT = "今年以来，全县粮食播种面积稳中有增。".encode() * 40


def zstd(body: bytes) -> bytes:
    out = io.BytesIO()
    packer = ZstdWriter(out)
    packer.write(body)
    packer.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("encoding", "wire"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)[2:-4]),
        ("br", brotli.compress(TEXT)),
        ("gzip, br", brotli.compress(gzip.compress(TEXT, mtime=0))),
        ("GZIP", gzip.compress(TEXT, mtime=0)),
        ("identity", TEXT),
        ("gzip", TEXT),
        ("br", TEXT),
        ("zstd", TEXT),
        ("something-new", TEXT),
    ],
)
def test_content_encoding_is_undone_and_a_lie_changes_nothing(encoding, wire):
    assert undo_encodings([("Content-Encoding", encoding)], wire) == (TEXT, None)


def test_broken_off_gzip_gives_what_came():
    body, _ = undo_encodings([("Content-Encoding", "gzip")], gzip.compress(TEXT + bytes(range(256)) * 9)[:-40])

    assert body.startswith(TEXT[:200])


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        (b"5\r\nhello\r\n3;name=x\r\nabc\r\n0\r\n\r\n", b"helloabc"),
        (b"<html>already joined</html>", b"<html>already joined</html>"),
        (b"5\r\nhello\r\n30\r\nab", b"helloab"),
        (b"", b""),
    ],
    ids=["chunks", "joined", "broken off", "empty"],
)
def test_chunks_are_joined_where_there_are_chunks(wire, body):
    assert undo_encodings([("Transfer-Encoding", "chunked")], wire) == (body, None)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_bomb_is_stopped_at_the_limit(encoding):
    zeros = bytes(200_000_000)
    wire = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda body: brotli.compress(body, quality=1)}
    packed = wire[encoding](zeros)
    del zeros
    tracemalloc.start()
    body, truncated = undo_encodings([("Content-Encoding", encoding)], packed, limit=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (len(body), truncated) == (1_000_000, "length")
    assert peak < 6_000_000


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_no_bytes_break_the_decoders(body, encoding):
    plain, _ = undo_encodings([("Content-Encoding", encoding), ("Transfer-Encoding", "chunked")], body)

    assert len(plain) <= MAX_BODY


@given(st.binary(max_size=300))
def test_no_bytes_break_the_response_parser(block):
    status, headers, body = parse_response(block)

    assert status >= 0
    assert block.endswith(body)
    assert all(isinstance(name, str) for name, _ in headers)


def foreign(path, *, packed=True, version="1.0"):
    """Write a file as another crawler would: sha1, chunks and gzip left on, no extension headers."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=packed, warc_version=version)
        writer.write_record(writer.create_warcinfo_record("x", {"software": "other"}))
        head = StatusAndHeaders(
            "200 OK", [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], protocol="HTTP/1.1"
        )
        wire = gzip.compress(TEXT)
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(wire), wire)
        date = {"WARC-Date": "2020-01-02T03:04:05Z"}
        record = writer.create_warc_record(
            "http://other.example/",
            "response",
            io.BytesIO(chunked),
            len(chunked),
            warc_headers_dict=date,
            http_headers=head,
        )
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        writer.write_record(record)
        note = writer.create_warc_record("urn:pageinfo:x", "resource", io.BytesIO(b"{}"), 2, "application/json")
        writer.write_record(note)
        again = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_revisit_record(
                "http://other.example/?again", digest, "http://other.example/", "2020-01-02T03:04:05Z", again
            )
        )
    return path


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_foreign_file_is_read_with_chunks_and_gzip_undone(tmp_path, packed):
    path = foreign(tmp_path / ("a.warc.gz" if packed else "a.warc"), packed=packed)
    first, again = iter_captures(path)

    assert (first.url, first.body, first.fetched_at) == (
        "http://other.example/",
        TEXT,
        datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    assert (again.revisit_of, again.body) == ("http://other.example/", TEXT)
    assert read_capture(path, again.warc_offset) == again
    assert read_capture(path, first.warc_offset) == first


def test_revisit_by_address_and_time_is_resolved_behind_a_damaged_place(tmp_path):
    path = foreign(tmp_path / "a.warc", packed=False)
    content = path.read_bytes()
    at = content.index(b"WARC/1.0\r\n", content.index(b"urn:pageinfo:x") - 200)
    path.write_bytes(content[:at] + b"\x00" * 40 + content[at + 40 :])
    damages = []
    *_, again = iter_readable(path, damages)

    assert len(damages) == 1
    assert (again.url, again.body) == ("http://other.example/?again", TEXT)


def test_memory_does_not_grow_with_the_records_of_a_file(tmp_path):
    with (tmp_path / "a.warc").open("wb") as out:
        writer = WARCWriter(out, gzip=False)
        for number in range(6_000):
            head = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
            url = f"http://other.example/{number}.html"
            writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(b"x"), 1, http_headers=head))
    captures = iter_captures(tmp_path / "a.warc")
    assert sum(1 for _ in islice(captures, 1_000)) == 1_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in islice(captures, 4_900)) == 4_900
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert grown < 100_000  # bytes


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_torn_file_yields_all_before_the_tear_and_says_so(tmp_path, packed):
    path = foreign(tmp_path / "a.warc.gz", packed=packed)
    whole = path.read_bytes()
    second = list(iter_captures(path))[1].warc_offset
    (tmp_path / "b.warc.gz").write_bytes(whole[: second + (len(whole) - second) * 2 // 3])
    seen = []
    with pytest.raises(WarcError, match="ends inside this record") as caught:
        seen.extend(iter_captures(tmp_path / "b.warc.gz"))

    assert [capture.body for capture in seen] == [TEXT]
    assert (caught.value.torn, caught.value.offset) == (True, second)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html>this is no WARC</html>" * 20, "not a WARC record"),
        (gzip.compress(b"<html>" * 100, mtime=0), "not a WARC record"),
    ],
)
def test_what_is_no_warc_is_named(tmp_path, content, says):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)

    with pytest.raises(WarcError, match=says) as caught:
        list(iter_captures(path))
    assert caught.value.path == path
    assert not caught.value.torn


def test_missing_file_and_wrong_offset_are_named(tmp_path):
    with pytest.raises(WarcError, match="No such file"):
        list(iter_captures(tmp_path / "none.warc.gz"))
    with pytest.raises(WarcError, match="at byte 7"):
        read_capture(foreign(tmp_path / "a.warc.gz"), 7)
    with pytest.raises(WarcError, match="Is a directory"):
        list(iter_captures(tmp_path))


def test_date_may_stop_at_any_precision(tmp_path):
    dates = {
        "2020": (2020, 1, 1),
        "2020-05": (2020, 5, 1),
        "2020-05-06": (2020, 5, 6),
        "2020-05-06T07:08Z": (2020, 5, 6),
    }
    for number, (date, day) in enumerate(dates.items()):
        path = tmp_path / f"{number}.warc"
        path.write_bytes(
            b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: <http://a.example/>\r\nWARC-Date: %s\r\n"
            b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nok\r\n\r\n" % date.encode()
        )
        (capture,) = iter_captures(path)

        assert capture.url == "http://a.example/"
        assert (capture.fetched_at.year, capture.fetched_at.month, capture.fetched_at.day) == day
