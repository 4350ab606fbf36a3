"""Say what a run is asked to do, and put what is to be fetched first into the frontier."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from crawler.address import normalise
from crawler.backfill import DEEPEST
from crawler.discovery.epaper import edition_days, edition_url
from crawler.frontier import Frontier
from crawler.lease import Found
from crawler.outlet import Outlet, OutletError, Source, load_outlets
from crawler.settings import VERSION
from crawler.writer import WarcWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is asked to do.

    `limit` ends it after so many articles and attachments. `since` and `until` (days, inclusive) leave out what is
    known to be of another day, and reach back that far into e-papers and columns. `recheck` makes due again what was
    fetched longer ago than that. `delay` (seconds) replaces the outlets' own, for loopback. `patience` (seconds) is
    how long a run waits for a retry before it ends. `forever` (seconds) makes a run that would end wait so long and
    look again.
    """

    limit: int | None = None
    since: date | None = None
    until: date | None = None
    recheck: timedelta | None = None
    delay: float | None = None
    patience: float = 15.0
    retry_quarantine: bool = False
    forever: float | None = None


def prepare(frontier: Frontier, outlets: Mapping[str, Outlet], plan: Plan) -> dict[int, Source]:
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


def parts_from_settings(settings: BaseSettings, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Make the parts for a plain `scrapy crawl outlet -a name=NAME`; raise OutletError where the name is none."""
    outlets = load_outlets()
    wanted = kwargs.pop("name", None)
    if wanted is None:
        raise OutletError("which outlet? add -a name=NAME; `fangzhi outlets list` shows the names")
    if wanted not in outlets:
        raise OutletError(f"no outlet is named {wanted}; `fangzhi outlets list` shows the names")
    captures = Path(settings["FANGZHI_CAPTURES"])
    return {
        **kwargs,
        "outlets": [outlets[wanted]],
        "frontier": Frontier(Path(settings["FANGZHI_CRAWL_DB"])),
        "writer": WarcWriter(captures, about=about(settings["USER_AGENT"], {"outlets": [wanted]}), sync=False),
    }


def about(user_agent: str, options: Mapping[str, object] | None = None) -> dict[str, str]:
    """Return what the warcinfo record says of this program, its settings, and the options of the run."""
    given = {"options": json.dumps(options, ensure_ascii=False, default=str)} if options else {}
    return {
        "software": f"Fangzhi/{VERSION}",
        "http-header-user-agent": user_agent,
        "robots": "obey",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": (
            "Heads of responses are as received; transfer encodings are undone and their header renamed to "
            "X-Fangzhi-Orig-Transfer-Encoding; content encodings are left on. Heads of requests are as composed. "
            "Certificates are not verified."
        ),
        "started": datetime.now(UTC).isoformat(),
        **given,
    }
