"""A small paper on loopback and what a crawl of it left: for the tests of the crawl."""

from tests import asking

PROSE = "今年以来，河湾县粮食播种面积稳中有增，单产提高，总产再创新高。" * 8


def fill(loopback, articles=3, *, host="paper", **headers):
    """A list page and some articles, in GB18030 that nobody declares."""
    links = "".join(f'<li><a href="/a/{one}.html">第{one}条</a></li>' for one in range(articles))
    loopback.put("/list.html", f"<ul>{links}</ul>".encode("gb18030"), host=host)
    for one in range(articles):
        body = f"<html><h1>第{one}条</h1><p>{PROSE}</p></html>".encode("gb18030")
        loopback.put(f"/a/{one}.html", body, host=host, **headers)


def rows(loopback, query, *given):
    return asking.rows(loopback.folder / "crawl.db", query, *given)


def counts(report, slug="paper"):
    told = report["outlets"][slug]
    return {
        name: told[name]
        for name in ("lists", "new", "changed", "unchanged", "failed", "blocked", "refused")
        if told[name]
    }
