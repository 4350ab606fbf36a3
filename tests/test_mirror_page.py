"""A hijacked mirror, with all that it does at once: what it copied comes out right or marked, what it added is told."""

from datetime import UTC, datetime
from difflib import SequenceMatcher

import pytest

from benchmarks.mirrors import damaged
from crawler.capture import Capture
from pipelines.flow import read
from tests.test_repair_mirrors import PARAGRAPHS
from tests.test_repair_properties import READINGS

TITLE = "云溪县部署秋季传染病防控工作"
SPAM = "久久精品视频_国产一区二区三区免费观看"
# readings go into titles, descriptions, links and their tool tips; what a shift swallows at an end is a quote or a tag
PAGE = f"""<html><head><title>{SPAM}</title><meta name="keywords" content="{TITLE},卫生">
<meta name="description" content="{PARAGRAPHS[0][:40]}"></head><body>
<div class="nav"><a href="/">首页</a> <a href="/b" title="办事服务">办事服务</a> <a href="/c">政务公开</a></div>
<h1>{TITLE}</h1><div class="info">发布时间：2026-03-02 来源：云溪日报 点击：</div><div id="content">
{"".join(f"<p>　　{line[:20]}<a href='/{number}' title='{line[:13]}'>{line[20:30]}</a><b>{line[30:]}</b></p>"
         for number, line in enumerate(PARAGRAPHS))}
<p>县卫生国产精品视频在线观看局提醒，如有发热请及时就医。&#30005;&#35805;由专人接听。</p></div>
<div class="foot">版权所有：云溪县人民政府</div></body></html>"""  # fmt: skip
VARIETIES = ("wide", "sparse", "toneless", "mark alone", "U+FFFD", "private use dropped", "private use marked")
UTF8 = "text/html; charset=utf-8"


def article(body: bytes, content_type: str):
    return read(
        Capture(
            url="http://mirror.example/a/1.html", fetched_at=datetime(2026, 3, 4, 5, 6, tzinfo=UTC), status=200,
            headers=(("Content-Type", content_type),), body=body, sha256="", warc_file="a", warc_offset=0,
        )
    )  # fmt: skip


@pytest.fixture(scope="module", params=VARIETIES)
def pair(request):
    held, printed = damaged(PAGE, request.param)
    return article(held.encode(), UTF8), article(printed.encode(), UTF8)


def test_the_text_is_what_was_copied_or_says_where_it_is_not(pair):
    copied, mirrored = pair
    matcher = SequenceMatcher(None, copied.text, mirrored.text, autojunk=False)
    silent = [
        (copied.text[one:two], mirrored.text[three:four])
        for kind, one, two, three, four in matcher.get_opcodes()
        if kind != "equal" and not _is_marked(mirrored, three, four)
    ]

    assert silent == []
    assert matcher.ratio() > 0.98


def _is_marked(article, start, end):
    near = [one for one in article.repairs if one.part == "text" and one.start <= end and one.end >= start]
    return "\ufffd" in article.text[start:end] or any(not one.certain for one in near)


def test_headline_and_fields_are_those_of_the_copied_page(pair):
    copied, mirrored = pair

    assert mirrored.title == copied.title
    assert (mirrored.published_at, mirrored.source) == (copied.published_at, copied.source)


def test_what_was_put_into_it_is_told(pair):
    _, mirrored = pair

    assert {one.rule for one in mirrored.evidence if one.field == "flags"} >= {"spam_title", "spam_lines"}


def test_a_mirror_served_as_gbk_reads_as_the_page_that_was_copied():
    held, _ = damaged(PAGE, "wide")
    body = held.encode("gbk")
    for one, reading in READINGS.items():
        body = body.replace(one.encode("gbk"), one.encode("gbk") + f"({reading})".encode("gbk"))

    copied, mirrored = article(held.encode(), UTF8), article(body, "text/html; charset=gb2312")

    assert (mirrored.title, mirrored.text) == (copied.title, copied.text)


def test_damage_in_the_head_alone_is_seen():
    lines = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    head = f'<title>{TITLE}</title><meta name="keywords" content="卫\u200b生,传染病">'
    found = article(f"<html><head>{head}</head><body><h1>{TITLE}</h1>{lines}</body></html>".encode(), UTF8)

    assert found.keywords == ("卫生", "传染病")
