"""Links are found whatever the charset; feeds, sitemaps, columns and editions give what they hold."""

from datetime import date

import pytest

from crawler.address import normalise
from crawler.discovery.columns import read_column
from crawler.discovery.epaper import edition_days, read_edition
from crawler.discovery.feeds import read_feed
from crawler.discovery.links import links
from crawler.discovery.listing import Unreadable
from crawler.discovery.sitemaps import AT_ONCE, STEP, read_sitemap
from crawler.outlet import Outlet, Source

HOME = "http://www.hewan.example/"
LIST = HOME + "yw/index.html"


def outlet(**changes):
    given = {
        "slug": "hewan",
        "name": "河湾日报",
        "home": HOME,
        "kind": "paper",
        "sources": [{"type": "column", "url": LIST}],
        "urls": {
            "article": [r"/\d+\.html$", r"content_\d+\.htm$"],
            "list": ["index", r"node_\d+\.htm$"],
            "never": ["/ad/"],
        },
    }
    return Outlet.model_validate({**given, **changes})


def column(body, words="下一页", pages=5, page=1):
    listing = read_column(body, LIST, outlet(), Source(type="column", url=LIST, next=words, pages=pages), page)
    return [one.url.removeprefix(HOME) for one in listing.found], [one.url.removeprefix(HOME) for one in listing.more]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5hkscs"])
def test_next_page_is_found_by_its_words_in_any_charset(charset):
    words = "下一頁" if charset == "big5hkscs" else "下一页"
    body = f"<meta charset=gb2312><a href=1.html>第一條</a><a href=index_2.html>{words}</a>".encode(charset)

    assert column(body, words=words) == (["yw/1.html"], ["yw/index_2.html"])


def test_next_page_is_found_behind_its_number():
    body = '<a href="index_2.html">2</a><a href="index_3.html">3</a><a href="index_2.html">下一页</a>'.encode()

    assert column(body) == ([], ["yw/index_2.html"])


def test_next_pages_may_be_told_by_their_addresses():
    body = b'<a href="index_2.html">a</a><a href="index_3.html">b</a><a href="/about">c</a>'

    assert column(body, words=r"index_\d+\.html$") == ([], ["yw/index_2.html", "yw/index_3.html"])


@pytest.mark.parametrize(
    ("call", "more"),
    [
        ('createPageHTML(12, 0, "index", "html");', ["yw/index_1.html"]),
        ("createPageHTML(12,3,'index','shtml')", ["yw/index_4.shtml"]),
        ('createPageHTML(12, 11, "index", "html");', []),
        ('createPageHTML(1, 0, "index", "html");', []),
    ],
)
def test_pager_written_by_script_is_read(call, more):
    assert column(f"<script>{call}</script>".encode(), words=None) == ([], more)


def test_last_page_wanted_has_no_next():
    assert column("<a href=index_9.html>下一页</a>".encode(), pages=3, page=3) == ([], [])


def test_column_takes_own_articles_and_attachments_alone():
    body = (
        b'<base href="http://www.hewan.example/xw/"><a href="7.html">x</a><a href="http://other.example/8.html">x</a>'
        b'<a href="/ad/9.html">x</a><a href="//www.hewan.example/a.pdf">x</a><a href="javascript:go(1.html)">x</a>'
        b'<a href="${item.url}/1.html">x</a><!-- <a href="5.html">x</a> --><a>x</a><area href="6.html">'
    )

    assert column(body)[0] == ["xw/7.html", "a.pdf", "xw/6.html"]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/新闻/1.html".encode(), "%E6%96%B0%E9%97%BB/1.html"),
        ("/新闻/1.html".encode("gb18030"), "%E6%96%B0%E9%97%BB/1.html"),
        (b"/s?q=" + "河".encode("gb18030"), "s?q=%BA%D3"),
        (b"/a.asp?id=1&amp;n=2", "a.asp?id=1&n=2"),
        (b" /x y.html#top ", "x%20y.html"),
    ],
)
def test_address_is_asked_for_as_a_browser_would(href, url):
    (link,) = links(b'<a href="' + href + b'">x</a>', LIST)

    assert link.url == HOME + url


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("HTTP://WWW.Hewan.Example:80/a?utm_source=x#top", HOME + "a"),
        ("http://www.hewan.example./a;jsessionid=1F?from=timeline&id=2", HOME + "a?id=2"),
        ("http://www.hewan.example/a?from=list", HOME + "a?from=list"),
        ("https://www.hewan.example:443", "https://www.hewan.example/"),
        ("ftp://www.hewan.example/a", None),
        ("http://[oops", None),
        ("http://www.hewan.example:99999/", None),
        ("/" + "a/" * 2000, None),
    ],
)
def test_address_has_one_form(given, known):
    assert normalise(given, HOME) == known


