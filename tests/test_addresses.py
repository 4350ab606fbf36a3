"""An article keeps its id wherever it moves, every address that led to it is kept, no order of files matters."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.outlet import Outlet, OutletError, load_outlet
from crawler.writer import Exchange, WarcWriter
from pipelines.build import build
from pipelines.digest import tables
from pipelines.url import article_id, identity
from tests.asking import rows

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
OLD, NEW = "http://www.old.example", "http://www.new.example"
MOBILE = "http://m.old.example/wap/1.html"


def outlet(**more) -> Outlet:
    sources = [{"type": "column", "url": f"{OLD}/list.html"}]
    hosts = ["www.new.example", "m.old.example"]
    given_ = {
        "slug": "daily",
        "name": "云岭日报",
        "home": f"{OLD}/",
        "kind": "paper",
        "sources": sources,
        "hosts": hosts,
    }
    return Outlet(**given_, **more)


RULES = (
    {"find": r"^m\.old\.example/wap/(\d+)\.html", "put": r"www.old.example/\1.html"},
    {"find": r"^www\.new\.example/", "put": "www.old.example/", "since": "2026-03-03"},
)


def page(n: int, more: str = "") -> bytes:
    lines = [f"云岭县第{n}号通报第{k}段：疫苗接种工作按计划推进，群众可到服务中心咨询办理。{more}" for k in range(1, 6)]
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = f"<head><title>云岭县第{n}号通报</title><meta charset=utf-8></head>"
    return f"<html>{head}<body><h1>云岭县第{n}号通报</h1><div class=content>{body}</div></body></html>".encode()


def exchange(url: str, body: bytes, day: float, status: int = 200, to: str = "") -> Exchange:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n" + (f"Location: {to}\r\n" if to else "")
    return Exchange(
        url=url, fetched_at=START + timedelta(days=day), body=body, outlet="daily",
        request_head=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", response_head=f"{head}\r\n".encode(),
    )  # fmt: skip


def moved() -> list[Exchange]:
    """Return days on which 1 moves by a redirect, 2 leads to another text, 3 has a short address, 4 comes and goes."""
    return [
        *(exchange(f"{OLD}/{n}.html", page(n), 0) for n in (1, 2, 3, 4)),
        exchange(f"{OLD}/1.html", b"", 2, 301, f"{NEW}/n/1.html"),
        exchange(f"{NEW}/n/1.html", page(1), 2),
        exchange(f"{NEW}/n/1.html", page(1, "更正。"), 4),
        *(exchange(f"{OLD}/2.html", b"", day, 302, f"{NEW}/n/9.html") for day in (2, 3, 4)),
        exchange(f"{NEW}/n/9.html", page(9, "另一篇文章说的是春耕备播和河道清理的事。" * 3), 2),
        exchange(f"{OLD}/s/3", b"", 0, 302, f"{OLD}/3.html"),
        *(exchange(f"{OLD}/4.html", b"gone", day, 404) for day in (1, 2, 3)),
        exchange(f"{OLD}/4.html", page(4), 5),
    ]


def archive(folder: Path, parts: list[list[Exchange]], **more) -> Path:
    """Build after each part of what was captured, so that it arrives in that order."""
    captures = folder / "captures"
    captures.mkdir(parents=True)
    for number, part in enumerate(parts):
        with WarcWriter(captures, clock=lambda n=number: START + timedelta(minutes=n), sync=False) as writer:
            for one in part:
                writer.write(one)
        build(captures, folder / "archive.db", {"daily": outlet(**more)}, workers=0)
    return folder / "archive.db"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return archive(tmp_path_factory.mktemp("whole"), [moved()])


def test_a_move_by_redirect_keeps_the_id_and_the_versions_go_on(whole):
    (found,) = rows(whole, f"SELECT url, status FROM articles WHERE id = '{article_id(f'{OLD}/1.html')}'")

    assert found == (f"{NEW}/n/1.html", "changed")
    assert rows(whole, f"SELECT count(*) FROM articles WHERE id = '{article_id(f'{NEW}/n/1.html')}'") == [(0,)]
    assert rows(whole, "SELECT n, seen_at FROM versions WHERE article = (SELECT article FROM aliases)")


def test_every_address_but_the_first_is_a_dated_alias(whole):
    assert rows(whole, "SELECT url, how, since, until FROM aliases ORDER BY url") == [
        (f"{NEW}/n/1.html", "moved", "2026-03-03T02:00:00Z", "2026-03-05T02:00:00Z"),
        (f"{OLD}/s/3", "redirect", "2026-03-01T02:00:00Z", "2026-03-01T02:00:00Z"),
    ]


def test_a_redirect_to_another_text_is_a_deletion_in_the_end(whole):
    assert rows(whole, f"SELECT status, gone_at FROM articles WHERE url = '{OLD}/2.html'") == [
        ("gone", "2026-03-05T02:00:00Z")
    ]
    assert rows(whole, f"SELECT status FROM articles WHERE url = '{OLD}/4.html'") == [("back",)]


def test_every_capture_of_a_moved_article_is_a_look_at_it(whole):
    looks = rows(
        whole, f"SELECT url FROM captures WHERE article = '{article_id(f'{OLD}/1.html')}' ORDER BY warc_offset"
    )

    assert looks == [(f"{OLD}/1.html",), (f"{OLD}/1.html",), (f"{NEW}/n/1.html",), (f"{NEW}/n/1.html",)]
    assert rows(whole, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2), (0, 2, 1)])
def test_the_archive_is_the_same_in_whatever_order_its_files_come(whole, tmp_path, order):
    parts = [moved()[:4], moved()[4:7], moved()[7:]]
    grown = archive(tmp_path, [parts[n] for n in order])
    content = {name: value for name, value in tables(grown).items() if name not in {"captures", "warcs"}}
    told = "SELECT id, url, title, text, first_seen, last_seen, status, gone_at, cluster FROM articles ORDER BY id"

    assert rows(grown, told) == rows(whole, told)
    for table in ("aliases", "edits", "places", "reprints"):
        assert content[table] == tables(whole)[table]
    build(grown.parent / "captures", grown, {"daily": outlet()}, fresh=True, workers=0)
    assert {name: value for name, value in tables(grown).items() if name in content} == content


def test_rules_of_the_outlet_fold_mobile_and_new_addresses(tmp_path):
    parts = [
        [exchange(f"{OLD}/1.html", page(1), 0), exchange(MOBILE, page(1), 1)],
        [exchange(f"{OLD}/1.html", b"no", 3, 404), exchange(f"{NEW}/1.html", page(1), 3)],
    ]
    path = archive(tmp_path, parts, same=RULES)

    assert rows(path, "SELECT id, url, status FROM articles") == [
        (article_id(f"{OLD}/1.html"), f"{NEW}/1.html", "alive")
    ]
    assert rows(path, "SELECT url, how FROM aliases ORDER BY url") == [(MOBILE, "rule"), (f"{NEW}/1.html", "rule")]


def test_a_rule_holds_on_its_days_alone():
    one = outlet(same=RULES)

    assert identity(f"{NEW}/1.html", one, datetime(2026, 3, 2, tzinfo=UTC).date()) == article_id(f"{NEW}/1.html")
    assert identity(f"{NEW}/1.html", one, datetime(2026, 3, 3, tzinfo=UTC).date()) == article_id(f"{OLD}/1.html")


def test_a_rule_that_cannot_be_is_named_with_its_file(tmp_path):
    (tmp_path / "daily.toml").write_text(
        'name = "云岭日报"\nhome = "http://a.example/"\nkind = "paper"\n[[sources]]\ntype = "column"\n'
        'url = "http://a.example/l"\n[[same]]\nfind = "^b/"\nput = \'a/\\2\'\n'
    )
    with pytest.raises(OutletError, match=r"daily\.toml: same\.0: .*put does not fit find"):
        load_outlet(tmp_path / "daily.toml")


paths = st.from_regex(r"[a-z]{1,6}/[0-9]{1,4}\.html", fullmatch=True)
days = st.dates(datetime(2026, 3, 3, tzinfo=UTC).date(), datetime(2027, 1, 1, tzinfo=UTC).date())


@given(paths, days, st.sampled_from(["", "?utm_source=wx", "?spm=1.2#top"]), st.sampled_from(["http", "https"]))
def test_an_id_is_the_same_by_scheme_tracking_host_and_day(path, day, tracking, scheme):
    addresses = (f"{scheme}://www.old.example/{path}{tracking}", f"{scheme}://WWW.new.example/{path}{tracking}")

    assert {identity(url, outlet(same=RULES), day) for url in addresses} == {article_id(f"{OLD}/{path}")}
