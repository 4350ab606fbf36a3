"""Read RSS, RDF and Atom feeds, also those that are broken somewhere."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from lxml import etree

from crawler.address import day_of, normalise
from crawler.discovery.listing import Listing, Unreadable
from crawler.lease import Found
from crawler.outlet import Outlet, UrlClass

MAX_FEED = 16_000_000  # bytes
ROOTS = {"rss", "RDF", "feed"}
DATES = ("pubDate", "published", "date", "updated")


def read_feed(body: bytes, url: str, outlet: Outlet) -> Listing:
    """Return the articles of a feed that stand on the outlet's own hosts; raise Unreadable where it is no feed."""
    found = {}
    for entry in _entries(body):
        address = normalise(_link(entry), url)
        if address is None or not outlet.owns(address):
            continue
        kind = outlet.classify(address)
        if kind in (UrlClass.NEVER, UrlClass.LIST):
            continue
        name = "asset" if kind is UrlClass.ASSET else "article"
        found[address] = Found(url=address, kind=name, day=_day(entry, outlet) or day_of(address))
    return Listing(found=tuple(found.values()))


def _entries(body: bytes) -> Iterator[etree._Element]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    # servers send blank lines before the declaration; a parser that is strict about it reads nothing
    root: etree._Element | None
    try:
        root = etree.fromstring(body[:MAX_FEED].lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not XML: {error}") from None
    if root is None:
        raise Unreadable("not XML: no element in it")
    if (name := _name(root)) not in ROOTS:
        raise Unreadable(f"no feed: it begins with <{name}>")
    for element in root.iter():
        if _name(element) in ("item", "entry"):
            yield element


def _name(element: etree._Element) -> str:
    tag: object = element.tag  # a function, where the node is an entity that was not resolved
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _texts(entry: etree._Element, name: str) -> Iterator[str]:
    for child in entry:
        if _name(child) == name:
            yield (child.text or "").strip()


def _link(entry: etree._Element) -> str:
    for child in entry:
        if _name(child) != "link":
            continue
        href = child.get("href")
        if href and child.get("rel", "alternate") == "alternate":
            return href
        if child.text and child.text.strip():
            return child.text.strip()
    # a guid is an address unless it says that it is none
    for guid in _texts(entry, "guid"):
        if guid.startswith(("http://", "https://")):
            return guid
    return ""


def _day(entry: etree._Element, outlet: Outlet) -> date | None:
    for name in DATES:
        for text in _texts(entry, name):
            moment = read_moment(text)
            if moment is not None:
                zone = ZoneInfo(outlet.timezone)
                return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(zone).date()
    return None


def read_moment(text: str) -> datetime | None:
    """Read a date of a feed or sitemap, in any of the forms that are in use; naive where it names no offset.

    >>> read_moment("Tue, 10 Mar 2026 08:00:00 +0800").isoformat()
    '2026-03-10T08:00:00+08:00'
    >>> read_moment("2026-03-10 08:00:00").isoformat()
    '2026-03-10T08:00:00'
    """
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = reader(text.strip())
            moment.astimezone(UTC) if moment.tzinfo else None
        except (ValueError, OverflowError, TypeError):
            continue
        return moment
    return None
