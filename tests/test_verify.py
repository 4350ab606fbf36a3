"""Verify names every kind of damage, and nothing where nothing is damaged; what is derived can be made anew."""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.digests import check_records
from crawler.outlet import Outlet
from crawler.recover import find_tail
from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from fangzhi.building import build_archive
from fangzhi.verify import verify
from pipelines.digest import digest

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
SOURCES = [{"type": "feed", "url": "http://daily.example/feed.xml"}]
OUTLET = Outlet(slug="daily", name="云岭日报", home="http://daily.example/", kind="paper", sources=SOURCES)
TOPICS = ("疫苗接种", "道路抢修", "春耕备播", "河道清理", "校园安全", "小区改造")


def exchange(n: int, *, hours: float = 0, status: int = 200) -> Exchange:
    lines = "".join(
        f"<p>{TOPICS[n]}工作进入第{k}阶段，负责人表示将按计划推进，群众可到服务中心咨询。</p>" for k in range(1, 6)
    )
    title = f"{TOPICS[n]}通报"
    page = f"<title>{title}</title><meta charset=utf-8><h1>{title}</h1><p>2026-03-01 08:00 来源：云岭日报</p>{lines}"
    return Exchange(
        url=f"http://daily.example/{n}.html",
        fetched_at=START + timedelta(hours=hours + n / 10),
        body=page.encode(),
        outlet="daily",
        request_head=b"GET / HTTP/1.1\r\nHost: daily.example\r\n\r\n",
        response_head=f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n\r\n".encode(),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Make a folder with an archive of two WARC files; the second repeats a page of the first."""
    folder = tmp_path_factory.mktemp("made")
    with WarcWriter(folder / "captures", clock=lambda: START) as writer:
        first, *_ = [writer.write(exchange(n)) for n in range(4)]
    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=1)) as writer:
        writer.write(exchange(0, hours=24), previous=first)
        writer.write(exchange(4, hours=24))
        writer.write(exchange(1, hours=25, status=404))
    outlets = folder / "captures" / "outlets"
    outlets.mkdir()
    (outlets / "daily.json").write_text(OUTLET.model_dump_json(exclude_defaults=True), "utf-8")
    build_archive(folder / "captures", folder / "archive.db", workers=0)
    return folder


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "captures").glob("*.warc.gz"))


def found(folder: Path) -> list[tuple[str, str, str]]:
    return [(one.check, one.line, one.mend.value) for one in verify(folder / "captures", folder / "archive.db")]


def run(folder: Path, *words: str):
    captures, archive, crawl = folder / "captures", folder / "archive.db", folder / "crawl.db"
    given = ["--captures", str(captures), "--archive", str(archive), "--crawl-db", str(crawl)]
    return CliRunner().invoke(cli, ["verify", *given, *words])


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)


