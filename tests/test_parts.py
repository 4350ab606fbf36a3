"""Articles over several pages: one article, its pages in order, whatever comes first; neighbours stay apart."""

import json

import pytest
from click.testing import CliRunner

from crawler.parts import pager_of, part_of
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
    assert bool(pager_of(PLACE + "991.html", [(PLACE + "991_2.html", words)]).others) is counts
    assert pager_of(PLACE + "991.html", [(PLACE + "992_2.html", words)]).others == {}


@pytest.mark.parametrize(
    ("here", "links", "number", "others"),
    [
        ("991.html", {"991_2.html": "2", "991_3.html": "3"}, 1, [2, 3]),
        ("991.html", {"991_1.html": "2", "991_2.html": "3"}, 1, [2, 3]),
        ("991_1.html", {"991.html": "1", "991_2.html": "3"}, 2, [1, 3]),
        ("991.html", {"991_1.html": "下一页"}, 1, [2]),
        ("991_2.html", {"991_1.html": "1", "991_3.html": "3"}, 2, [1, 3]),
        ("991_1.html", {"991_2.html": "2", "991_3.html": "3"}, 1, [2, 3]),
    ],
)
def test_pages_are_counted_from_one_or_from_none(here, links, number, others):
    found = pager_of(PLACE + here, [(PLACE + name, words) for name, words in links.items()])

    assert (found.number, list(found.others)) == (number, others)


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


def test_pager_that_a_script_writes_is_followed_and_joined(loopback):
    loopback.put("/list.html", '<a href="/a/991.html">走读云岭</a>')
    for number, address in ((1, "991.html"), (2, "991_1.html"), (3, "991_2.html")):
        pager = f'<script>createPageHTML(3, {number - 1}, "991", "html");</script>'
        loopback.put(f"/a/{address}", html(number, pager=pager))
    loopback.crawl()
    captures = [one for one in loopback.captures() if one.kind == "article"]
    outcomes = [Reader({}).outcome(one) for one in captures]

    assert sorted(one.url.rpartition("/")[2] for one in captures) == ["991.html", "991_1.html", "991_2.html"]
    assert sorted(one.reading.article.part for one in outcomes) == [1, 2, 3]
    assert len({one.page for one in outcomes}) == 1
