"""The files that notices carry are read within bounds, kept with their notice, and found by what they alone say."""

import io
import json
import random
import sqlite3
import struct
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from browse.metadata import metadata
from crawler.capture import Capture
from crawler.outlet import Outlet
from fangzhi.commands.search import search
from fangzhi.demo.pdf import pdf
from fangzhi.verify.index import check_index
from fangzhi.verify.tables import check_references, check_rules
from pipelines.attachments import MAX_CHARACTERS, read_attachment
from pipelines.attachments.pdf import MAX_PAGES, unwrap
from pipelines.digest import tables
from pipelines.flow import Reader
from pipelines.outcome import Kind
from pipelines.query import query
from pipelines.records import Reason, Skip
from pipelines.store import Store
from tests.asking import rows

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
TEXT = ("一、组织领导（20分）：成立领导小组，定期研究传染病防控工作。", "二、冷链管理（30分）：冰箱温度每天记录两次。")


def capture(body: bytes, path="/f/1.pdf", *, hours=0, mime="application/octet-stream", **more) -> Capture:
    name = f"{path}-{hours}".strip("/").replace("/", "-")
    return Capture(
        url=f"http://office.example{path}", fetched_at=START + timedelta(hours=hours), status=200,
        headers=(("Content-Type", mime),), body=body, sha256="", warc_file=f"{name}.warc.gz", warc_offset=0, **more,
    )  # fmt: skip


def word(*lines: str, rows=()) -> bytes:
    """Write a Word file by the library, with its own styles, settings and properties around the text."""
    document, out = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                table.cell(number, place).text = cell
    document.save(out)
    return out.getvalue()


