"""Six articles of a daily in two WARC files, with what a test of withdrawals does to them and asks of them."""

import gzip
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from crawler.frontier import Frontier
from crawler.lease import Found
from crawler.outlet import Outlet
from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from fangzhi.building import build_archive
from fangzhi.demo.pdf import pdf
from fangzhi.verify import verify
from pipelines.digest import tables
from pipelines.query import query
from tests.asking import rows

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


def made_in(folder: Path) -> Path:
    """Make an archive of two files: six articles, one edited, one seen twice, and one that a mirror repeats."""
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
    return rows(folder / database, sql, *given)


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
