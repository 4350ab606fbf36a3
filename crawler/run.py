"""Hold what a run has in hand: its outlets, memory, writer and plan, and what it has counted."""

from dataclasses import dataclass, field
from datetime import date

from crawler.address import name_of
from crawler.frontier import Frontier
from crawler.lease import Found
from crawler.outlet import Outlet, Source
from crawler.pace import Pace
from crawler.plan import Plan
from crawler.report import Counts
from crawler.seeds import seed
from crawler.settings import CONCURRENT_REQUESTS, VERSION
from crawler.turns import Turns
from crawler.writer import WarcWriter

STRANGER = 5.0  # seconds between two requests to a host that no outlet names


@dataclass(slots=True, kw_only=True)
class Run:
    """What a run has in hand. `outlets` and `counts` are by slug, `sources` by their ids in crawl.db.

    `liars` are hosts whose validators are not believed, `bugs` faults of this program, `notes` what a person should
    know.
    """

    outlets: dict[str, Outlet]
    frontier: Frontier
    writer: WarcWriter
    plan: Plan
    sources: dict[int, Source] = field(default_factory=dict)
    liars: set[str] = field(default_factory=set)
    bugs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, Counts] = field(init=False)
    pace: Pace = field(init=False)
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.counts = {slug: Counts() for slug in self.outlets}
        self.pace = Pace(self._delay_of)
        self.turns = Turns(frontier=self.frontier, pace=self.pace, plan=self.plan, at_once=CONCURRENT_REQUESTS)

    @property
    def asked(self) -> int:
        """Return how many addresses were asked for, whatever came of it."""
        return sum(one.done + one.failed + one.blocked + one.refused for one in self.counts.values())

    def begin(self) -> None:
        """Open the run in the crawl's memory."""
        self.frontier.begin({"version": VERSION, "outlets": sorted(self.outlets)})

    def end(self, outcome: str) -> None:
        """Close the run in the crawl's memory."""
        self.frontier.end(outcome, {slug: counts.done for slug, counts in self.counts.items()})

    def prepare(self) -> None:
        """Put sources and what else is due into the frontier; take up what is remembered of the hosts."""
        self.sources = seed(self.frontier, self.outlets, self.plan)
        self.liars = self.frontier.distrusted()
        cooling, delays = self.frontier.cooling(), self.frontier.crawl_delays()
        for host in self.frontier.hosts(self.outlets):
            self.pace.open(host, crawl_delay=delays.get(host, 0.0))
            if host in cooling:
                self.pace.rest(host, cooling[host] - self.frontier.clock())

    def wants(self, found: Found) -> bool:
        """Say whether an address may be of a day that the plan asks for."""
        if found.day is None or found.kind in ("feed", "column"):
            return True
        if found.kind == "sitemap":  # of the day on which it last changed: what is in it is no younger
            return found.day >= (self.plan.since or date.min)
        return (self.plan.since or date.min) <= found.day <= (self.plan.until or date.max)

    def pause_of(self, host: str) -> float:
        """Return the seconds between two requests to a host: its own, or what its robots.txt or its answers ask."""
        self.pace.open(host)
        return self.pace.hosts[host].pause

    def _delay_of(self, host: str) -> float:
        if self.plan.delay is not None:
            return self.plan.delay
        name = name_of(host)
        delays = [outlet.delay for outlet in self.outlets.values() if name in outlet.all_hosts]
        return max(delays, default=STRANGER)
