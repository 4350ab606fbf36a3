"""How a crawl finds articles: columns, editions, feeds, sitemaps, redirects."""

import gzip
from collections import Counter

from tests.small_paper import PROSE, counts, rows


def test_column_is_followed_to_its_end_once_then_to_what_is_known(loopback):
    names = ["/list.html", "/list_2.html", "/list_3.html", "/list_4.html"]
    for number, name in enumerate(names):
        more = f'<a href="{names[number + 1]}">下一页</a>' if number < 3 else ""
        loopback.put(name, f'<a href="/a/{number}.html">x</a>{more}'.encode("gb18030"))
        loopback.put(f"/a/{number}.html", f"<p>{number}{PROSE}</p>")
    loopback.crawl()
    first = [path for path in loopback.paths() if "list" in path]
    loopback.put("/list.html", '<a href="/a/9.html">x</a><a href="/list_2.html">下一页</a>'.encode("gb18030"))
    loopback.put("/a/9.html", f"<p>9{PROSE}</p>")
    loopback.crawl(recheck=0)
    second = [path for path in loopback.paths() if "list" in path][len(first) :]

    assert first == names
    assert second == names[:2]


def test_column_ends_where_the_outlet_says(loopback):
    for number in range(1, 9):
        loopback.put(
            "/list.html" if number == 1 else f"/list_{number}.html",
            f'<a href="/a/{number}.html">x</a><a href="/list_{number + 1}.html">下一页</a>',
        )
    source = {"type": "column", "url": loopback.url("/list.html"), "next": "下一页", "pages": 3}
    loopback.crawl(loopback.outlet(sources=[source]))

    assert [path for path in loopback.paths() if "list" in path] == ["/list.html", "/list_2.html", "/list_3.html"]


def test_links_are_told_by_the_rules_of_the_day(loopback):
    loopback.put("/list.html", '<a href="/a/1.html">x</a><a href="/new/2.html">x</a>')
    for path in ("/a/1.html", "/new/2.html"):
        loopback.put(path, f"<p>{path}{PROSE}</p>")
    relaunch = {"valid_from": "2020-01-01", "urls": {"article": ["/new/"]}}
    former = {"valid_until": "2019-12-31", "urls": {"article": ["/old/"]}}
    loopback.crawl(loopback.outlet(urls={"article": ["/a/"]}, overrides=[former, relaunch]))

    assert [path for path in loopback.paths() if path.endswith(".html") and path != "/list.html"] == ["/new/2.html"]


def test_missing_edition_is_noted_and_looked_for_again(loopback):
    for day in ("06", "08"):
        base = f"/html/2026-03/{day}"
        loopback.put(f"{base}/node_1.htm", '<a href="node_2.htm">2</a><a href="content_1.htm">x</a>')
        loopback.put(f"{base}/node_2.htm", '<a href="node_1.htm">1</a><area href="content_2.htm">')
        for number in (1, 2):
            loopback.put(f"{base}/content_{number}.htm", f"<p>{day}{number}{PROSE}</p>")
    source = {
        "type": "epaper",
        "url": loopback.url("/html/%Y-%m/%d/node_1.htm"),
        "since": "2026-03-06",
        "until": "2026-03-08",
    }
    urls = {"article": [r"/content_\d+\.htm$"], "list": [r"/node_\d+\.htm$"]}
    outlet = loopback.outlet(sources=[source], urls=urls)
    report = loopback.crawl(outlet)
    editions = rows(loopback, "SELECT day, state, pages, articles FROM editions ORDER BY day")

    assert counts(report) == {"lists": 4, "new": 4, "failed": 1}
    assert editions == [
        ("2026-03-06", "obtained", 2, 2),
        ("2026-03-07", "missing", 0, 0),
        ("2026-03-08", "obtained", 2, 2),
    ]
    base = "/html/2026-03/07"
    loopback.put(f"{base}/node_1.htm", '<a href="content_1.htm">x</a>')
    loopback.put(f"{base}/content_1.htm", f"<p>late{PROSE}</p>")
    loopback.crawl(outlet, recheck=0)
    assert rows(loopback, "SELECT state, articles FROM editions WHERE day = '2026-03-07'") == [("obtained", 1)]


def test_days_outside_the_range_are_left_out(loopback):
    source = {
        "type": "epaper",
        "url": loopback.url("/html/%Y-%m/%d/node_1.htm"),
        "since": "2026-03-01",
        "until": "2026-03-31",
    }
    for day in range(1, 32):
        loopback.put(f"/html/2026-03/{day:02}/node_1.htm", '<a href="content_1.htm">x</a>')
        loopback.put(f"/html/2026-03/{day:02}/content_1.htm", f"<p>{day}{PROSE}</p>")
    urls = {"article": [r"/content_\d+\.htm$"], "list": [r"/node_\d+\.htm$"]}
    loopback.crawl(loopback.outlet(sources=[source], urls=urls, delay=0.01), since="2026-03-10", until="2026-03-12")
    asked = [path for path in loopback.paths() if "node" in path]

    assert asked == [f"/html/2026-03/{day}/node_1.htm" for day in (12, 11, 10)]


def test_feed_and_sitemap_lead_to_articles_on_own_hosts_alone(loopback):
    loopback.put("/a/1.html", f"<p>1{PROSE}</p>")
    loopback.put("/a/2.html", f"<p>2{PROSE}</p>")
    loopback.put(
        "/rss.xml",
        f"\n<?xml version='1.0'?><rss><channel><item><link>{loopback.url('/a/1.html')}</link></item>"
        f"<item><link>{loopback.url('/a/7.html', 'stranger')}</link></item></channel></rss>",
    )
    index = f"<sitemapindex><sitemap><loc>{loopback.url('/map1.xml.gz')}</loc></sitemap></sitemapindex>"
    loopback.put("/map.xml", index)
    locations = [f"<url><loc>{loopback.url(path)}</loc></url>" for path in ("/a/2.html", "/about")]
    entry = f"<urlset>{''.join(locations)}</urlset>"
    loopback.put("/map1.xml.gz", gzip.compress(entry.encode()), Content_Type="application/gzip")
    sources = [{"type": "feed", "url": loopback.url("/rss.xml")}, {"type": "sitemap", "url": loopback.url("/map.xml")}]
    report = loopback.crawl(loopback.outlet(sources=sources))

    assert counts(report) == {"lists": 3, "new": 2}
    assert loopback.paths("stranger") == []
    assert "/about" not in loopback.paths()


def test_redirect_is_a_row_and_stays_on_own_hosts(loopback):
    loopback.put("/list.html", "".join(f'<a href="/a/{one}.html">x</a>' for one in (1, 2, 3, 4)))
    loopback.put("/a/1.html", status=301, Location="/a/5.html")
    loopback.put("/a/5.html", f"<p>moved{PROSE}</p>")
    loopback.put("/a/2.html", status=302, Location=loopback.url("/a/2.html", "stranger"))
    loopback.put("/a/3.html", status=302, Location="/a/4.html")
    loopback.put("/a/4.html", status=302, Location="/a/3.html")
    report = loopback.crawl()
    state = dict(rows(loopback, "SELECT substr(url, -7), coalesce(verdict, error) FROM urls WHERE kind = 'article'"))

    assert report["outcome"] == "finished"
    assert loopback.paths("stranger") == []
    assert state == {
        "/1.html": "redirect",
        "/2.html": "redirect",
        "/3.html": "redirect",
        "/4.html": "redirect",
        "/5.html": None,
    }
    assert max(Counter(loopback.paths()).values()) == 1
