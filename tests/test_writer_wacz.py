"""A WACZ that we write stands for itself, other people's validator agrees, and one that comes is taken in whole."""

import json
import os
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.bring import ImportRefused
from crawler.reader import iter_captures
from crawler.wacz import Page, export_wacz, import_wacz
from crawler.writer import Exchange, WarcWriter

TOOLS = os.environ.get("FANGZHI_PYWB")
BODY = "县委召开防汛会议".encode("gb18030")


@pytest.fixture
def captures(tmp_path):
    """A folder with a page, the same page unchanged a day later, and a saved text."""
    folder = tmp_path / "captures"
    given = {
        "request_head": b"GET / HTTP/1.1\r\n\r\n",
        "response_head": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    }
    with WarcWriter(folder) as writer:
        first = writer.write(
            Exchange(
                url="http://www.hewan.example/1.html", fetched_at=datetime(2026, 3, 4, tzinfo=UTC), body=BODY, **given
            )
        )
        writer.write(
            Exchange(
                url="http://www.hewan.example/1.html", fetched_at=datetime(2026, 3, 5, tzinfo=UTC), body=BODY, **given
            ),
            previous=first,
        )
        writer.write_resource("file:///ab/x.txt", BODY, media="text/plain", dated=datetime(2026, 3, 6, tzinfo=UTC))
    return folder


def everything(folder):
    return [capture for path in sorted(folder.glob("*.warc.gz")) for capture in iter_captures(path)]


def test_export_stands_for_itself(captures, tmp_path):
    target = tmp_path / "out.wacz"
    number = export_wacz(target, captures, [Page(capture=one, title="防汛会议") for one in everything(captures)])
    (brought,) = import_wacz(target, tmp_path / "elsewhere")
    came = list(iter_captures(tmp_path / "elsewhere" / brought.warc_file))

    assert number == 3
    assert [(one.url, one.fetched_at, one.body, one.revisit_of) for one in came] == [
        (one.url, one.fetched_at, BODY, None) for one in everything(captures)
    ]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out")] == ["out.wacz"]


def test_index_leads_to_the_records(captures, tmp_path):
    target = tmp_path / "out.wacz"
    export_wacz(target, captures, [Page(capture=one) for one in everything(captures)])
    with zipfile.ZipFile(target) as packed:
        lines = packed.read("indexes/index.cdx").decode().splitlines()
        for line in lines:
            fields = json.loads(line.split(" ", 2)[2])
            warc = packed.read(f"archive/{fields['filename']}")
            (tmp_path / "one.warc.gz").write_bytes(
                warc[int(fields["offset"]) : int(fields["offset"]) + int(fields["length"])]
            )
            (capture,) = iter_captures(tmp_path / "one.warc.gz")

            assert capture.url == fields["url"]
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()]

    assert len(lines) == 3
    assert lines == sorted(lines)
    assert [page.get("url") for page in pages[1:]] == [one.url for one in everything(captures)]


@pytest.mark.skipif(not TOOLS, reason="FANGZHI_PYWB names no folder with the wacz command")
def test_validator_of_others_finds_it_valid(captures, tmp_path):
    target = tmp_path / "out.wacz"
    export_wacz(target, captures, [Page(capture=one) for one in everything(captures)])
    command = [Path(TOOLS or "") / "wacz", "validate", "-f", target]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"no zip", None], ids=["broken", "text", "missing"])
def test_what_is_no_wacz_is_refused(tmp_path, content):
    path = tmp_path / "a.wacz"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ImportRefused, match=r"a\.wacz"):
        import_wacz(path, tmp_path / "captures")


def test_zip_cannot_write_outside_the_folder(captures, tmp_path):
    (warc,) = captures.glob("*.warc.gz")
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(zipfile.ZipInfo("archive/../../../../evil.warc.gz"), warc.read_bytes())
        out.writestr("readme.txt", "x")
    (brought,) = import_wacz(path, tmp_path / "elsewhere")

    assert sorted(one.name for one in (tmp_path / "elsewhere").iterdir()) == [brought.warc_file]
    assert not list(tmp_path.rglob("evil.warc.gz"))
