"""Articles over several pages: one article, its pages in order, whatever comes first; neighbours stay apart."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from itertools import permutations

import pytest
from click.testing import CliRunner

from crawler.capture import Capture
from crawler.parts import other_parts, part_of
from fangzhi.commands.extract import extract
from pipelines.flow import Reader
from pipelines.outcome import Kind
from pipelines.store import Store
from tests.golden_pages import FETCHED

TITLE = "走读云岭：一条老街的二十年"
PLACE = "http://daily.example/fk/2017/0708/"
TEXTS = (
    "南门老街不过六百步，从城门洞走到河埠头，一支烟的工夫。二十年前，这里的铺子卖的是铁锅、草鞋和散装酱油。",
    "铁匠铺的炉火是最后熄的。老铁匠万炉生把铁砧送给了街口的小学，孩子们下课围着它敲，叮叮当当，像从前的清晨。",
    "后来，酱油铺改成了书店。店主说，墙里渗出的酱香怎么也散不去，读书人都说好闻，常有人从邻县坐车过来。",
)
PAGER = (
    '<div class="pages"><a href="991.html">上一页</a> <a href="991.html">1</a> <a href="991_2.html">2</a> '
    '<a href="991_3.html">3</a> <a href="991_2.html">下一页</a></div><p>下一篇：<a href="992.html">河埠码头</a></p>'
)


def html(number, pager=PAGER):
    body = f"<h1>{TITLE}</h1><p>2017-07-08 10:02 来源：云岭新闻网</p><div><p>{TEXTS[number - 1]}</p></div>{pager}"
    return f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{body}</body></html>"


def name(number):
    return "991.html" if number == 1 else f"991_{number}.html"


def capture(number, **changes):
    body = html(number, **changes).encode()
    return Capture(
        url=PLACE + name(number), fetched_at=FETCHED, status=200, headers=(("Content-Type", "text/html"),), body=body,
        sha256=sha256(body).hexdigest(), warc_file="a.warc.gz", warc_offset=number,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "first", "number"),
    [
        ("http://a.example/x/991_2.html", "http://a.example/x/991.html", 2),
        ("http://a.example/x/991-3.shtml", "http://a.example/x/991.shtml", 3),
        ("http://a.example/x/991.html?page=2", "http://a.example/x/991.html", 2),
        ("http://a.example/show.php?id=7&page=2", "http://a.example/show.php?id=7", 2),
        ("http://a.example/x/991.html", "http://a.example/x/991.html", 1),
        ("http://a.example/202103/t20210304_158233.html", "http://a.example/202103/t20210304_158233.html", 1),
        (
            "http://a.example/html/2014-10/24/content_218834.htm",
            "http://a.example/html/2014-10/24/content_218834.htm",
            1,
        ),
    ],
)
def test_address_tells_its_part(url, first, number):
    assert part_of(url) == (first, number)


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        *((words, True) for words in ("2", "[2]", "第2页", "下一页", "余下全文")),
        *((words, False) for words in ("3", "河埠码头", "下一篇")),
    ],
)
def test_link_counts_by_its_words(words, counts):
    assert bool(other_parts(PLACE + "991.html", [(PLACE + "991_2.html", words)])) is counts
    assert other_parts(PLACE + "991.html", [(PLACE + "992_2.html", words)]) == {}


def archive(path, outcomes):
    with Store(path) as store:
        for one in outcomes:
            store.add([one])
    with closing(sqlite3.connect(path)) as database:
        return [
            database.execute(sql).fetchall()
            for sql in ("SELECT id, title, text FROM articles", "SELECT article, n, name, text FROM attachment_texts")
        ]


def test_pages_make_one_article_in_whatever_order_they_come(tmp_path):
    outcomes = [Reader({}).outcome(capture(number)) for number in (1, 2, 3)]
    found = [archive(tmp_path / f"{n}.db", order) for n, order in enumerate(permutations(outcomes))]

    assert [one.kind for one in outcomes] == [Kind.ARTICLE, Kind.ATTACHMENT, Kind.ATTACHMENT]
    assert all(one == found[0] for one in found)
    assert [row[2] for row in found[0][0]] == [TEXTS[0]]
    assert [row[2:] for row in found[0][1]] == [("第2页", TEXTS[1]), ("第3页", TEXTS[2])]


def test_missing_page_is_a_row_without_text(tmp_path):
    _, pages = archive(tmp_path / "a.db", [Reader({}).outcome(capture(number)) for number in (3, 1)])

    assert [row[2:] for row in pages] == [("第2页", None), ("第3页", TEXTS[2])]


def test_numbered_address_without_a_pager_is_an_article_of_its_own():
    assert Reader({}).outcome(capture(2, pager="<a href='992.html'>河埠码头</a>")).kind == Kind.ARTICLE


def test_extract_joins_the_pages_of_one_article(tmp_path):
    for number in (1, 2, 3):
        (tmp_path / name(number)).write_text(html(number), "utf-8")
    run = CliRunner().invoke(extract, [*(str(tmp_path / name(number)) for number in (3, 1, 2))])
    some = CliRunner().invoke(extract, [*(str(tmp_path / name(number)) for number in (3, 1))])
    whole, part = json.loads(run.stdout), json.loads(some.stdout)

    assert (whole["text"], whole["part"], whole["missing"]) == (list(TEXTS), [1, 2, 3], [])
    assert (part["text"], part["missing"]) == ([TEXTS[0], TEXTS[2]], [2])


def test_crawl_fetches_the_further_pages_of_an_article(loopback):
    loopback.put("/list.html", '<a href="/a/991.html">走读云岭</a>')
    for number in (1, 2, 3):
        loopback.put(f"/a/{name(number)}", html(number).replace('<a href="992.html">', "<a>"))
    loopback.crawl()

    assert sorted(one.url.rpartition("/")[2] for one in loopback.captures() if one.kind == "article") == [
        "991.html", "991_2.html", "991_3.html",
    ]  # fmt: skip