def flip(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 0x10
    path.write_bytes(body)


def test_nothing_is_wrong_where_nothing_was_touched(folder):
    before = digest(folder / "archive.db")
    done = run(folder)

    assert (done.exit_code, done.stdout) == (0, "")
    assert digest(folder / "archive.db") == before


def test_every_altered_byte_of_a_warc_file_is_named_or_changes_nothing(folder):
    path = warcs(folder)[1]
    whole = path.read_bytes()
    sound = list(check_records(path))
    silent = []
    for at in range(len(whole)):
        flip(path, at)
        records = list(check_records(path))
        if not any(record.wrong for record in records):
            silent.append(at)
            assert records == sound, at
        path.write_bytes(whole)

    # time, flags and system in the head of a gzip member, and the bits that fill up its last byte, say nothing
    assert len(silent) <= 7 * len(sound)


def test_an_altered_byte_names_its_record_and_the_others_are_read_on(folder):
    path = warcs(folder)[0]
    offsets = [record.offset for record in check_records(path) if record.document]
    flip(path, offsets[1] + 200)

    (first, second) = found(folder)

    assert first[0] == "records"
    assert f"{path.name}: no whole record begins here: the file is damaged (at byte {offsets[1]})" == first[1]
    assert second[1] == f"{path.name}: 1 captures of the archive have no record (at byte {offsets[1]})"
    assert {first[2], second[2]} == {"restore"}


def test_a_payload_that_is_not_its_digest_is_named(folder, tmp_path):
    plain = tmp_path / "plain" / "x.warc"
    plain.parent.mkdir()
    body = b"HTTP/1.1 200 OK\r\n\r\nhello"
    head = (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: 2026-03-01T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http\r\n"
        b"WARC-Payload-Digest: sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    plain.write_bytes(head + body + b"\r\n\r\n")
    right = [record.wrong for record in check_records(plain)]
    plain.write_bytes(head + body.replace(b"hello", b"jello") + b"\r\n\r\n")
    wrong = [record.wrong for record in check_records(plain)]

    assert right == [""]
    assert wrong == ["its payload is not the one of its digest"]


def test_a_block_that_is_not_its_digest_is_named(folder, tmp_path):
    body = b"software: a\r\n"
    head = (
        b"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Date: 2026-03-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"WARC-Block-Digest: sha-256:%s\r\nContent-Type: application/warc-fields\r\nContent-Length: %d\r\n\r\n"
        % (hashlib.sha256(body).hexdigest().encode(), len(body))
    )
    path = tmp_path / "x.warc"
    path.write_bytes(head + body + b"\r\n\r\n")
    right = [(record.kind, record.wrong) for record in check_records(path)]
    path.write_bytes(head + body.replace(b"a\r", b"b\r") + b"\r\n\r\n")
    wrong = [(record.kind, record.wrong) for record in check_records(path)]

    assert right == [("warcinfo", "")]
    assert wrong == [("warcinfo", "its block is not the one of its digest")]


def test_a_missing_file_is_named_with_what_rests_on_it(folder):
    first, second = warcs(folder)
    first.unlink()

    lines = [line for _, line, _ in found(folder)]

    assert f"{first.name}: this WARC file is missing; 4 captures and 3 articles were read from it" in lines
    assert any(line.startswith(f"{second.name}: its payload should lie in {first.name}") for line in lines)


def test_a_torn_tail_is_named_and_repair_cuts_it_off_where_a_crash_left_it(folder):
    path = warcs(folder)[1]
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(path.read_bytes()[:60])
    first = found(folder)
    path.with_name(f"{path.name}.open").touch()
    done = run(folder, "--repair")

    assert first == [("records", f"{path.name}: the file ends inside this record (at byte {size})", "restore")]
    assert done.exit_code == 0, done.output
    assert path.stat().st_size == size


def test_a_file_that_a_crawl_is_writing_may_end_anywhere(folder):
    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=2)) as writer:
        writer.write(exchange(5, hours=48))
        with writer.path.open("ab") as file:
            file.write(b"\x1f\x8b\x08\x00")

        assert find_tail(writer.path).rest == "torn"
        assert found(folder) == []


def test_records_without_a_row_are_named_and_repair_reads_them(folder):
    whole = digest(folder / "archive.db")
    change(folder, "DELETE FROM captures WHERE id = (SELECT capture FROM articles ORDER BY id LIMIT 1)")
    lines = [line for _, line, _ in found(folder)]
    done = run(folder, "--repair")

    assert any("1 records are not in the archive" in line for line in lines), lines
    assert any(line.startswith("articles ") and "is not in captures" in line for line in lines), lines
    assert done.exit_code == 0, done.output
    assert digest(folder / "archive.db") == whole


def test_an_article_whose_row_is_gone_is_named_and_repair_makes_it_anew(folder):
    whole = digest(folder / "archive.db")
    change(folder, "DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)")
    checks = {check for check, _, _ in found(folder)}
    done = run(folder, "--repair")

    assert {"references", "index"} <= checks
    assert done.exit_code == 0, done.output
    assert digest(folder / "archive.db") == whole


