"""Files of other tools come in as they are, once, and say for ever where they came from."""

import gzip
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from browse.metadata import metadata
from crawler.reader import iter_captures
from fangzhi.__main__ import cli

WHEN = "2021-05-06T07:08:09Z"


def page(number: int) -> bytes:
    lines = "".join(
        f"<p>第{number}号通报第{k}条：各乡镇要落实春耕备播各项措施，按时报送工作进度。</p>" for k in range(8)
    )
    return f"<html><meta charset=utf-8><title>第{number}号通报</title><h1>第{number}号通报</h1>{lines}</html>".encode()


class Foreign:
    """Write a WARC file as another tool does; note where each record lies, and its length."""

    def __init__(self, path: Path, software: str, *, packed=True, version="1.0") -> None:
        self.path, self.out = path, io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=packed, warc_version=version)
        self.places: list[tuple[str, int, int]] = []
        if software:
            self.write(self.writer.create_warcinfo_record(path.name, {"software": software, "format": "WARC"}))

    def write(self, record) -> None:
        start = self.out.tell()
        self.writer.write_record(record)
        self.places.append((record.rec_headers.get_header("WARC-Target-URI"), start, self.out.tell() - start))

    def record(self, kind, url, body, *, media=None, head=None, status="200 OK", **fields) -> str:
        headers = {"WARC-Date": WHEN, **{name.replace("_", "-"): value for name, value in fields.items()}}
        http = None
        if kind in {"response", "request"}:
            given = list((head or {"Content-Type": "text/html"}).items())
            line = ("GET / HTTP/1.1" if kind == "request" else status, given)
            http = StatusAndHeaders(
                *line, protocol="" if kind == "request" else "HTTP/1.1", is_http_request=kind == "request"
            )
        made = self.writer.create_warc_record(
            url, kind, io.BytesIO(body), len(body), media or "", warc_headers_dict=headers, http_headers=http
        )
        self.write(made)
        return made.rec_headers.get_header("WARC-Payload-Digest")

    def save(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(self.out.getvalue())
        return self.path


def wget(path: Path) -> Path:
    made = Foreign(path, "Wget/1.21.3 (linux-gnu)")
    made.record("request", "<http://w.example/1.html>", b"")
    made.record("response", "<http://w.example/1.html>", page(1))  # in angle brackets, as wget writes them
    made.record("metadata", "metadata://gnu.org/software/wget/warc/MANIFEST.txt", b"<urn:uuid:1>", media="text/plain")
    made.record("resource", "metadata://gnu.org/software/wget/warc/wget.log", b"log", media="text/plain")
    return made.save()


def browsertrix(path: Path) -> Path:
    made = Foreign(path, "Browsertrix-Crawler 1.14.0 (with warcio.js 2.4)", version="1.1")
    wire = gzip.compress(page(2))
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(wire), wire)
    head = {"Content-Type": "text/html", "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
    digest = made.record("response", "http://b.example/2.html", chunks, head=head, WARC_Page_ID="p1")
    made.record("request", "http://b.example/2.html", b"")
    made.record("resource", "urn:pageinfo:http://b.example/2.html", b"{}", media="application/json")
    made.record("resource", "urn:text:http://b.example/2.html", b"text", media="text/plain")
    again = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    made.write(
        made.writer.create_revisit_record(
            "http://b.example/2.html?again", digest, "http://b.example/2.html", WHEN, http_headers=again
        )
    )
    return made.save()


def common_crawl(path: Path) -> Path:
    made = Foreign(path, "Apache Nutch 1.19 (modified, https://github.com/commoncrawl/nutch/)")
    head = {"Content-Type": "text/html", "X-Crawl-Content-Encoding": "gzip", "X-Crawl-Transfer-Encoding": "chunked"}
    made.record("response", "http://c.example/3.html", page(3), head=head, WARC_Identified_Payload_Type="text/html")
    made.record("metadata", "http://c.example/3.html", b"fetchTimeMs: 9", media="application/warc-fields")
    made.record("response", "http://c.example/4.html", page(4), head=head, WARC_Truncated="length")
    return made.save()


def wacz(path: Path) -> Path:
    inside = browsertrix(path.with_name("data.warc.gz"))
    with zipfile.ZipFile(path, "w") as out:
        out.write(inside, "archive/data.warc.gz")
        out.writestr(
            "datapackage.json", json.dumps({"software": "Browsertrix-Crawler 1.14.0", "wacz_version": "1.1.1"})
        )
    inside.unlink()
    return path


@pytest.fixture
def fangzhi(tmp_path, monkeypatch):
    """Run commands in a folder; the original files lie in another."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "from").mkdir()
    monkeypatch.chdir(home)
    return lambda *words: CliRunner().invoke(cli, [*map(str, words)])


def rows(sql: str) -> list[tuple]:
    with closing(sqlite3.connect("archive.db")) as database:
        return database.execute(sql).fetchall()


def held() -> list[tuple[str, bytes, str | None]]:
    files = sorted(Path("captures").glob("*.warc*"))
    return sorted((one.url, one.body, one.truncated) for path in files for one in iter_captures(path))


@pytest.mark.parametrize(
    ("make", "name", "software", "pages"),
    [
        (wget, "w.warc.gz", "Wget/1.21.3 (linux-gnu)", [("http://w.example/1.html", page(1), None)]),
        (
            browsertrix, "b.warc.gz", "Browsertrix-Crawler 1.14.0 (with warcio.js 2.4)",
            [("http://b.example/2.html", page(2), None), ("http://b.example/2.html?again", page(2), None)],
        ),
        (
            common_crawl, "CC-MAIN-20210506.warc.gz", "Apache Nutch 1.19 (modified, https://github.com/commoncrawl/nutch/)",
            [("http://c.example/3.html", page(3), None), ("http://c.example/4.html", page(4), "length")],
        ),
        (
            wacz, "b.wacz", "Browsertrix-Crawler 1.14.0",
            [("http://b.example/2.html", page(2), None), ("http://b.example/2.html?again", page(2), None)],
        ),
    ],
    ids=["wget", "browsertrix", "common crawl", "wacz"],
)  # fmt: skip
def test_file_of_another_tool_comes_in_with_its_provenance(fangzhi, tmp_path, make, name, software, pages):
    file = make(tmp_path / "from" / name)
    done = fangzhi("add", file, "--no-build")
    again = fangzhi("add", file)
    told = rows("SELECT file, kind, software, command, bytes, length(sha256), url FROM imports")

    assert (done.exit_code, again.exit_code) == (0, 0), again.output
    assert "was brought in before" in again.stderr
    assert held() == pages
    assert told == [(str(file), file.suffix[1:] if make is wacz else "warc", software, f"fangzhi add {file}",
                     file.stat().st_size, 64, "")]  # fmt: skip
    assert rows("SELECT count(*) FROM imports i JOIN captures c ON c.warc_file = i.warc_file") == [(len(pages),)]


def lines_of(made: Foreign, urls: set[str], *, form: str) -> str:
    """Describe some records in an index, of whatever form."""
    wanted = [(url, at, size) for url, at, size in made.places if url in urls]
    name = made.path.name
    if form == "cdxj":
        fields = [{"url": url, "mime": "text/html", "status": "200", "length": str(size), "offset": str(at),
                   "filename": name} for url, at, size in wanted]  # fmt: skip
        return "".join(f"example,m)/ 20210506070809 {json.dumps(one)}\n" for one in fields)
    head = " CDX N b a m s k r M S V g\n" if form == "cdx-11" else ""
    lines = [
        f"example,m)/ 20210506070809 {url} text/html 200 AAAA - {f'- {size} ' if form == 'cdx-11' else ''}{at} {name}\n"
        for url, at, size in wanted
    ]
    return head + "".join(lines)


def many(path: Path, *, packed=True) -> Foreign:
    made = Foreign(path, "Heritrix/3.4", packed=packed)
    for number in range(1, 6):
        made.record("response", f"http://m.example/{number}.html", page(number))
        made.record("request", f"http://m.example/{number}.html?request", b"")
    made.save()
    return made


@pytest.mark.parametrize("form", ["cdx-11", "cdx-9", "cdxj"])
@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_index_brings_in_what_it_describes_and_nothing_else(fangzhi, tmp_path, form, packed):
    made = many(tmp_path / "from" / "crawl" / ("m.warc.gz" if packed else "m.warc"), packed=packed)
    index = tmp_path / "from" / f"wanted.{form[:4].rstrip('-')}"
    index.write_text(lines_of(made, {"http://m.example/2.html", "http://m.example/5.html"}, form=form).replace(
        made.path.name, f"crawl/{made.path.name}"))  # fmt: skip
    done = fangzhi("add", index)
    again = fangzhi("add", index, "--no-build")
    ((kind, software, warc),) = rows("SELECT kind, software, warc_file FROM imports")

    assert (done.exit_code, again.exit_code) == (0, 0), done.output
    assert held() == [(f"http://m.example/{number}.html", page(number), None) for number in (2, 5)]
    assert rows("SELECT count(*) FROM articles") == [(2,)]
    assert (kind, software) == ("cdx", "Heritrix/3.4")
    with (Path("captures") / warc).open("rb") as stream:
        records = [
            (one.rec_type, one.content_stream().read()) for one in ArchiveIterator(stream, check_digests="raise")
        ]
    assert [kind for kind, _ in records] == ["warcinfo", "response", "response"]
    assert f"2 records that {index.name} describes, copied out of {made.path.name}".encode() in records[0][1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "an index without a line"),
        ("not an index at all\n", "line 1 describes no capture"),
        ('a 2021 {"url": "http://m.example/1.html"}\n', "line 1 describes no capture"),
        ('a 2021 {"url": "http://m.example/1.html", "filename": "lost.warc.gz", "offset": 0}\n', "lies neither"),
        ('a 2021 {"url": "http://m.example/1.html", "filename": "m.warc.gz", "offset": 7}\n', "line 1: "),
        ('a 2021 {"url": "http://other.example/", "filename": "m.warc.gz", "offset": "AT"}\n', "was to be there, and"),
    ],
    ids=["empty", "words", "without place", "lost file", "no record", "another record"],
)
def test_index_that_leads_nowhere_is_refused_whole(fangzhi, tmp_path, text, says):
    made = many(tmp_path / "from" / "m.warc.gz")
    place = next(at for url, at, _ in made.places if url == "http://m.example/1.html")
    index = tmp_path / "from" / "wanted.cdxj"
    good = lines_of(made, {"http://m.example/2.html"}, form="cdxj") if says.startswith(("lies", "was")) else ""
    index.write_text(text.replace("AT", str(place)) + good)
    done = fangzhi("add", index, "--no-build")

    assert done.exit_code == 4
    assert f"{index}: " in done.stderr
    assert says in done.stderr
    assert not list(Path("captures").glob("wanted*"))


def test_folder_brings_in_its_files_not_the_indexes_of_them(fangzhi, tmp_path):
    made = many(tmp_path / "from" / "m.warc.gz")
    made.path.with_name("m.cdx").write_text(lines_of(made, {"http://m.example/1.html"}, form="cdx-11"))
    fangzhi("add", tmp_path / "from", "--no-build")

    assert len(held()) == 5


def test_same_saved_page_is_stored_once_and_says_where_it_came_from(fangzhi, tmp_path):
    first, copy, other = (tmp_path / "from" / name for name in ("a.html", "copy.html", "b.html"))
    first.write_bytes(page(1))
    copy.write_bytes(page(1))
    other.write_bytes(page(2))
    url = "http://saved.example/1.html"
    fangzhi("add", first, "--url", url, "--no-build")
    again = fangzhi("add", copy, "--url", url, "--no-build")
    fangzhi("add", other, "--url", url)

    assert "was brought in before" in again.stderr
    assert [(address, body) for address, body, _ in held()] == [(url, page(1)), (url, page(2))]
    assert rows("SELECT file, kind, url, command FROM imports ORDER BY n") == [
        (str(one), "page", url, f"fangzhi add {one} --url {url}") for one in (first, other)
    ]


def test_rebuild_knows_the_imports_and_status_tells_them(fangzhi, tmp_path):
    fangzhi("add", wget(tmp_path / "from" / "w.warc.gz"))
    before = rows("SELECT * FROM imports")
    fangzhi("build", "--fresh", "--workers", "0")
    told = fangzhi("status")
    as_json = json.loads(fangzhi("status", "--json").stdout)

    assert rows("SELECT * FROM imports") == before
    assert "imported: 1 file, last " in told.stdout
    assert "w.warc.gz (Wget/1.21.3 (linux-gnu))" in told.stdout
    assert as_json["imports"]["files"] == 1


async def test_pages_say_where_a_capture_came_from_and_that_it_is_not_whole(fangzhi, tmp_path):
    fangzhi("add", common_crawl(tmp_path / "from" / "CC-MAIN-20210506.warc.gz"))
    datasette = Datasette(["archive.db"], metadata=metadata())
    pages = {}
    for name, url in rows("SELECT id, url FROM articles"):
        pages[url[-6]] = [(await datasette.client.get(f"/article/{name}{more}")).text for more in ("", "/capture")]

    assert ["not whole" in pages[number][0] for number in "34"] == [False, True]
    assert ["What was fetched is not whole (length)." in pages[number][1] for number in "34"] == [False, True]
    assert all("Apache Nutch 1.19" in raw and "fangzhi add " in raw for _, raw in pages.values())


def test_import_of_a_page_that_was_withdrawn_is_told_no_more(fangzhi, tmp_path):
    saved = tmp_path / "from" / "a.html"
    saved.write_bytes(page(1))
    fangzhi("add", saved, "--url", "http://saved.example/1.html")
    told = rows("SELECT count(*) FROM imports")
    done = fangzhi("withdraw", "http://saved.example/1.html", "--level", "hide", "--reason", "x", "--by", "y")
    fangzhi("build", "--workers", "0")

    assert done.exit_code == 0, done.output
    assert (told, rows("SELECT count(*) FROM imports")) == ([(1,)], [(0,)])
