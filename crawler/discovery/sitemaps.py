"""Read sitemaps, news sitemaps and indexes of them; an index is let into the queue little by little."""

import gzip
import io
import zlib
from datetime import date

from scrapy.utils.sitemap import Sitemap

from crawler.address import day_of, normalise
from crawler.discovery.feeds import read_moment
from crawler.discovery.listing import Listing, Unreadable
from crawler.lease import Found
from crawler.outlet import Outlet, UrlClass

MAX_SITEMAP = 52_428_800  # bytes, the limit of the protocol
MAX_DEPTH = 3  # an index of indexes is rare, deeper is a trap
AT_ONCE = 20  # sitemaps of an index that are released together
STEP = 600.0  # seconds until the next of them


def read_sitemap(body: bytes, url: str, outlet: Outlet, depth: int) -> Listing:
    """Return the articles of a sitemap, or the sitemaps of an index, newest first and spread over time.

    Raises Unreadable where it is neither. Without article rules in the outlet file every address that no other rule
    claims is taken for an article.
    """
    try:
        sitemap = Sitemap(_plain(body))
        kind, entries = sitemap.type, list(sitemap)
    except StopIteration:
        raise Unreadable("not XML: no element in it") from None
    except (ValueError, SyntaxError) as error:
        raise Unreadable(f"not a sitemap: {error}") from None
    if kind == "sitemapindex":
        return Listing(always=tuple(_children(entries, url, outlet, depth)))
    if kind != "urlset":
        raise Unreadable(f"not a sitemap: it begins with <{kind}>")
    found = {}
    for entry in entries:
        address = normalise(entry.get("loc") or "", url)
        if address is None or not outlet.owns(address):
            continue
        claimed = outlet.classify(address)
        if claimed is UrlClass.ARTICLE or (claimed is None and not outlet.urls.article):
            day = day_of(address) or _day(entry.get("lastmod"))
            found[address] = Found(url=address, kind="article", day=day)
    return Listing(found=tuple(found.values()))


def _children(entries: list[dict[str, str]], url: str, outlet: Outlet, depth: int) -> list[Found]:
    if depth >= MAX_DEPTH:
        return []
    children: dict[str, date | None] = {}
    for entry in entries:
        address = normalise(entry.get("loc") or "", url)
        if address is not None and address != url and outlet.owns(address):
            children[address] = _day(entry.get("lastmod")) or day_of(address)
    newest_first = sorted(children.items(), key=lambda item: item[1] or date.min, reverse=True)
    return [
        Found(url=address, kind="sitemap", day=day, page=depth + 1, delay=STEP * (number // AT_ONCE))
        for number, (address, day) in enumerate(newest_first)
    ]


def _plain(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:MAX_SITEMAP]
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            return packed.read(MAX_SITEMAP)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"a broken gzip file: {error}") from None


def _day(text: str | None) -> date | None:
    moment = read_moment(text) if text else None
    return moment.date() if moment else None
