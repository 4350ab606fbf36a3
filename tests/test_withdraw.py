"""What is withdrawn is nowhere: in no row, no index, no free page; whatever is killed or lost meanwhile."""

import gzip
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.cli import cli as datasette_cli

from browse.serve import serve_args
from crawler.frontier import Frontier
from crawler.lease import Found
from crawler.outlet import Outlet
from crawler.reader import iter_captures
from crawler.recover import next_record
from crawler.withdrawal import JOURNAL, JournalError, Level, Withdrawal, read_journal, standing, write_journal
from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from fangzhi.building import build_archive
from fangzhi.demo.pdf import pdf
from fangzhi.verify import verify
from pipelines.digest import tables
from pipelines.query import query
from pipelines.url import article_id

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
HOME = "http://daily.example/"
NAMES = ("清溪", "石桥", "白沙", "东湾", "南坪", "北岭")
SECRET = "柳承砚"  # stands in one article alone, and in its copy at another address

FILE = f"{HOME}files/5.pdf"
LINK = f'<p>附件：<a href="{FILE}">人员名单.pdf</a></p>'
LISTED = "季望舒"  # stands in the file alone


def outlet(slug: str, name: str) -> Outlet:
    home = f"http://{slug}.example/"
    return Outlet(slug=slug, name=name, home=home, kind="paper", sources=[{"type": "feed", "url": home + "feed.xml"}])


def page(n: int, more: str = "") -> bytes:
    person = f"负责人{SECRET}" if n == 0 else "负责人"
    lines = "".join(
        f"<p>{NAMES[n]}镇第{k}阶段工作进展顺利，{person}表示将按计划推进，群众可到中心咨询。</p>" for k in range(1, 6)
    )
    title = f"{NAMES[n]}镇通报"
    head = f"<title>{title}</title><meta charset=utf-8><h1>{title}</h1><p>2026-03-01 08:0{n} 来源：云岭日报</p>"
    return f"{head}<div class=content>{lines}{more}</div>".encode()


