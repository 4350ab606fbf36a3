"""Decide how an address is asked for: with which conditions, through which proxy, by a browser or not."""

from dataclasses import replace
from typing import Any

from scrapy.http import Request

from crawler.lease import Lease, conditions
from crawler.render import is_rendered
from crawler.run import Run

UNCONDITIONAL = 5  # every so many looks that found nothing changed, one without conditions


def request_of(run: Run, lease: Lease) -> Request:
    """Return the request for a row that was leased; its `meta` tells the middlewares what they need to know."""
    if lease.stored is not None and not run.writer.holds(lease.stored):
        # its bytes are lost: nothing may refer to them, all are asked for again
        lease = replace(lease, stored=None)
    outlet = run.outlets[lease.outlet]
    # now and then the whole page is asked for: only so can validators that lie be found out
    trusted = lease.host not in run.liars and lease.unchanged % UNCONDITIONAL != UNCONDITIONAL - 1
    # what the server sends of a page that scripts make may stay the same while the page changes
    to_render = is_rendered(lease, outlet)
    refer = lease.stored is not None and run.frontier.may_refer(lease.stored)
    # of a column that is read back to a day every page must tell what comes after it
    entire = to_render or (lease.kind == "column" and run.plan.since is not None)
    headers = conditions(lease) if trusted and refer and not entire else {}
    meta: dict[str, Any] = {"lease": lease, "refer": refer, "to_render": to_render, "handle_httpstatus_all": True}
    if outlet.private:
        meta["proxy"] = None
    return Request(lease.url, headers=headers, meta=meta, dont_filter=True, priority=1)
