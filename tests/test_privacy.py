"""Numbers of private persons are masked before anything is stored, found or shown; those of offices stay."""

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.cli import cli as datasette_cli
from hypothesis import given
from hypothesis import strategies as st

from browse.serve import serve_args
from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from pipelines.build import build
from pipelines.digest import tables
from pipelines.privacy.mask import mask
from pipelines.privacy.rules import RULES
from pipelines.query import query
from pipelines.url import article_id
from tests.asking import rows
from tests.tables import cases


@pytest.mark.parametrize("row", cases("privacy/positive"))
def test_what_belongs_to_a_person_is_masked_by_its_rule(row):
    text, spans = mask(row["text"])

    assert (text, [span.rule for span in spans]) == (row["masked"], [row["rule"]])
    assert mask(text) == (text, ())


@pytest.mark.parametrize("row", cases("privacy/negative"))
def test_what_belongs_to_nobody_or_to_an_office_stays(row):
    assert mask(row["text"]) == (row["text"], ())


def test_every_rule_has_a_case():
    assert {rule.name for rule in RULES} == {row.values[0]["rule"] for row in cases("privacy/positive")}


PARTS = st.sampled_from(
    ["13800138000", "11010519491231002X", "6222021234567890128", "联系人", "热线", "，", "。", " ", "1", "a"]
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_a_masked_text_keeps_its_length_and_masking_twice_is_masking_once(text):
    once, spans = mask(text)

    assert len(once) == len(text)
    assert mask(once) == (once, ())
    assert all(one == other for place, (one, other) in enumerate(zip(text, once, strict=True))
               if not any(span.start <= place < span.end for span in spans))  # fmt: skip


PHONE, HOTLINE = "13912345678", "13800138000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make an archive of one article that names a person's number and an office's, and one that names none."""
    made = tmp_path_factory.mktemp("made")
    started = datetime(2026, 3, 1, 2, tzinfo=UTC)
    with WarcWriter(made / "captures", clock=lambda: started) as writer:
        for n, line in enumerate((f"联系人赵某，手机{PHONE[:3]}\u200b{PHONE[3:]}。", "请各村及时上报。")):
            lines = f"<p>{line}</p>" + "<p>值班热线" + HOTLINE + "，工作进展顺利，群众可到服务中心咨询。</p>" * 3
            body = f"<title>通报</title><meta charset=utf-8><h1>防汛通报{n}</h1><p>2026-03-01 08:00</p>{lines}".encode()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
            url, request = f"http://daily.example/{n}.html", b"GET / HTTP/1.1\r\nHost: daily.example\r\n\r\n"
            exchange = Exchange(url=url, fetched_at=started, body=body, request_head=request, response_head=head)
            writer.write(exchange)
    build(made / "captures", made / "archive.db", {}, workers=0)
    return made


def ask(folder, sql, *given):
    return rows(folder / "archive.db", sql, *given)


def found(folder, words):
    return ask(folder, "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", query(words))[0][0]


def test_a_masked_number_is_nowhere_in_the_archive_and_an_offices_is(folder):
    whole = b"".join(path.read_bytes() for path in folder.glob("archive.db*"))

    assert (found(folder, PHONE), found(folder, HOTLINE)) == (0, 2)
    assert PHONE.encode() not in whole
    assert PHONE[3:].encode() not in whole
    assert HOTLINE.encode() in whole
    assert ask(folder, "SELECT rule, count FROM masks") == [("mobile", 1)]


def test_every_way_out_shows_the_mask_and_the_raw_bytes_are_sealed(folder, tmp_path):
    name, other = article_id("http://daily.example/0.html"), article_id("http://daily.example/1.html")
    args = [*serve_args(folder / "archive.db", Path("datasette_metadata.json"), "127.0.0.1", 0, ()), "--get"]

    def get(path):
        done = CliRunner().invoke(datasette_cli, [*args, path])
        return done.exit_code, done.output

    for path in (
        f"/article/{name}",
        f"/api/article/{name}",
        "/search.jsonl?q=防汛",
        "/search?q=防汛",
        "/search.atom?q=防汛",
    ):
        code, body = get(path)
        assert code == 0, path
        assert PHONE not in body, path
    assert "139******78" in get(f"/article/{name}")[1]
    for path in (f"/article/{name}/capture/raw", f"/article/{name}/capture/replay"):
        code, body = get(path)
        assert code == 1, path
        assert PHONE not in body, path
    assert get(f"/article/{other}/capture/raw")[0] == 0

    pages = tmp_path / "pages.wacz"
    options = ["--archive", str(folder / "archive.db"), "--captures", str(folder / "captures"), "--output", str(pages)]
    done = CliRunner().invoke(cli, ["export", *options])

    assert "1 articles exported" in done.stderr
    with zipfile.ZipFile(pages) as packed:
        assert other in "".join(
            map(article_id, re.findall(r'"url": "([^"]+)"', packed.read("pages/pages.jsonl").decode()))
        )


def test_the_owner_may_have_it_unmasked_and_the_choice_is_kept(folder, tmp_path):
    mine = tmp_path / "archive.db"
    first = build(folder / "captures", mine, {}, masks=False, workers=0)
    again = build(folder / "captures", mine, {}, workers=0)
    shown = found(tmp_path, PHONE), ask(tmp_path, "SELECT count(*) FROM masks")
    back = build(folder / "captures", mine, {}, masks=True, workers=0)

    assert (first.captures, again.captures, shown) == (2, 0, (1, [(0,)]))
    assert (back.fresh, back.captures, found(tmp_path, PHONE)) == (True, 2, 0)
    assert tables(mine) == tables(folder / "archive.db")