def test_a_row_without_a_record_is_named(folder):
    name = warcs(folder)[0].name
    change(folder, f"UPDATE captures SET warc_offset = 7 WHERE warc_file = '{name}' AND warc_offset > 2000")
    lines = [line for _, line, _ in found(folder)]

    assert f"{name}: 1 captures of the archive have no record (at byte 7)" in lines


def test_a_row_with_another_digest_is_named(folder):
    change(folder, "UPDATE captures SET sha256 = 'ab' WHERE id = (SELECT min(id) FROM captures)")
    ((check, line, mend),) = found(folder)

    assert (check, mend) == ("captures", "fresh")
    assert "the record is sound" in line


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')",
        "UPDATE articles SET text = text || '县' WHERE id = (SELECT min(id) FROM articles)",
        "UPDATE articles SET title = '另一个' WHERE id = (SELECT min(id) FROM articles)",
        "INSERT INTO articles_fts(rowid, title, text) VALUES (1, '县', '县')",
        "UPDATE articles SET title = text, text = title WHERE id = (SELECT min(id) FROM articles)",
        "UPDATE articles SET key = 5 WHERE id = (SELECT min(id) FROM articles)",
    ],
)
def test_an_index_that_differs_from_the_text_is_named_and_made_anew(folder, statement):
    change(folder, statement)
    before = found(folder)
    done = run(folder, "--repair")

    assert {check for check, _, _ in before} == {"index"}
    assert (done.exit_code, done.stdout) == (0, ""), done.output


def test_terms_that_changed_places_between_two_articles_are_seen(folder):
    keys = [5, 6]
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as database:
        pair = [row[0] for row in database.execute("SELECT id FROM articles ORDER BY id LIMIT 2")]
        (one, other) = [
            database.execute("SELECT key FROM articles WHERE id = ?", [name]).fetchone()[0] for name in pair
        ]
        for key, name in (*zip(keys, pair, strict=True), (other, pair[0]), (one, pair[1])):
            database.execute("UPDATE articles SET key = ? WHERE id = ?", [key, name])

    assert [check for check, _, _ in found(folder)] == ["index", "index"]


def test_nothing_is_made_anew_from_files_that_have_lost_bytes(folder):
    first = warcs(folder)[0]
    first.unlink()
    change(folder, "UPDATE captures SET outcome = 'skip' WHERE id = (SELECT capture FROM articles LIMIT 1)")
    before = digest(folder / "archive.db")
    done = run(folder, "--repair")

    assert done.exit_code == 1
    assert "not made anew" in done.stderr
    assert digest(folder / "archive.db") == before


def test_a_damaged_database_is_named_and_made_anew(folder):
    whole = digest(folder / "archive.db")
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        page, size = (
            database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'trimmed'").fetchone()[0],
            database.execute("PRAGMA page_size").fetchone()[0],
        )
    with (folder / "archive.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 64)
    lines = found(folder)
    done = run(folder, "--repair")

    assert "file" in {check for check, _, _ in lines}
    assert done.exit_code == 0, done.output
    assert digest(folder / "archive.db") == whole


def test_json_holds_every_offset_and_the_remedy(folder):
    change(folder, "DELETE FROM captures")
    rows = json.loads(run(folder, "--json").stdout)
    late = [row for row in rows if row["words"].endswith("are not in the archive")]

    assert [len(row["offsets"]) for row in late] == [4, 3]
    assert {row["mend"] for row in late} == {"build"}


def test_a_foreign_database_and_a_missing_one_have_their_codes(folder):
    (folder / "other").mkdir()
    with closing(sqlite3.connect(folder / "other" / "archive.db")) as database:
        database.execute("CREATE TABLE recipes (id INTEGER)")
    foreign = CliRunner().invoke(
        cli, ["verify", "--captures", str(folder / "captures"), "--archive", str(folder / "other" / "archive.db")]
    )
    missing = CliRunner().invoke(cli, ["verify", "--captures", str(folder / "nowhere")])

    assert type(foreign.exception).__name__ == "NotAnArchive"
    assert isinstance(missing.exception, FileNotFoundError)
