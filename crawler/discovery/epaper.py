"""Read e-papers (数字报): editions that are addressed by their day, page by page."""

from datetime import date, timedelta

from crawler.address import day_of, normalise
from crawler.discovery.links import links
from crawler.discovery.listing import Listing
from crawler.lease import Found
from crawler.outlet import Outlet, Source, UrlClass

RECENT = 7  # days that are asked for where nobody says since when the paper has been online


def edition_days(outlet: Outlet, source: Source, today: date, since: date | None, until: date | None) -> list[date]:
    """Return the days whose editions are wanted, newest first.

    Without `since` they begin where the outlet file says, or a week ago where it says nothing.
    """
    first = max(filter(None, (since, source.since or (outlet.since if since else None))), default=None)
    first = first or today - timedelta(days=RECENT - 1)
    last = min(filter(None, (until, source.until, today)))
    return [last - timedelta(days=back) for back in range((last - first).days + 1)]


def edition_url(source: Source, day: date) -> str:
    """Return the address of the first page of a day's edition."""
    url = normalise(day.strftime(source.url))
    return url or day.strftime(source.url)


def read_edition(body: bytes, url: str, outlet: Outlet, day: date) -> Listing:
    """Return the articles and attachments on one page of an edition, and the other pages of the same day."""
    found, more = [], []
    for link in links(body, url):
        if not outlet.owns(link.url) or link.url == url:
            continue
        kind = outlet.classify(link.url)
        if day_of(link.url) not in (None, day):
            continue  # the calendar, yesterday's edition
        if kind is UrlClass.ARTICLE:
            found.append(Found(url=link.url, kind="article", day=day))
        elif kind is UrlClass.ASSET:
            found.append(Found(url=link.url, kind="asset", day=day))
        elif kind is UrlClass.LIST:
            more.append(Found(url=link.url, kind="edition", day=day, page=2))
    return Listing(found=tuple(found), always=tuple(more))