def workbook(**sheets: list) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for row in lines:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def xls(rows: list[list[str | float]]) -> bytes:
    """Write a workbook as Excel 97 did: a stream of records in a file system of sectors."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    begin = lambda what: record(0x809, struct.pack("<HHHHII", 0x600, what, 0, 0, 0, 0))  # noqa: E731
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                cells += record(0x204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            else:
                cells += record(0x203, at + struct.pack("<d", value))
    name = "报表"
    sheet_at = len(begin(5)) + 4 + 8 + 2 * len(name) + 4
    bound = record(0x85, struct.pack("<IHBB", sheet_at, 0, len(name), 1) + name.encode("utf-16-le"))
    stream = begin(5) + bound + record(0x0A, b"") + begin(0x10) + cells + record(0x0A, b"")
    return ole("Workbook", stream)


def ole(name: str, stream: bytes) -> bytes:
    """Put one stream into a compound file: header, table of sectors, directory, the stream."""
    stream = stream.ljust(4096, b"\0")  # smaller ones would live in sectors of their own kind
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        letters = (title + "\0").encode("utf-16-le")
        head = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters) if title else 0, kind, 1)
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return head + links + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    directory += 2 * entry("", 0, 0xFFFFFFFF, 0, 0)
    packed_table = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return header + packed_table + directory + stream


def encrypted_pdf() -> bytes:
    lock = b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    return pdf("秘密", TEXT).replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)


def rezipped(body: bytes, **changes: bytes) -> bytes:
    """Return a zip file with some members replaced or added; names are given with two underscores for a slash."""
    out = io.BytesIO()
    given = {name.replace("__", "/") + ".xml": data for name, data in changes.items()}
    with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, given.pop(name, None) or source.read(name))
        for name, data in given.items():
            target.writestr(name, data)
    return out.getvalue()


SHEET = workbook(名单=[["单位", "户数", "比例"], ["悦澜宾馆", 26, 0.962], [datetime(2026, 3, 4), True, None]])
WORD = word("报名登记表", *TEXT, rows=[["姓名", "性别"], ["籍贯", "学历"]])
CORNER = rezipped(
    workbook(a=[["x"]]),
    xl__worksheets__sheet1=b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        pytest.param(pdf("评分表", TEXT), "pdf", ("评分表", *TEXT), id="pdf"),
        pytest.param(b"\r\n<!-- -->" + pdf("评分表", TEXT), "pdf", ("评分表", *TEXT), id="pdf after rubbish"),
        pytest.param(WORD, "docx", ("报名登记表", *TEXT, "姓名 性别", "籍贯 学历"), id="docx"),
        pytest.param(SHEET, "xlsx", ("名单", "单位 户数 比例", "悦澜宾馆 26 0.962", "2026-03-04 TRUE"), id="xlsx"),
        pytest.param(xls([["单位", 26.0], ["芦渡", 0.5]]), "xls", ("报表", "单位 26", "芦渡 0.5"), id="xls"),
    ],
)
def test_file_is_read_by_its_bytes_whatever_its_name(body, kind, text):
    found = read_attachment(capture(body, "/f/1.bin"))

    assert (found.format, tuple(found.text.split("\n")), found.cut) == (kind, text, None)


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        pytest.param(b"", Reason.EMPTY, "empty", id="nothing"),
        pytest.param(b"%PDF-1.4 x", Reason.BROKEN, "damaged PDF", id="broken pdf"),
        pytest.param(encrypted_pdf(), Reason.ENCRYPTED, "password", id="encrypted pdf"),
        pytest.param(pdf("", ()), Reason.NO_TEXT, "scanned", id="pdf without text"),
        pytest.param(WORD[:-300], Reason.BROKEN, "damaged", id="docx cut short"),
        pytest.param(rezipped(WORD, word__document=b"<w:p>"), Reason.BROKEN, "damaged Word", id="docx without XML"),
        pytest.param(word(), Reason.NO_TEXT, "without text", id="empty docx"),
        pytest.param(SHEET[:-300], Reason.BROKEN, "damaged", id="xlsx cut short"),
        pytest.param(rezipped(SHEET, xl__workbook=b"<x"), Reason.BROKEN, "damaged workbook", id="xlsx without XML"),
        pytest.param(CORNER, Reason.TOO_LARGE, "17179869184 cells", id="xlsx with a far corner"),
        pytest.param(
            rezipped(WORD, word__a=bytes(60_000_000), word__b=bytes(60_000_000)), Reason.TOO_LARGE, "unpacks",
            id="docx that is a bomb",
        ),
        pytest.param(ole("WordDocument", b"x"), Reason.UNSUPPORTED, r"\.doc", id="doc"),
        pytest.param(ole("EncryptedPackage", b"x"), Reason.ENCRYPTED, "password", id="encrypted docx"),
        pytest.param(xls([["单位", 26.0]])[:1500], Reason.BROKEN, "damaged workbook", id="broken xls"),
        pytest.param(rezipped(workbook(a=[[1]]))[:4] + bytes(80), Reason.UNSUPPORTED, "zip", id="zip"),
        pytest.param(b"Rar!\x1a\x07\0", Reason.UNSUPPORTED, "octet-stream", id="rar"),
        pytest.param(b"<html>gone</html>", Reason.UNSUPPORTED, "octet-stream", id="page"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read_is_a_skip_with_its_reason(body, reason, words):
    outcome = Reader({}).outcome(capture(body, kind="asset"))

    assert (outcome.kind, outcome.refusal.stage, outcome.refusal.reason) == (Kind.SKIP, "attachment", reason)
    with pytest.raises(Skip, match=words):
        read_attachment(capture(body))


def test_file_that_came_in_part_is_not_read():
    with pytest.raises(Skip, match="did not come whole \\(length\\)"):
        read_attachment(capture(pdf("评分表", TEXT), truncated="length"))


@pytest.mark.parametrize(
    "body", [pdf("评分表", TEXT), WORD, SHEET, xls([["单位", 26.0]])], ids=("pdf", "docx", "xlsx", "xls")
)
def test_damage_anywhere_is_a_verdict_and_never_a_fault(body):
    chance = random.Random(8)
    for _ in range(60):
        damaged = bytearray(body)
        for _ in range(chance.randint(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        del damaged[chance.choice((len(damaged), chance.randrange(10, len(damaged)))) :]
        outcome = Reader({}).outcome(capture(bytes(damaged), kind="asset"))

        assert outcome.failure is None, outcome.failure


def test_reading_stops_at_its_bounds_and_says_so():
    long = read_attachment(capture(workbook(a=[["字" * 30_000]] * 14)))
    pages = read_attachment(capture(pdf("表", ("行",) * 35 * (MAX_PAGES + 2))))

    assert (len(long.text), long.cut) == (MAX_CHARACTERS, "at 400000 characters")
    assert pages.cut == f"at page {MAX_PAGES} of {pages.pages}"


def test_what_stands_in_for_characters_is_repaired_with_a_log():
    found = read_attachment(capture(pdf("⼈⼝与卫⽣", TEXT)))

    assert found.text.startswith("人口与卫生")
    assert {(one.rule, one.before) for one in found.repairs} == {("write_plainly", mark) for mark in "⼈⼝⽣"}


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["　　" + "防" * 40 + "督", "查工作。", "二、时间"], ["　　" + "防" * 40 + "督查工作。", "二、时间"]),
        (["防" * 40 + "。", "查工作"], ["防" * 40 + "。", "查工作"]),
        (["防" * 40, "（一）预检"], ["防" * 40, "（一）预检"]),
        (["防" * 40, "　　另起一段"], ["防" * 40, "　　另起一段"]),
        (["姓名", "性别", "籍贯"], ["姓名", "性别", "籍贯"]),
        (["防" * 40, "短", "行"], ["防" * 40 + "短", "行"]),
    ],
    ids=["mid-word", "full stop", "heading", "indent", "cells", "once"],
)
def test_lines_that_the_margin_ended_are_joined_and_no_others(lines, whole):
    assert list(unwrap(lines)) == whole


# --- with their notices

PROSE = "".join(
    f"<p>石棠县卫生健康委员会第{n}次通报：各单位要对照评分表先行自查，按时报送自查报告。</p>" for n in range(6)
)


def notice(number: int, *files: str, hours=0) -> Capture:
    links = "".join(f'<a href="{file}">附件：{file[3:]}</a>' for file in files)
    page = (
        f"<html><head><meta charset=utf-8><title>关于督查的通知之{number}</title></head><body>"
        f"<h1>关于督查的通知之{number}</h1><div class=info>2026-03-0{number} 来源：石棠县卫健委</div>"
        f"<div class=content>{PROSE}<p>第{number}号</p>{links}</div></body></html>"
    )
    return replace(capture(page.encode(), f"/n/{number}.html", hours=hours, mime="text/html"))


# two notices share a file, one file changes, one notice drops its link, one file cannot be read
SEEN = (
    notice(1, "/f/1.pdf", "/f/2.docx"),
    notice(2, "/f/1.pdf", "/f/3.doc", "/f/never.pdf"),
    notice(3, "/f/4.xlsx"),
    notice(3, hours=9),
    capture(pdf("旧评分表", ("初稿：疫苗运输",)), "/f/1.pdf", hours=1),
    capture(pdf("评分表", TEXT), "/f/1.pdf", hours=5),
    capture(word("登记表", "执业资格证书编号"), "/f/2.docx", hours=2),
    capture(ole("WordDocument", b""), "/f/3.doc", hours=2, kind="asset"),
    capture(workbook(名单=[["碧波浴池"]]), "/f/4.xlsx", hours=2),
)


@pytest.fixture(scope="module")
def outcomes():
    return [Reader({}).outcome(one) for one in SEEN]


def fill(path, batches):
    with Store(path) as store:
        for batch in batches:
            store.add(batch)
        store.finish_build(store.start_build(), {})
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory, outcomes):
    return fill(tmp_path_factory.mktemp("attachments") / "archive.db", [outcomes])


def found(path, words):
    sql = """SELECT a.title FROM articles_fts f JOIN articles a ON a.key = f.rowid
        WHERE articles_fts MATCH ? ORDER BY a.title"""
    return [title[-1] for (title,) in rows(path, sql, query(words))]


@pytest.mark.parametrize(
    ("words", "notices"),
    [
        ("冷链管理", ["1", "2"]),  # in the PDF that both link to
        ("冰箱 自查报告", ["1", "2"]),  # one word in the file, the other in the notice
        ("执业资格证书", ["1"]),
        ("執業資格", ["1"]),
        ("疫苗运输", []),  # an earlier state of the file
        ("碧波浴池", []),  # of a file that the notice links to no more
        ("-冰箱 第1号", []),
        ("标题:冷链", []),
    ],
)
def test_notice_is_found_by_what_its_files_alone_say(archive, words, notices):
    assert found(archive, words) == notices


def test_every_file_of_a_notice_is_a_row_with_its_text_or_why_not(archive):
    sql = "SELECT substr(url, 22), format, pages, chars > 0, unread FROM attachment_texts ORDER BY article, n"

    assert sorted(rows(archive, sql)) == [
        ("/f/1.pdf", "pdf", 1, 1, None),
        ("/f/1.pdf", "pdf", 1, 1, None),
        ("/f/2.docx", "docx", None, 1, None),
        ("/f/3.doc", None, None, None, "unsupported: an old Word file (.doc, before 2007), which is not read"),
        ("/f/never.pdf", None, None, None, None),
    ]


def test_archive_does_not_depend_on_whether_notice_or_file_came_first(archive, outcomes, tmp_path):
    chance = random.Random(3)
    orders = [outcomes[::-1], *(chance.sample(outcomes, len(outcomes)) for _ in range(6))]
    for number, order in enumerate(orders):
        other = fill(tmp_path / f"{number}.db", [[one] for one in order])

        assert tables(other) == tables(archive)
        with closing(sqlite3.connect(other)) as database:
            assert list(check_index(database)) == []
            assert [*check_rules(database), *check_references(database)] == []
        assert found(other, "冷链管理") == ["1", "2"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_index_follows_a_file_that_changes(tmp_path, order):
    old, new = (capture(pdf("甲", (text,)), hours=hours) for hours, text in ((1, "旧文"), (2, "新文")))
    steps = [Reader({}).outcome(one) for one in (notice(1, "/f/1.pdf"), old, new)]
    path = fill(tmp_path / "archive.db", [[steps[place]] for place in order])

    assert (found(path, "旧文"), found(path, "新文")) == ([], ["1"])
    with closing(sqlite3.connect(path)) as database:
        assert list(check_index(database)) == []


def test_files_of_an_outlet_that_is_read_anew_leave_the_index_of_others(tmp_path, outcomes):
    path = fill(tmp_path / "archive.db", [outcomes])
    with Store(path) as store:  # no capture is this outlet's own; those on its hosts are forgotten with it
        outlet = Outlet(slug="office", name="x", home="http://office.example/", kind="commission",
                        sources=[{"type": "column", "url": "http://office.example/"}])  # fmt: skip
        store.set_outlets({"office": outlet})

    assert rows(path, "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM attachments)") == [(0, 0)]
    with closing(sqlite3.connect(path)) as database:
        assert list(check_index(database)) == []


def test_search_says_that_the_words_stand_in_the_attachment(archive):
    run = CliRunner().invoke(search, ["冷链管理", "自查", "--archive", str(archive)])
    told = CliRunner().invoke(search, ["冷链管理", "--json", "--archive", str(archive)])
    plain = CliRunner().invoke(search, ["自查报告", "--json", "--archive", str(archive)])

    assert "in the attachment 附件：1.pdf: " in " ".join(run.stdout.split())
    assert "冷链管理" in run.stdout
    assert {json.loads(line)["found_in"] for line in told.stdout.splitlines()} == {"附件：1.pdf"}
    assert {json.loads(line)["found_in"] for line in plain.stdout.splitlines()} == {None}


async def test_pages_and_api_show_the_file_and_say_where_the_words_stand(archive):
    datasette = Datasette([str(archive)], metadata=metadata())
    ((one,),) = rows(archive, "SELECT id FROM articles WHERE title LIKE '%1'")
    ((two,),) = rows(archive, "SELECT id FROM articles WHERE title LIKE '%2'")
    listed = (await datasette.client.get("/search?q=冷链管理")).text
    page = (await datasette.client.get(f"/article/{one}")).text
    other = (await datasette.client.get(f"/article/{two}")).text
    told = (await datasette.client.get(f"/api/article/{one}")).json()["article"]["attachments"]
    brief = (await datasette.client.get("/api/search?q=冷链管理")).json()["articles"]

    assert listed.count("in the attachment 附件：1.pdf") == 2
    assert "二、<mark>冷链管理</mark>" in listed
    assert f'<p class="small">{TEXT[1]}</p>' in page
    assert "执业资格证书编号" in page
    assert "not read (unsupported: an old Word file" in other
    assert "not captured" in other
    assert [(one["format"], one["pages"], one["unread"]) for one in told] == [("pdf", 1, None), ("docx", None, None)]
    assert told[0]["text"].endswith(TEXT[1])
    assert {one["found_in"] for one in brief} == {"附件：1.pdf"}
