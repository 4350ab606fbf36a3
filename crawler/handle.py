"""Decide what an answer means for its row: an outcome with what it yielded, or a failure with its reason."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Self

from scrapy.http import Response

from crawler.address import normalise
from crawler.capture import Capture
from crawler.discovery.columns import read_column
from crawler.discovery.epaper import read_edition
from crawler.discovery.feeds import read_feed
from crawler.discovery.hrefs import hrefs, matching
from crawler.discovery.listing import Listing, Unreadable
from crawler.discovery.sitemaps import read_sitemap
from crawler.lease import LISTS, Failure, Found, Lease, Outcome
from crawler.outlet import Outlet, Source, UrlClass
from crawler.parts import COUNTED, MOST, part_of, scripted_parts
from crawler.rhythm import HOUR, Trouble
from crawler.stored import Stored
from crawler.troubles import of_status
from crawler.verdict import judge

MAX_HOPS = 5  # redirects one after another
MAX_ATTACHMENTS = 50  # of one page
CUTS = {"length": Trouble.TOO_LARGE, "time": Trouble.TIMEOUT}  # what a WARC-Truncated reason means; else broken off
LATE = 3  # days for which an edition that is missing is looked for every few hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response, with the row that asked for it and where it is stored."""

    capture: Capture
    lease: Lease
    outlet: Outlet
    source: Source | None
    stored: Stored | None

    @classmethod
    def of(cls, response: Response, lease: Lease, outlet: Outlet, source: Source | None) -> Self:
        """Take a response of Scrapy, whose content encodings are undone, as an answer."""
        meta = response.request.meta if response.request else {}
        stored: Stored | None = meta.get("stored")
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        capture = Capture(
            url=lease.url,
            fetched_at=meta.get("fetched_at") or datetime.now(UTC),
            status=response.status,
            headers=headers,
            body=response.body,
            sha256="",
            warc_file=stored.warc_file if stored else "",
            warc_offset=stored.offset if stored else 0,
            outlet=outlet.slug,
            kind=lease.kind,
            truncated=meta.get("truncated"),
            not_modified=response.status == 304,
        )
        return cls(capture=capture, lease=lease, outlet=outlet, source=source, stored=stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """Either an `outcome` or a `failure`; `found` is for the frontier, `more` and `always` as in Listing.

    `read` says that they are all that a list holds: of one that was not modified, or moved, nothing is known.
    """

    outcome: Outcome | None = None
    failure: Failure | None = None
    read: bool = False
    found: tuple[Found, ...] = ()
    more: tuple[Found, ...] = ()
    always: tuple[Found, ...] = ()


def judge_answer(answer: Answer) -> Handled:
    """Return what an answer means: the first of STEPS that has something to say decides."""
    for step in STEPS:
        handled = step(answer)
        if handled is not None:
            return handled
    return Handled(outcome=_outcome(answer))


def not_modified(answer: Answer) -> Handled | None:
    """The server says that its bytes are those we hold."""
    if not answer.capture.not_modified:
        return None
    lease = answer.lease
    outcome = Outcome(
        status=lease.status or 200,
        stored=lease.stored,
        changed=False,
        etag=lease.etag,
        last_modified=lease.last_modified,
    )
    return Handled(outcome=outcome)


def blocked(answer: Answer) -> Handled | None:
    """A firewall answered, or the site says with status 200 that there is nothing."""
    if answer.lease.kind == "asset" and answer.capture.mime != "text/html":
        return None
    verdict = judge(answer.capture, answer.outlet)
    if verdict is None or (verdict.kind == "soft-404" and answer.lease.kind in LISTS - {"edition"}):
        return None
    trouble = Trouble.BLOCKED if verdict.kind == "blocked" else Trouble.SOFT_404
    detail = f"{verdict.rule}: {verdict.detail}"
    failure = Failure(trouble=trouble, detail=detail, status=answer.capture.status, asked=_late(answer))
    return Handled(failure=failure)


def redirected(answer: Answer) -> Handled | None:
    """A redirect: its target becomes a row of its own, where it stays on the outlet's hosts."""
    capture, lease = answer.capture, answer.lease
    if capture.status not in (301, 302, 303, 307, 308):
        return None
    target = normalise(capture.header("Location") or "", lease.url)
    if target is None or target == lease.url or not answer.outlet.owns(target) or lease.hops >= MAX_HOPS:
        detail = f"redirected to {target or capture.header('Location')!r}"
        return Handled(failure=Failure(trouble=Trouble.REDIRECT, detail=detail, status=capture.status))
    day = date.fromisoformat(lease.day) if lease.day else None
    # the target of a list is as good as the list; page 0 would be polled by itself
    found = Found(url=target, kind=lease.kind, day=day, page=lease.page, hops=lease.hops + 1)
    outcome = _outcome(answer, again=lease.kind in LISTS, verdict="redirect")
    return Handled(outcome=outcome, always=(found,))


def failed(answer: Answer) -> Handled | None:
    """A status that is a failure."""
    failure = of_status(answer.capture.status, answer.capture.header("Retry-After"))
    if failure is None:
        return None
    if failure.trouble is Trouble.GONE and (asked := _late(answer)):
        failure = replace(failure, asked=asked)
    return Handled(failure=failure)


def cut_short(answer: Answer) -> Handled | None:
    """A body that is not whole; what came is in the WARC."""
    reason = answer.capture.truncated
    if reason is None:
        return None
    trouble = CUTS.get(reason, Trouble.BROKEN)
    return Handled(failure=Failure(trouble=trouble, detail=f"truncated: {reason}", status=answer.capture.status))


def listed(answer: Answer) -> Handled | None:
    """A feed, sitemap, column or edition."""
    lease = answer.lease
    if lease.kind not in LISTS:
        return None
    try:
        day = date.fromisoformat(lease.day) if lease.day else None
        page = Found(url=lease.url, kind=lease.kind, day=day, page=lease.page)
        listing = read_list(answer.capture.body, page, answer.outlet, answer.source)
    except Unreadable as error:
        return Handled(failure=Failure(trouble=Trouble.PARSE, detail=str(error), status=answer.capture.status))
    outcome = _outcome(answer)
    return Handled(outcome=outcome, read=True, found=listing.found, more=listing.more, always=listing.always)


def article(answer: Answer) -> Handled | None:
    """An article, with its further pages and the attachments that it links to."""
    if answer.lease.kind != "article":
        return None
    outlet, here = answer.outlet, answer.lease.url
    written = hrefs(answer.capture.body, here)
    assets = [
        Found(url=url, kind="asset")
        for url in matching(written, here, _any_of(outlet.urls.asset))
        if outlet.owns(url) and outlet.classify(url) is UrlClass.ASSET
    ]
    parts = [
        Found(url=url, kind="article")
        for url in (*matching(written, here, COUNTED), *_scripted(answer))
        if part_of(url).first == part_of(here).first and outlet.owns(url) and outlet.classify(url) is not UrlClass.NEVER
    ]
    return Handled(outcome=_outcome(answer), found=(*parts[:MOST], *assets[:MAX_ATTACHMENTS]))


def _scripted(answer: Answer) -> list[str]:
    """Return the addresses of an article's other pages, where a script writes its pager."""
    body = answer.capture.body
    if b"createPageHTML" not in body:
        return []
    found = scripted_parts(body.decode("latin-1"), answer.lease.url)
    return [url for url, _ in found if url != answer.lease.url]


@lru_cache(maxsize=1000)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for several; one that never matches for none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


STEPS: tuple[Callable[[Answer], Handled | None], ...] = (
    not_modified,
    blocked,
    redirected,
    failed,
    cut_short,
    listed,
    article,
)


def read_list(body: bytes, page: Found, outlet: Outlet, source: Source | None) -> Listing:
    """Return what one page of a source yields, by the kind of the source; raise Unreadable where it is none."""
    if page.kind == "feed":
        return read_feed(body, page.url, outlet)
    if page.kind == "sitemap":
        return read_sitemap(body, page.url, outlet, page.page)
    if page.kind == "edition" and page.day is not None:
        return read_edition(body, page.url, outlet, page.day)
    return read_column(body, page.url, outlet, source or Source(type="column", url=page.url), page.page)


def _outcome(answer: Answer, *, again: bool = True, verdict: str | None = None) -> Outcome:
    capture, lease = answer.capture, answer.lease
    held = lease.stored
    return Outcome(
        status=capture.status,
        stored=answer.stored,
        changed=held is None or answer.stored is None or held.digest != answer.stored.digest,
        etag=capture.header("ETag"),
        last_modified=capture.header("Last-Modified"),
        verdict=verdict,
        again=again and lease.kind != "asset",
    )


def _late(answer: Answer) -> float | None:
    """Return the wait (seconds) for an edition that may only be late."""
    lease = answer.lease
    if lease.kind != "edition" or lease.page != 1 or not lease.day:
        return None
    age = answer.capture.fetched_at.date() - date.fromisoformat(lease.day)
    return 3 * HOUR if age <= timedelta(days=LATE) else None
