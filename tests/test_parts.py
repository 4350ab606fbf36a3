"""Articles over several pages: one article, its pages in order, whatever comes first; neighbours stay apart."""

import json

import pytest
from click.testing import CliRunner

from crawler.parts import other_parts, part_of
from fangzhi.commands.extract import extract
from pipelines.flow import Reader
from pipelines.outcome import Kind
from tests.paged_article import PLACE, TEXTS, capture, html, name


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


def test_numbered_address_without_a_pager_is_an_article_of_its_own():
    alone = Reader({}).outcome(capture(2, pager="<a href='992.html'>河埠码头</a>"))
    neighbours = Reader({}).outcome(capture(2, pager="<a href='991_3.html'>下一页</a>"))

    assert [one.kind for one in (alone, neighbours)] == [Kind.ARTICLE] * 2
    assert alone.page == neighbours.page != Reader({}).outcome(capture(1)).page
    assert alone.reading.article.part == neighbours.reading.article.part == 1


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