def exchange(url: str, body: bytes, hours: float = 0) -> Exchange:
    request = b"GET / HTTP/1.1\r\nHost: daily.example\r\nX-Note: " + str(hours).encode() + b"\r\n\r\n"
    return Exchange(
        url=url, fetched_at=START + timedelta(hours=hours), body=body, outlet="mirror" if "mirror" in url else "daily",
        request_head=request, response_head=HEAD,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Make an archive of two files: six articles, one edited, one seen twice, and one that a mirror repeats."""
    folder = tmp_path_factory.mktemp("made")
    with WarcWriter(folder / "captures", clock=lambda: START) as writer:
        first, *_ = [writer.write(exchange(f"{HOME}{n}.html", page(n, LINK * (n == 5)), n / 10)) for n in range(6)]
        writer.write(
            exchange(FILE, pdf("北岭镇名单", (f"名单所列人员：{LISTED}，以上共一人，由村委会核实后上报。",)), 1)
        )
    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=1)) as writer:
        writer.write(exchange(f"{HOME}0.html", page(0), 24), previous=first)
        writer.write(exchange("http://mirror.example/0.html", page(0), 25), previous=first)
        writer.write(exchange(f"{HOME}1.html", page(1, "<p>更正：原数字有误。</p>"), 26))
    outlets = folder / "captures" / "outlets"
    outlets.mkdir()
    for one in (outlet("daily", "云岭日报"), outlet("mirror", "云岭镜像")):
        (outlets / f"{one.slug}.json").write_text(one.model_dump_json(exclude_defaults=True), "utf-8")
    build_archive(folder / "captures", folder / "archive.db", workers=0)
    with Frontier(folder / "crawl.db") as frontier:
        frontier.add("daily", [Found(url=f"{HOME}{n}.html", kind="article") for n in range(6)])
        frontier.database.execute(
            "UPDATE urls SET warc_file = ?, warc_offset = ?, etag = 'x' WHERE url IN (?, ?)",
            (first.warc_file, first.offset, f"{HOME}0.html", f"{HOME}5.html"),
        )
    return folder


@pytest.fixture
def folder(made, tmp_path) -> Path:
    shutil.copytree(made, tmp_path / "here")
    return tmp_path / "here"


def paths(folder: Path) -> list[str]:
    return [
        word for name in ("captures", "archive.db", "crawl.db")
        for word in (f"--{name.replace('.', '-').replace('archive-db', 'archive')}", str(folder / name))
    ]  # fmt: skip


def run(folder: Path, *words: str, code: int = 0):
    done = CliRunner().invoke(cli, [*words[:1], *paths(folder), *words[1:]])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def withdraw(folder: Path, what: str, level: str, *more: str, code: int = 0):
    return run(
        folder, "withdraw", what, "--level", level, "--reason", "应当事人要求", "--by", "档案员", *more, code=code
    )


def ask(folder: Path, sql: str, *given, database: str = "archive.db"):
    with closing(sqlite3.connect(folder / database)) as opened:
        return opened.execute(sql, given).fetchall()


def found(folder: Path, words: str) -> set[str]:
    sql = "SELECT id FROM articles WHERE key IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
    return {name for (name,) in ask(folder, sql, query(words))}


def everything(folder: Path) -> dict:
    """Return the whole content of an archive, but for when it was built."""
    with closing(sqlite3.connect(folder / "archive.db")) as opened:
        return {
            name: sorted(map(repr, opened.execute(f"SELECT * FROM {name}")))
            for name in tables(folder / "archive.db")
            if name != "builds"
        }


def warc_bytes(folder: Path) -> bytes:
    return b"".join(gzip.decompress(path.read_bytes()) for path in sorted((folder / "captures").glob("*.warc.gz")))


def wrong(folder: Path) -> list[str]:
    return [one.line for one in verify(folder / "captures", folder / "archive.db", folder / "crawl.db")]


def address(n: int) -> str:
    return f"{HOME}{n}.html"


@pytest.mark.parametrize("level", ["hide", "embargo", "purge", "never"])
def test_nothing_of_an_article_is_left_in_the_archive(folder, level):
    name, copy = article_id(address(0)), article_id("http://mirror.example/0.html")
    until = ("--until", "2999-01-01") if level == "embargo" else ()
    clustered = ask(folder, "SELECT count(*) FROM reprints")
    for what in (address(0), "http://mirror.example/0.html"):
        withdraw(folder, what, level, *until)

    assert (clustered, ask(folder, "SELECT count(*) FROM reprints")) == ([(2,)], [(0,)])
    assert found(folder, SECRET) == set()
    assert SECRET not in json.dumps(everything(folder), ensure_ascii=False)
    assert ask(folder, "SELECT DISTINCT outcome, url, sha256, content FROM captures WHERE page = ?", name) == [
        ("withdrawn", "", "", None)
    ]
    assert ask(folder, "SELECT article, level, until FROM withdrawals ORDER BY article") == sorted(
        (one, level, until[1] if until else None) for one in (name, copy)
    )
    for path in folder.glob("archive.db*"):  # nor in pages of the file that are free now
        assert SECRET.encode() not in path.read_bytes(), path
        assert "清溪镇第".encode() not in path.read_bytes(), path
    blobs = b"".join(block for (block,) in ask(folder, "SELECT block FROM articles_fts_data"))
    assert SECRET[:2].encode() not in blobs
    assert (SECRET.encode() in warc_bytes(folder)) == (level in ("hide", "embargo"))
    assert wrong(folder) == []


@pytest.mark.parametrize("level", ["hide", "purge"])
def test_a_rebuild_gives_the_same_archive_with_the_journal_alone_and_with_crawl_db_alone(folder, level):
    withdraw(folder, address(1), level)
    after = everything(folder)
    remembered = ask(folder, "SELECT * FROM withdrawals", database="crawl.db")

    (folder / "crawl.db").rename(folder / "kept.db")
    run(folder, "build", "--fresh", "--workers", "0")
    by_journal = everything(folder)
    (folder / "kept.db").rename(folder / "crawl.db")
    (folder / "captures" / JOURNAL).unlink()
    run(folder, "build", "--fresh", "--workers", "0")

    assert by_journal == after
    assert everything(folder) == after
    assert len(read_journal(folder / "captures")) == len(remembered) == 1


def test_a_file_goes_and_comes_with_the_article_that_it_belongs_to(folder):
    before = everything(folder), found(folder, LISTED)
    withdraw(folder, address(5), "hide")
    hidden = found(folder, LISTED), ask(folder, "SELECT * FROM files"), ask(folder, "SELECT * FROM attachments")
    run(folder, "withdraw", address(5), "--lift", "--reason", "撤销")
    run(folder, "build", "--workers", "0")

    assert hidden == (set(), [], [])
    assert (everything(folder), found(folder, LISTED)) == before
    assert before[1] == {article_id(address(5))}


def test_what_is_purged_stays_so_when_all_decisions_are_lost(folder):
    withdraw(folder, address(1), "purge")
    (folder / "captures" / JOURNAL).unlink()
    (folder / "crawl.db").unlink()
    run(folder, "build", "--fresh", "--workers", "0")

    assert ask(folder, "SELECT DISTINCT outcome FROM captures WHERE page = ?", article_id(address(1))) == [
        ("withdrawn",)
    ]
    assert "石桥".encode() not in warc_bytes(folder)


def test_a_purge_leaves_every_other_record_where_it_lies_and_the_digest_on_the_tombstone(folder, tmp_path):
    files = sorted((folder / "captures").glob("*.warc.gz"))
    before = {one.id: one for path in files for one in iter_captures(path)}
    sizes = [path.stat().st_size for path in files]
    os.link(files[0], tmp_path / "backup.warc.gz")
    parts = [folder / "captures" / "parts" / f"{path.name}.0123.part.gz" for path in files]
    parts[0].parent.mkdir()
    for part in parts:
        part.touch()
    done = withdraw(folder, address(2), "purge")
    after = {one.id: one for path in files for one in iter_captures(path)}

    assert "backups made before still hold them" in done.stderr
    assert [path.stat().st_size for path in files] == sizes
    assert [part.exists() for part in parts] == [False, True]
    assert {one.id: one for one in after.values() if not one.purged} == {
        name: one for name, one in before.items() if one.url != address(2)
    }
    assert [one.url for one in after.values() if one.purged] == [address(2)]
    assert f"Fangzhi-Purged-Digest: sha256:{hashlib.sha256(page(2)).hexdigest()}".encode() in warc_bytes(folder)
    assert "白沙镇".encode() in gzip.decompress((tmp_path / "backup.warc.gz").read_bytes())


def test_records_after_a_damaged_place_are_purged_too(folder):
    path = min((folder / "captures").glob("*.warc.gz"))
    whole = path.read_bytes()
    (at,) = (one.warc_offset for one in iter_captures(path) if one.url == address(1))
    path.write_bytes(whole[: at + 200] + bytes([whole[at + 200] ^ 1]) + whole[at + 201 :])
    withdraw(folder, address(4), "purge")

    assert [one.purged for one in iter_captures(path, start=next_record(path, at)) if one.url == address(4)] == [True]
    assert path.read_bytes()[:at] == whole[:at]


def test_a_payload_that_another_address_needs_stays_until_that_is_purged_too(folder):
    mirror = article_id("http://mirror.example/0.html")
    text = ask(folder, "SELECT text FROM articles WHERE id = ?", mirror)
    done = withdraw(folder, address(0), "purge")
    run(folder, "build", "--fresh", "--workers", "0")

    assert "1 payloads stay" in done.stderr
    assert ask(folder, "SELECT text FROM articles WHERE id = ?", mirror) == text
    assert found(folder, SECRET) == {mirror}
    assert wrong(folder) == []

    withdraw(folder, "http://mirror.example/0.html", "purge")

    assert SECRET.encode() not in warc_bytes(folder)
    assert wrong(folder) == []


def test_what_is_never_to_be_fetched_is_gone_from_the_frontier_and_stays_out(folder):
    withdraw(folder, address(3), "never")
    withdraw(folder, address(0), "purge")
    with Frontier(folder / "crawl.db") as frontier:
        again = frontier.add(
            "daily", [Found(url=one, kind="article") for one in (address(3), "https://daily.example/3.html")]
        )
        known = frontier.known([address(n) for n in range(6)])

    assert again == 0
    assert known == {address(n) for n in (0, 1, 2, 4, 5)}
    # a record that was purged is referred to no longer, by its own address or another
    assert ask(folder, "SELECT DISTINCT warc_file, etag FROM urls", database="crawl.db") == [(None, None)]


def test_a_lost_memory_learns_again_what_is_never_to_be_fetched(folder, loopback):
    wanted, banned = loopback.put("/a/1.html", page(1)), loopback.put("/a/2.html", page(2))
    loopback.put("/list.html", f'<a href="{wanted}">一</a><a href="{banned}">二</a>')
    (loopback.folder / "captures").mkdir()
    told = {"article": article_id(banned), "url": banned, "by": "档案员", "reason": "法院裁定"}
    decision = Withdrawal(at="2026-03-02T00:00:00.000000Z", level=Level.NEVER, addresses=(banned[7:],), **told)
    write_journal(loopback.folder / "captures", [decision])
    loopback.crawl()

    assert "/a/1.html" in loopback.paths()
    assert "/a/2.html" not in loopback.paths()


def test_an_embargo_ends_by_itself_and_a_decision_can_be_lifted(folder):
    before = everything(folder)
    withdraw(folder, address(4), "embargo", "--until", "2999-01-01")
    (embargo,) = read_journal(folder / "captures")
    withdraw(folder, address(5), "hide")
    hidden = ask(folder, "SELECT count(*) FROM articles")
    run(folder, "withdraw", address(5), "--lift", "--reason", "撤销", "--by", "档案员")
    run(folder, "withdraw", embargo.article, "--lift", "--reason", "到期", "--by", "档案员")
    run(folder, "build", "--workers", "0")
    stands = [line.split()[0] for line in run(folder, "withdraw", "--list").stdout.splitlines()]

    assert hidden == [(5,)]
    assert everything(folder) == before
    assert stands == ["past"] * 6  # both also for the file of article 5
    assert list(standing([embargo])) == [embargo.article]
    assert list(standing([embargo], datetime(2999, 1, 1, tzinfo=UTC).date())) == []


def test_an_unknown_address_is_refused_in_one_line_but_for_never(folder):
    journal = folder / "captures" / JOURNAL
    command = [sys.executable, "-m", "fangzhi", "withdraw", *paths(folder), "http://other.example/", "--reason", "x"]
    refused = subprocess.run([*command, "--level", "purge"], capture_output=True, text=True, check=False)
    taken = subprocess.run([*command, "--level", "never"], capture_output=True, text=True, check=False)

    assert (refused.returncode, len(refused.stderr.splitlines())) == (4, 1)
    assert "http://other.example/: there is no capture of this; check the address" in refused.stderr
    assert (taken.returncode, len(journal.read_text("utf-8").splitlines())) == (0, 1)
    assert ask(folder, "SELECT * FROM never", database="crawl.db") == [("other.example/",)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--level", "hide"], "--reason is missing"),
        (["--level", "embargo", "--reason", "x"], "--until is missing"),
        (["--level", "embargo", "--reason", "x", "--until", "2020-01-01"], "has come already"),
        (["--level", "hide", "--lift", "--reason", "x"], "say how far"),
        (["--reason", "x"], "say how far"),
    ],
)
def test_half_a_decision_is_refused(folder, words, says):
    assert says in run(folder, "withdraw", address(0), *words, code=2).stderr
    assert read_journal(folder / "captures") == []


def test_a_damaged_journal_is_named_and_a_torn_last_line_is_none(folder):
    withdraw(folder, address(0), "hide")
    path = folder / "captures" / JOURNAL
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    torn = read_journal(folder / "captures")
    withdraw(folder, address(1), "hide")

    assert len(torn) == 1
    assert [one.url for one in read_journal(folder / "captures")] == [address(0), address(1)]

    path.write_bytes(b"{}\n" + whole)
    with pytest.raises(JournalError, match="line 1 is no decision"):
        read_journal(folder / "captures")


KILLED = """
import os, signal, sys
from pathlib import Path
import {module} as module
def die(*given, **more):
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = die
from fangzhi.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("fangzhi.withdrawing", "carry_out"),  # the decision is written, nothing else done
        ("pipelines.store", "keep_out"),  # inside the transaction on the archive
        ("fangzhi.withdrawing", "recover"),  # hidden, nothing purged
        ("crawler.purge", "_rewrite"),  # a payload that others need is copied, no file rewritten
        ("fangzhi.withdrawing", "forget"),  # purged, and crawl.db still refers to it
    ],
)
def test_a_kill_leaves_a_whole_state_and_repeating_finishes(folder, module, name):
    words = ["withdraw", *paths(folder), address(0), "--level", "purge", "--reason", "x", "--by", "y"]
    killed = subprocess.run([sys.executable, "-c", KILLED.format(module=module, name=name), *words], check=False)
    half = [one for one in wrong(folder) if "still there" not in one]
    run(folder, *words[:1], *words[7:])

    assert killed.returncode == -signal.SIGKILL
    assert half == []
    assert len(read_journal(folder / "captures")) == 1
    assert wrong(folder) == []
    assert ask(folder, "SELECT DISTINCT outcome FROM captures WHERE page = ?", article_id(address(0))) == [
        ("withdrawn",)
    ]
    assert warc_bytes(folder).count(b"urn:fangzhi:payload:") == 1
    assert warc_bytes(folder).count(b"\r\nWARC-Target-URI: http://daily.example/0.html\r\n") == 4  # tombstones
    assert warc_bytes(folder).count(b"Fangzhi-Purged: ") == 4
    assert ask(folder, "SELECT DISTINCT warc_file FROM urls", database="crawl.db") == [(None,)]


