"""An export is the whole search result: what the pages would hand out, what was captured, nothing cut off."""

import csv
import gzip
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pytest
from datasette.app import Datasette

from crawler.outlet import Outlet
from crawler.reader import iter_captures
from crawler.wacz import import_wacz
from crawler.writer import Exchange, WarcWriter
from fangzhi.building import build_archive
from fangzhi.outletbook import keep_outlets

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
ARTICLES = 130  # more than the pages fetch at a time
SOURCES = [{"type": "feed", "url": "http://daily.example/feed.xml"}]
OUTLETS = [
    Outlet(slug=slug, name=name, home=f"http://{slug}.example/", kind="paper", sources=SOURCES)
    for slug, name in (("daily", "云岭日报"), ("evening", "云岭晚报"))
]


def exchange(n: int) -> Exchange:
    slug = OUTLETS[n % 2].slug
    word = "防汛" if n % 3 else "=疫苗"
    lines = "".join(f"<p>河湾镇第{n}号通报：{word}工作进入第{k}阶段，负责人表示将按计划推进。</p>" for k in range(1, 4))
    day = START + timedelta(days=n % 10)
    title = f"{word}通报（{n}）"
    page = f"<meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{day:%Y-%m-%d} 08:00</p>{lines}"
    return Exchange(
        url=f"http://{slug}.example/{n}.html",
        fetched_at=START + timedelta(days=20, minutes=n),
        body=page.encode(),
        outlet=slug,
        request_head=b"GET / HTTP/1.1\r\n\r\n",
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    keep_outlets(folder / "captures", OUTLETS)
    with WarcWriter(folder / "captures", clock=lambda: START) as writer:
        first, *_ = [writer.write(exchange(n)) for n in range(ARTICLES)]
        again = exchange(0)
        writer.write(
            Exchange(
                url=again.url, fetched_at=START + timedelta(days=30), body=again.body, outlet="daily",
                request_head=again.request_head, response_head=again.response_head,
            ),
            previous=first,
        )  # fmt: skip
    build_archive(folder / "captures", folder / "archive.db", workers=0)
    return folder


def export(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "fangzhi", "export", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)


SEARCHES = [
    # words of the command, the same search as the page's address has it
    (["防汛"], {"q": "防汛"}),
    ([], {}),
    (["通报", "-疫苗"], {"q": "通报 -疫苗"}),
    (["--outlet", "daily", "--since", "2026-03-03", "--until", "2026-03-05"],
     {"outlet": "daily", "since": "2026-03-03", "until": "2026-03-05"}),
]  # fmt: skip


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize(("words", "asked"), SEARCHES, ids=[" ".join(row[0]) for row in SEARCHES])
async def test_an_export_is_byte_for_byte_what_the_search_page_hands_out(folder, form, words, asked):
    served = Datasette([str(folder / "archive.db")])
    page = await served.client.get(f"/search.{form}?{urlencode(asked)}")
    done = export(folder, *words, "--format", form)

    assert done.returncode == 0, done.stderr
    assert page.status_code == 200
    assert done.stdout == page.content
    assert len(done.stdout) > 1000


def test_everything_is_exported_newest_first(folder):
    done = export(folder)
    rows = [json.loads(line) for line in done.stdout.splitlines()]

    assert len({row["id"] for row in rows}) == ARTICLES
    assert [row["day"] for row in rows] == sorted((row["day"] for row in rows), reverse=True)
    assert done.stderr.decode() == f"{ARTICLES} articles exported\n"


def test_partitions_are_read_by_outlet_and_month(folder, tmp_path):
    target = tmp_path / "articles"
    done = export(folder, "--format", "partitions", "--output", str(target))
    assert done.stderr == f"{ARTICLES} articles exported\n".encode()
    lines = {row["id"]: row for row in map(json.loads, export(folder).stdout.splitlines())}
    found = duckdb.sql(f"SELECT * FROM read_parquet('{target}/*/*/*.parquet', hive_partitioning = true)")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert {row["id"]: (row["title"], row["text"], row["outlet"], row["month"]) for row in rows} == {
        name: (row["title"], row["text"], row["outlet"], row["day"][:7]) for name, row in lines.items()
    }
    assert {path.name for path in target.iterdir()} == {"outlet=daily", "outlet=evening"}

    again = export(folder, "--format", "partitions", "--output", str(target))
    assert (again.returncode, again.stderr.count(b"\n")) == (9, 1)


def test_a_spreadsheet_runs_no_cell(folder):
    export(folder, "疫苗", "--output", "out.csv")
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]

    assert len(titles) == len(range(0, ARTICLES, 3))
    assert all(title.startswith("'=") for title in titles)


