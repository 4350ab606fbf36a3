"""A span of days is fetched as far back as it lies: newest first, on after an end in the middle, not twice."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from crawler.discovery.links import links

TODAY = date(2026, 3, 31)
PAGES, EACH = 16, 4  # one article a day: a page holds four days
PROSE = "今年以来，河湾县粮食播种面积稳中有增，单产提高，总产再创新高。" * 8


def fill(loopback, pages=PAGES, newest=TODAY):
    """A column whose lines tell the day beside the link, newest first; addresses tell nothing."""
    for page in range(pages):
        lines = []
        for line in range(EACH):
            day = newest - timedelta(days=page * EACH + line)
            number = day.toordinal()
            lines.append(f'<li><a href="/a/{number}.html">第{number}条，2019-01-01的后续</a><span>[{day}]</span></li>')
            loopback.put(f"/a/{number}.html", f"<h1>第{number}条</h1><p>{number}{PROSE}</p>")
        more = f'<a href="/list_{page + 2}.html">下一页</a>' if page + 1 < pages else ""
        loopback.put("/list.html" if page == 0 else f"/list_{page + 1}.html", f"<ul>{''.join(lines)}</ul>{more}")


def days(loopback, start=0):
    """The days of the articles that were asked for, in order."""
    found = [re.fullmatch(r"/a/(\d+)\.html", path) for path in loopback.paths()[start:]]
    return [date.fromordinal(int(match[1])) for match in found if match]


def lists(loopback, start=0):
    return [path for path in loopback.paths()[start:] if path.startswith("/list")]


@pytest.fixture
def column(loopback):
    fill(loopback)
    source = {"type": "column", "url": loopback.url("/list.html"), "next": "下一页", "pages": 3}
    loopback.column = loopback.outlet(sources=[source], delay=0.01)
    return loopback


def test_a_column_is_read_as_deep_as_the_days_ask_for_newest_first(column):
    since, until = TODAY - timedelta(days=33), TODAY - timedelta(days=2)
    column.crawl(column.column, since=str(since), until=str(until))
    asked = days(column)

    assert asked == sorted(asked, reverse=True)
    assert (asked[0], asked[-1], len(asked)) == (until, since, 32)
    # 34 days stand on pages 1 to 9; the tenth is the first on which all is older
    assert lists(column) == ["/list.html", *[f"/list_{page}.html" for page in range(2, 11)]]


def test_it_goes_on_where_it_ended_and_stops_at_what_is_held(column):
    since = str(TODAY - timedelta(days=33))
    while column.crawl(column.column, since=since, limit=9)["outcome"] == "limit":
        pass
    asked, done = Counter(days(column)), len(column.paths())
    column.crawl(column.column, since=since)

    assert (len(asked), max(asked.values())) == (34, 1)
    assert len(lists(column)) <= 10 + 5  # the first page again at most at the beginning of each run
    assert column.paths()[done:] == []  # all of the span is held: nothing is asked for, not even the list


def test_a_span_that_lies_deeper_is_reached_past_what_is_held(column):
    column.crawl(column.column)  # as every day: three pages
    shallow = len(column.paths())
    column.crawl(column.column, since=str(TODAY - timedelta(days=29)))
    deeper = len(column.paths())
    column.crawl(column.column, since=str(TODAY - timedelta(days=500)))

    assert len(days(column)[:12]) == 12
    assert lists(column)[:3] == ["/list.html", "/list_2.html", "/list_3.html"]
    assert (min(days(column, shallow)), max(days(column, shallow))) == (
        TODAY - timedelta(days=PAGES * EACH - 1),
        TODAY - timedelta(days=12),
    )
    assert max(Counter(days(column)).values()) == 1
    assert lists(column, deeper)[-1] == f"/list_{PAGES}.html"


def test_what_appears_in_between_is_found_without_reading_all_again(column):
    since = str(TODAY - timedelta(days=40))
    column.crawl(column.column, since=since)
    before = len(column.paths())
    fill(column, newest=TODAY + timedelta(days=1))
    column.crawl(column.column, since=since, recheck=0)
    again = lists(column, before)

    assert TODAY + timedelta(days=1) in days(column, before)
    assert again[:2] == ["/list.html", "/list_2.html"]
    assert len(again) <= 3


def test_a_sitemap_index_is_read_no_further_back_than_the_days_lie(loopback):
    months = {"2026-03": "2026-03-31", "2026-02": "2026-02-28", "2025-12": "2025-12-31"}
    entries = [
        f"<sitemap><loc>{loopback.url(f'/map-{month}.xml')}</loc><lastmod>{last}</lastmod></sitemap>"
        for month, last in months.items()
    ]
    loopback.put("/map.xml", f"<sitemapindex>{''.join(entries)}</sitemapindex>", Content_Type="text/xml")
    for month, last in months.items():
        url = loopback.put(f"/n/{last.replace('-', '/')}/1.html", f"<p>{month}{PROSE}</p>")
        loopback.put(f"/map-{month}.xml", f"<urlset><url><loc>{url}</loc></url></urlset>", Content_Type="text/xml")
    source = {"type": "sitemap", "url": loopback.url("/map.xml")}
    outlet = loopback.outlet(sources=[source], urls={"article": [r"/n/"]})
    loopback.crawl(outlet, since="2026-02-10")
    first = loopback.paths()
    loopback.crawl(outlet, since="2025-12-01")

    assert sorted(path for path in first if "robots" not in path) == [
        "/map-2026-02.xml", "/map-2026-03.xml", "/map.xml", "/n/2026/02/28/1.html", "/n/2026/03/31/1.html",
    ]  # fmt: skip
    assert "/n/2025/12/31/1.html" in loopback.paths()


DAYS = [
    ("<li><a href=/1>河湾要闻</a><span>2026-03-02</span></li>", date(2026, 3, 2)),
    ("<li><span>[2026/3/2]</span><a href=/1>河湾要闻</a></li>", date(2026, 3, 2)),
    ("<tr><td><a href=/1>河湾要闻</a></td><td> 2026-03-02 09:30:01 </td></tr>", date(2026, 3, 2)),
    ("<li><a href=/1>河湾要闻<em>2026.03.02</em></a></li>", date(2026, 3, 2)),
    ("<dd><a href=/1>河湾要闻</a>（2026年3月2日）</dd>", date(2026, 3, 2)),
    ("<li><a href=/1>关于2026-03-02停水的通知</a></li>", None),  # a headline that speaks of a day
    ("<li><a href=/1>河湾要闻</a>2026-03-02<a href=/2>x</a><i>2026-03-01</i></li>", None),  # two days, no line of one
    ("<div><a href=/1>河湾要闻</a>2026-03-02</div>", None),
    ("<li><a href=/1>河湾要闻</a>2026-13-40</li>", None),
]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize(("line", "day"), DAYS)
def test_the_day_that_stands_beside_a_link_is_its_day(line, day, charset):
    found = {link.url: link.day for link in links(f"<ul>{line}</ul>".encode(charset), "http://a.example/")}

    assert found["http://a.example/1"] == day