def test_a_file_that_a_crawl_writes_is_purged_afterwards(folder):
    with WarcWriter(folder / "captures", clock=lambda: START + timedelta(days=2)) as writer:
        writer.write(exchange(address(2), page(2, "<p>新增一段。</p>"), 48))
        run(folder, "build", "--workers", "0")
        busy = withdraw(folder, address(2), "purge", code=1)
        assert f"{writer.path.name}: a crawl is writing this file" in busy.stderr
    run(folder, "withdraw", "--list")

    assert "白沙".encode() not in warc_bytes(folder)


def test_every_way_out_answers_withdrawn(folder):
    name = article_id(address(0))
    withdraw(folder, address(0), "hide")
    withdraw(folder, "http://mirror.example/0.html", "hide")
    args = [*serve_args(folder / "archive.db", Path("datasette_metadata.json"), "127.0.0.1", 0, ()), "--get"]

    def get(path: str) -> tuple[int, str]:
        done = CliRunner().invoke(datasette_cli, [*args, path])
        return done.exit_code, done.output

    for path in (
        f"/article/{name}",
        f"/article/{name}/capture",
        f"/article/{name}/capture/raw",
        f"/api/article/{name}",
    ):
        code, body = get(path)
        assert code == 1, path
        assert "withdrawn" in body, path
    for path in (
        f"/search?q={SECRET}", f"/search.atom?q={SECRET}", f"/search.jsonl?q={SECRET}", f"/search.csv?q={SECRET}",
        "/archive/articles.json?_shape=objects&_facet=outlet", "/archive/captures.json", "/",
    ):  # fmt: skip
        assert "清溪镇" not in get(path)[1], path
    (change,) = json.loads(get("/api/changes?kind=withdrawn&size=1")[1])["changes"]

    assert change["kind"] == "withdrawn"
    assert set(change["article"]) == {"id"}
    assert SECRET not in CliRunner().invoke(cli, ["export", "--archive", str(folder / "archive.db")]).stdout


def test_a_backup_follows_a_purge_and_nothing_else(folder, tmp_path):
    def back_up(code: int = 0):
        return run(folder, "backup", str(tmp_path / "backup"), code=code)

    first, second = sorted((folder / "captures").glob("*.warc.gz"))
    back_up()
    withdraw(folder, address(2), "purge")
    held = "白沙镇".encode() in warc_bytes(tmp_path / "backup")
    back_up()
    kept = read_journal(tmp_path / "backup" / "captures")
    whole = first.read_bytes()
    first.unlink()  # the backup is a link to it
    first.write_bytes(whole[:900] + bytes([whole[900] ^ 1]) + whole[901:])
    damaged = back_up(code=1)

    assert held
    assert "白沙镇".encode() not in warc_bytes(tmp_path / "backup")
    assert (tmp_path / "backup" / "captures" / first.name).read_bytes() == whole
    assert "is no longer what was backed up" in damaged.stderr
    assert kept == read_journal(folder / "captures")
    assert second.name in {path.name for path in (tmp_path / "backup" / "captures").glob("*")}
