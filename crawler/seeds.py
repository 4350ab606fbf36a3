"""Put into the frontier what a run begins with: the sources of its outlets, and what its plan makes due."""

from collections.abc import Mapping

from crawler.address import normalise
from crawler.backfill import DEEPEST
from crawler.discovery.epaper import edition_days, edition_url
from crawler.frontier import Frontier
from crawler.lease import Found
from crawler.outlet import Outlet, Source
from crawler.plan import Plan


def seed(frontier: Frontier, outlets: Mapping[str, Outlet], plan: Plan) -> dict[int, Source]:
    """Put the sources of some outlets into the frontier, and make due what the plan wants; return sources by id."""
    sources: dict[int, Source] = {}
    for outlet in outlets.values():
        known = {frontier.register(outlet, source.type, source.url): source for source in outlet.sources}
        if plan.since is not None:  # columns are read as deep as the days ask for
            known = {number: source.model_copy(update={"pages": DEEPEST}) for number, source in known.items()}
        frontier.retire(outlet.slug, known)
        sources |= known
        for number, source in known.items():
            if source.type == "epaper":
                _expect_editions(frontier, outlet, source, number, plan)
            elif url := normalise(source.url):
                frontier.add(outlet.slug, [Found(url=url, kind=source.type)], source=number)
    if plan.retry_quarantine:
        frontier.retry_quarantine(outlets)
    if plan.recheck is not None:
        frontier.due(outlets, older_than=plan.recheck.total_seconds())
    return sources


def _expect_editions(frontier: Frontier, outlet: Outlet, source: Source, number: int, plan: Plan) -> None:
    today = outlet.day_at(frontier.clock())
    known = frontier.known_editions(number)
    for day in edition_days(outlet, source, today, plan.since, plan.until):
        if day.isoformat() not in known:
            found = Found(url=edition_url(source, day), kind="edition", day=day)
            frontier.expect_edition(outlet.slug, number, found)
