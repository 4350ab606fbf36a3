"""Take over what somebody changes in the outlet files while a run goes on."""

from dataclasses import replace

from crawler.address import name_of
from crawler.guard import PRIVATE
from crawler.outlet import Outlet
from crawler.report import Counts
from crawler.run import Run
from crawler.seeds import seed
from crawler.watch import Change


def take_over(run: Run, change: Change, *, named: bool) -> str | None:
    """Go on with what a file says now, and return a note on that, None for nothing.

    `named` says whether this crawl names a contact.
    """
    if change.error is not None:
        return f"{change.error}; the crawl goes on with the file as it was"
    if change.outlet is None:
        if change.slug not in run.outlets:
            return None
        run.outlets[change.slug] = run.outlets[change.slug].model_copy(update={"enabled": False})
        return f"{change.slug}: its file is gone; nothing more is asked for"
    outlet, before = change.outlet, run.outlets.get(change.slug)
    if outlet == before:
        return None
    if not outlet.private and not named and (before is None or before.private):
        return f"{outlet.slug}: is on the open web, and this crawl names no contact: left out until the next"
    _replace(run, outlet)
    return f"{outlet.slug}: its file has changed" + ("" if outlet.enabled else "; it is not enabled any more")


def _replace(run: Run, outlet: Outlet) -> None:
    if outlet.private:
        PRIVATE.update(outlet.all_hosts)
    run.outlets[outlet.slug] = outlet
    run.counts.setdefault(outlet.slug, Counts())
    run.frontier.reconsider([outlet.slug])
    plan = replace(run.plan, retry_quarantine=False, recheck=None)
    run.sources |= seed(run.frontier, {outlet.slug: outlet}, plan)
    for host in run.frontier.hosts([outlet.slug]):
        run.pace.open(host)
    for host in run.pace.hosts:
        if name_of(host) in outlet.all_hosts:
            run.pace.retime(host)
    run.turns.awake()
