"""Put what came of a fetch into the frontier, and count it."""

import logging
from collections.abc import Iterable

from crawler.backfill import further_pages
from crawler.discovery.listing import Listing
from crawler.handle import Handled
from crawler.lease import LISTS, Failure, Found, Lease, Outcome
from crawler.rhythm import LONGEST_REST, Trouble
from crawler.run import Run

logger = logging.getLogger(__name__)


def succeeded(run: Run, lease: Lease, outcome: Outcome, handled: Handled) -> None:
    """Give a row back as done, together with what its page yielded."""
    counts = run.counts[lease.outlet]
    listing = [one for one in handled.found if run.wants(one)]
    known = run.frontier.known([one.url for one in listing]) if listing else set()
    fresh = sum(one.url not in known and one.kind == "article" for one in listing)
    always = [one for one in handled.always if one.kind != "sitemap" or run.wants(one)]
    listed = Listing(found=handled.found, more=handled.more)
    back_to = run.plan.since
    further = further_pages(run.frontier, lease, listed, fresh=fresh, since=back_to) if handled.read else ()
    found = [*listing, *always, *further]
    run.frontier.acknowledge(lease, outcome, found, fresh=fresh)
    _check_validators(run, lease, outcome)
    if lease.kind == "edition":
        pages = 1 + len(handled.always) if lease.page == 1 else 0
        run.frontier.note_edition(lease, "obtained", pages=pages, articles=fresh)
    if lease.kind in LISTS:
        counts.lists += 1
    elif lease.stored is None:
        counts.new += 1
    elif outcome.changed:
        counts.changed += 1
    else:
        counts.unchanged += 1
    logger.debug("%s %s: %d found, %d new", lease.outlet, lease.url, len(found), fresh)
    run.turns.found(found)


def failed(run: Run, lease: Lease, failure: Failure, found: Iterable[Found] = ()) -> None:
    """Give a row back as failed, and let its host rest where that is the reason."""
    counts = run.counts[lease.outlet]
    wanted = [one for one in found if run.wants(one)]
    run.frontier.fail(lease, failure, wanted)
    counts.troubles[failure.trouble] = counts.troubles.get(failure.trouble, 0) + 1
    if failure.trouble is Trouble.BLOCKED:
        counts.blocked += 1
        seconds = run.pace.blocked(lease.host)
        run.frontier.cool_down(lease.host, seconds, f"blocked: {failure.detail}")
    elif failure.trouble is Trouble.ROBOTS:
        counts.refused += 1
    else:
        counts.failed += 1
    if failure.trouble is Trouble.BUSY:
        seconds = min(failure.asked or 30.0, LONGEST_REST)
        run.pace.rest(lease.host, seconds)
        run.frontier.cool_down(lease.host, seconds, failure.detail)
    if lease.kind == "edition" and lease.page == 1 and failure.trouble in (Trouble.GONE, Trouble.SOFT_404):
        run.frontier.note_edition(lease, "missing")
    logger.info("%s %s: %s (%s)", lease.outlet, lease.url, failure.trouble, failure.detail)
    run.turns.found(wanted)


def _check_validators(run: Run, lease: Lease, outcome: Outcome) -> None:
    """Find out a host that sends other bytes under the same validator."""
    same = lease.etag is not None and lease.etag == outcome.etag and lease.last_modified == outcome.last_modified
    if outcome.changed and lease.stored is not None and same and lease.host not in run.liars:
        run.liars.add(lease.host)
        run.frontier.distrust(lease.host, f"{lease.url}: other bytes under the same ETag {lease.etag}")
