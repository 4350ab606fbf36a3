"""Read a column: a list page of articles, and the way to its next page."""

import re

from crawler.address import day_of, normalise
from crawler.discovery.links import Link, links
from crawler.discovery.listing import Listing
from crawler.lease import Found
from crawler.outlet import Outlet, Source, UrlClass
from crawler.parts import SCRIPTED


def read_column(body: bytes, url: str, outlet: Outlet, source: Source, page: int) -> Listing:
    """Return the articles and attachments that a list page links to, and its next pages.

    What is an article is told by the outlet's URL rules; only addresses on its own hosts count.
    """
    found, candidates = [], []
    for link in links(body, url):
        if not outlet.owns(link.url):
            continue
        kind = outlet.classify(link.url)
        if kind is UrlClass.ARTICLE:
            found.append(Found(url=link.url, kind="article", day=day_of(link.url) or link.day))
        elif kind is UrlClass.ASSET:
            found.append(Found(url=link.url, kind="asset", day=day_of(link.url) or link.day))
        elif kind is not UrlClass.NEVER and link.url != url:
            candidates.append(link)
    more = _next_pages(body, url, source, candidates) if page < source.pages else []
    return Listing(
        found=tuple(found), more=tuple(Found(url=one, kind="column", page=page + 1) for one in more if outlet.owns(one))
    )


def _next_pages(body: bytes, url: str, source: Source, candidates: list[Link]) -> list[str]:
    if source.next is not None:
        pattern = re.compile(source.next)
        by_words = [link.url for link in candidates if link.matches(pattern)]
        return by_words[:1] or [link.url for link in candidates if pattern.search(link.url)]
    if match := SCRIPTED.search(body.decode("latin-1")):
        pages, this = int(match[1]), int(match[2])
        following = normalise(f"{match[3]}_{this + 1}.{match[4]}", url)
        return [following] if following and this + 1 < pages else []
    return []