FEEDS = {
    "rss": "<rss><channel><item><link> {a} </link><pubDate>Tue, 10 Mar 2026 20:00:00 GMT</pubDate></item></channel>",
    "guid": "<rss><channel><item><guid>{a}</guid><pubDate>2026-03-11 04:00:00</pubDate></item></channel></rss>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="/x"/><link href="{a}"/>'
    "<published>2026-03-10T20:00:00Z</published></entry></feed>",
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><item><link>{a}</link><dc:date>2026-03-11T04:00+08:00</dc:date></item></rdf:RDF>',
}


@pytest.mark.parametrize("kind", FEEDS)
def test_feed_gives_articles_with_their_local_day(kind):
    body = FEEDS[kind].replace("{a}", HOME + "77.html").encode()
    (found,) = read_feed(body, HOME + "rss.xml", outlet()).found

    assert (found.url, found.kind, found.day) == (HOME + "77.html", "article", date(2026, 3, 11))


def test_feed_in_a_chinese_charset_behind_blank_lines_is_read():
    body = (
        '\n <?xml version="1.0" encoding="gb2312"?><rss><channel><item><title>河湾</title><link>/77.html</link></item>'
    )
    (found,) = read_feed((body + "</channel></rss>").encode("gb2312"), HOME, outlet()).found

    assert found.url == HOME + "77.html"


def test_index_is_spread_over_time_newest_first():
    entries = "".join(
        f"<sitemap><loc>{HOME}map{n}.xml</loc><lastmod>2026-01-{n % 28 + 1:02}</lastmod></sitemap>" for n in range(50)
    )
    listing = read_sitemap(f"<sitemapindex>{entries}</sitemapindex>".encode(), HOME + "map.xml", outlet(), 1)
    delays = [one.delay for one in listing.always]

    assert [one.day.day for one in listing.always][:3] == [28, 27, 26]
    assert delays == [0.0] * AT_ONCE + [STEP] * AT_ONCE + [2 * STEP] * 10
    assert read_sitemap(f"<sitemapindex>{entries}</sitemapindex>".encode(), HOME, outlet(), 3).always == ()


def test_news_sitemap_gives_articles_by_rule_or_all_without_rules():
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{HOME}8.html</loc><n:news/></url><url><loc>{HOME}about</loc><lastmod>2026-02-03</lastmod></url></urlset>"
    ).encode()
    free = outlet(urls={"never": ["/ad/"]})

    assert [one.url for one in read_sitemap(body, HOME, outlet(), 1).found] == [HOME + "8.html"]
    assert [one.url for one in read_sitemap(body, HOME, free, 1).found] == [HOME + "8.html", HOME + "about"]


def test_what_is_no_list_is_unreadable():
    with pytest.raises(Unreadable, match="begins with <html>"):
        read_feed(b"<html></html>", HOME, outlet())
    with pytest.raises(Unreadable, match="begins with <html>"):
        read_sitemap(b"<html></html>", HOME, outlet(), 1)


def test_edition_gives_its_own_day_alone():
    body = (
        b'<a href="node_2.htm">2</a><area href="content_5.htm"><a href="../08/node_1.htm">yesterday</a>'
        b'<a href="/html/2026-03/08/content_4.htm">old</a><a href="page.pdf">pdf</a>'
    )
    listing = read_edition(body, HOME + "html/2026-03/09/node_1.htm", outlet(), date(2026, 3, 9))

    assert [(one.url.rpartition("/")[2], one.day.day) for one in listing.found] == [
        ("content_5.htm", 9),
        ("page.pdf", 9),
    ]
    assert [one.url.rpartition("/")[2] for one in listing.always] == ["node_2.htm"]


@pytest.mark.parametrize(
    ("source", "since", "until", "days"),
    [
        ({}, None, None, [11, 10, 9, 8, 7, 6, 5]),
        ({"since": "2026-03-09"}, None, None, [11, 10, 9]),
        ({"since": "2026-03-01", "until": "2026-03-03"}, None, None, [3, 2, 1]),
        ({}, date(2026, 3, 8), date(2026, 3, 9), [9, 8]),
        ({"since": "2026-03-09"}, date(2026, 3, 1), None, [11, 10, 9]),
        ({"until": "2026-03-01"}, date(2026, 3, 5), None, []),
    ],
)
def test_days_wanted_run_backwards_within_all_bounds(source, since, until, days):
    paper = Source.model_validate({"type": "epaper", "url": HOME + "%Y%m%d", **source})
    found = edition_days(outlet(), paper, date(2026, 3, 11), since, until)

    assert [day.day for day in found] == days
