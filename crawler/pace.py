"""Keep the manners of each host: how long between two requests, how many at once, when to rest."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

CRAWL_DELAY_CAP = 30.0  # seconds; some robots.txt ask for hours, which is a refusal in other words
ADAPTIVE_CAP = 60.0
FACTOR = 3.0  # a host that needs a second to answer is left alone for three
JITTER = 0.25
AT_ONCE = 8  # requests to a host for which no delay is set (loopback)


@dataclass(slots=True)
class Host:
    """What is known of a host in this run; times are those of a clock that never jumps (seconds)."""

    delay: float
    crawl_delay: float = 0.0
    latency: float = 0.0
    in_flight: int = 0
    ready_at: float = 0.0
    blocked: int = 0  # in a row
    address: str | None = None  # the IP address that answers for it, where others may answer from there too

    @property
    def pause(self) -> float:
        """Return the seconds between two requests: what was set, what robots.txt asks, what the host can bear."""
        asked = max(self.delay, min(self.crawl_delay, CRAWL_DELAY_CAP))
        return max(asked, min(FACTOR * self.latency, ADAPTIVE_CAP)) if asked else 0.0


class Pace:
    """Say which host may be asked next. `delay_of` gives the delay (seconds) that is set for a host."""

    def __init__(self, delay_of: Callable[[str], float], clock: Callable[[], float] = time.monotonic) -> None:
        self.delay_of = delay_of
        self.clock = clock
        self.hosts: dict[str, Host] = {}

    def open(self, host: str, *, crawl_delay: float = 0.0) -> None:
        """Take a host into the round, with what its robots.txt is known to ask (seconds)."""
        if host not in self.hosts:
            self.hosts[host] = Host(delay=self.delay_of(host), crawl_delay=crawl_delay)

    def retime(self, host: str) -> None:
        """Take over a delay that was changed; a host that rests goes on resting."""
        state, now = self.hosts[host], self.clock()
        pausing = state.ready_at - now <= 2 * state.pause
        state.delay = self.delay_of(host)
        if pausing:
            state.ready_at = min(state.ready_at, now + state.pause)

    def ready(self) -> list[str]:
        """Return the hosts that may be asked now, the one that has waited longest first."""
        now = self.clock()
        free = [(state.ready_at, host) for host, state in self.hosts.items() if self._is_free(state, now)]
        return [host for _, host in sorted(free)]

    def wait(self) -> float | None:
        """Return seconds until a host without requests in flight may be asked again; None where there is none."""
        now = self.clock()
        times = [state.ready_at for state in self.hosts.values() if self._has_room(state)]
        return max(0.0, min(times) - now) if times else None

    def started(self, host: str) -> None:
        """Note that a request to a host begins."""
        state = self.hosts[host]
        state.in_flight += 1
        for neighbour in self._neighbours(state):
            neighbour.ready_at = max(neighbour.ready_at, self.clock() + neighbour.pause)
        state.ready_at = self.clock() + state.pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311

    def finished(self, host: str, latency: float | None = None, address: str | None = None) -> None:
        """Note that a request to a host has ended, how long (seconds) its answer took to begin, and whence it came.

        Hosts on one address are one machine: they share its time.
        """
        state = self.hosts[host]
        state.in_flight -= 1
        state.address = address or state.address
        if latency is not None:
            state.latency = latency if not state.latency else 0.7 * state.latency + 0.3 * latency
        state.ready_at = (
            max(state.ready_at, self.clock() + state.pause * (1 - JITTER)) if state.pause else state.ready_at
        )

    def rest(self, host: str, seconds: float) -> None:
        """Let a host rest."""
        self.open(host)
        self.hosts[host].ready_at = max(self.hosts[host].ready_at, self.clock() + seconds)

    def blocked(self, host: str) -> float:
        """Note an answer of a firewall; return seconds to rest: little at the first, an hour from the third on."""
        self.open(host)
        state = self.hosts[host]
        state.blocked += 1
        seconds = 10 * state.pause if state.blocked < 3 else 3600.0
        self.rest(host, seconds)
        return seconds

    def answered(self, host: str) -> None:
        """Note an answer of the site itself."""
        self.hosts[host].blocked = 0

    def _has_room(self, state: Host) -> bool:
        if state.pause and any(neighbour.in_flight for neighbour in self._neighbours(state)):
            return False
        return state.in_flight < (1 if state.pause else AT_ONCE)

    def _neighbours(self, state: Host) -> list[Host]:
        if state.address is None:
            return []
        return [one for one in self.hosts.values() if one.address == state.address and one is not state]

    def _is_free(self, state: Host, now: float) -> bool:
        return self._has_room(state) and state.ready_at <= now
