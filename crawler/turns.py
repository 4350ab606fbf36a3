"""Say which address may be fetched next, and how long to wait where none may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crawler.address import host_of
from crawler.frontier import Frontier
from crawler.lease import LISTS, Found, Lease
from crawler.outlet import Outlet, UrlClass
from crawler.pace import Pace
from crawler.plan import Plan


@dataclass(slots=True, kw_only=True)
class Turns:
    """Lease one address after the other from the frontier, as the hosts' pace and the plan allow.

    `at_once` bounds what is in flight. `leases` is that, by id; `taken` counts articles and attachments.
    """

    frontier: Frontier
    pace: Pace
    plan: Plan
    at_once: int
    leases: dict[int, Lease] = field(default_factory=dict)
    taken: int = 0
    _asleep: dict[str, float] = field(default_factory=dict)  # hosts on which nothing is due until then

    @property
    def used_up(self) -> bool:
        """Say whether the run has taken as much as it may."""
        return self.plan.limit is not None and self.taken >= self.plan.limit

    def next(self, outlets: Mapping[str, Outlet]) -> Lease | None:
        """Lease what may be fetched now from an outlet that is enabled; None where nothing may."""
        if len(self.leases) >= self.at_once or self.used_up:
            return None
        enabled = [slug for slug, outlet in outlets.items() if outlet.enabled]
        now = self.frontier.clock()
        for host in self.pace.ready():
            if self._asleep.get(host, 0.0) > now:
                continue
            while (lease := self.frontier.lease(host, enabled)) is not None:
                if _is_unwanted(lease, outlets[lease.outlet]):
                    self.frontier.forgo(lease)
                    continue
                self.leases[lease.id] = lease
                self.taken += lease.kind not in LISTS
                self.pace.started(host)
                return lease
            due = self.frontier.next_due(host, enabled)
            self._asleep[host] = float("inf") if due is None else due
        return None

    def wait(self, longest: float) -> float | None:
        """Return seconds until there may be something to do, at most `longest`; None where the run is at its end."""
        if self.leases:
            return longest
        now, clock = self.frontier.clock(), self.pace.clock()
        waits = []
        for host, state in self.pace.hosts.items():
            until_due, until_ready = self._asleep.get(host, 0.0) - now, state.ready_at - clock
            # the pause between two requests is no reason to end, however long; a rest or a distant due time is
            if max(until_due, until_ready) <= self.plan.patience or (until_due <= 0 and until_ready <= 2 * state.pause):
                waits.append(max(until_due, until_ready, 0.01))
        return min(longest, *waits) if waits else None

    def found(self, found: Iterable[Found]) -> None:
        """Look at the hosts of some addresses again: something may be due there now."""
        for host in {host_of(one.url) for one in found}:
            self.pace.open(host)
            self._asleep.pop(host, None)

    def over(self, lease: Lease, latency: float | None, address: str | None) -> None:
        """Note that a fetch has ended, how long (seconds) its answer took, from which address it came."""
        self.leases.pop(lease.id, None)
        self.pace.finished(lease.host, latency, address)
        self._asleep.pop(lease.host, None)  # a retry may be due before anything else on this host

    def awake(self) -> None:
        """Look at every host again."""
        self._asleep.clear()


def _is_unwanted(lease: Lease, outlet: Outlet) -> bool:
    """Say whether the rules, which may be others than when it was found, want an address never."""
    return lease.kind not in LISTS and outlet.classify(lease.url) is UrlClass.NEVER