def test_a_wacz_holds_the_pages_as_they_were_captured(folder, tmp_path):
    done = export(folder, "--outlet", "daily", "--output", str(tmp_path / "out.wacz"))
    (brought,) = import_wacz(tmp_path / "out.wacz", tmp_path / "captures")
    came = {one.url: one for one in iter_captures(tmp_path / "captures" / brought.warc_file)}

    assert done.returncode == 0, done.stderr
    assert {url: one.body for url, one in came.items()} == {
        one.url: one.body for one in map(exchange, range(0, ARTICLES, 2))
    }
    assert came["http://daily.example/0.html"].fetched_at == START + timedelta(days=30)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["captures", "out.wacz"]


def test_a_wacz_holds_the_page_of_a_revisit_that_names_no_file(folder, tmp_path):
    whole = b"".join(gzip.decompress(path.read_bytes()) for path in (folder / "captures").glob("*.warc.gz"))
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "theirs.warc").write_bytes(re.sub(rb"WARC-Refers-To-File[^\r]*\r\n", b"", whole))
    build_archive(tmp_path / "captures", tmp_path / "archive.db", workers=0)
    done = export(tmp_path, "--since", "2026-03-01", "--output", "out.wacz")
    (brought,) = import_wacz(tmp_path / "out.wacz", tmp_path / "back")
    came = {one.url: one.body for one in iter_captures(tmp_path / "back" / brought.warc_file)}

    assert done.returncode == 0, done.stderr
    assert came == {one.url: one.body for one in map(exchange, range(ARTICLES))}


def test_a_wacz_goes_to_standard_output_as_well(folder, tmp_path):
    done = export(folder, "防汛", "--format", "wacz")
    (tmp_path / "out.wacz").write_bytes(done.stdout)
    (brought,) = import_wacz(tmp_path / "out.wacz", tmp_path / "captures")

    assert len(list(iter_captures(tmp_path / "captures" / brought.warc_file))) == ARTICLES - len(range(0, ARTICLES, 3))


def test_a_capture_that_is_gone_is_named_and_no_half_file_stays(folder, tmp_path):
    (tmp_path / "captures").mkdir()
    out = tmp_path / "out.wacz"
    done = export(folder, "--captures", str(tmp_path / "captures"), "--output", str(out))

    assert done.returncode == 4
    assert "cannot be opened" in done.stderr.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["captures"]


def test_a_file_is_whole_or_not_there(folder, tmp_path):
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        f"sys.argv = ['fangzhi', 'export', '--output', {str(tmp_path / 'out.csv')!r}];"
        "from fangzhi.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, timeout=60, check=False)

    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []


MISTAKES = [
    (["--output", "out.xls"], 2, "out.xls"),
    (["--since", "yesterday"], 2, "yesterday"),
    (["--nonsense"], 2, "--nonsense"),
    (["！？"], 2, "no word"),
    (["--archive", "nowhere.db"], 4, "nowhere.db"),
    (["--output", "no/where.csv"], 4, "no/where.csv"),
    (["--format", "partitions"], 2, "--output"),
]


@pytest.mark.parametrize(("words", "code", "named"), MISTAKES, ids=[" ".join(row[0]) for row in MISTAKES])
def test_a_mistake_is_one_clear_line(folder, words, code, named):
    done = export(folder, *words)

    assert done.returncode == code, done.stderr.decode()
    assert named in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_nothing_found_is_said(folder, tmp_path):
    lines = export(folder, "没有这个词组", "--output", str(tmp_path / "none.jsonl"))
    pages = export(folder, "没有这个词组", "--output", str(tmp_path / "none.wacz"))

    assert (lines.returncode, pages.returncode) == (0, 0)
    assert lines.stderr == pages.stderr == b"nothing was found\n"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"none.jsonl": b""}
