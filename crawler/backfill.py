"""Decide whether a column is read on: to its learnt end, or as deep as the days that are wanted lie."""

from dataclasses import replace
from datetime import date

from crawler.discovery.listing import Listing
from crawler.lease import Found, Lease
from crawler.sources import SourceMemory

DEEPEST = 1000  # pages of a column, however far back the days that are wanted lie


def further_pages(
    memory: SourceMemory, lease: Lease, listing: Listing, *, fresh: int, since: date | None
) -> tuple[Found, ...]:
    """Return the pages to read after this one; `fresh` of the articles on this one are new.

    Without `since` a column is read on as long as its pages bring anything new, and to its end where that is the first
    time. With it, to the first page on which everything is older: past pages that are known, but not through what was
    read page by page before. How far back that goes is remembered. Where no day is told, pages are read to the end.
    """
    if lease.kind != "column":
        return listing.more
    days = [one.day for one in listing.articles if one.day is not None]
    reached = memory.reached(lease.source)
    if since is None:
        if not listing.more and fresh and days and reached is not None:
            # the file lets no further page be read: below this one there may be articles that nobody has seen
            memory.note_reached(lease.source, max(reached, min(days)))
        return listing.more if fresh > 0 or lease.fetched_at is None or lease.tries > 0 else ()
    if not listing.more or (days and max(days) < since):
        memory.note_reached(lease.source, min(since, reached or since))
        return ()
    if days and (reached is None or min(days) < reached):
        memory.note_reached(lease.source, min(days))
    elif days and reached is not None and fresh == 0 and (reached <= since or memory.has_more(lease)):
        return ()
    return tuple(replace(one, late=True) for one in listing.more)
