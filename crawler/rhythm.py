"""Say when to look again: at sources by what they yield, at articles ever more rarely, after failures by class."""

from collections.abc import Mapping
from enum import StrEnum

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

# how long after a look that found nothing changed an article is looked at again; the last one repeats
RELOOKS = (DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 180 * DAY)

# the first interval between two polls of a source; what it yields moves it between floor and ceiling
POLLS = {"feed": 30 * MINUTE, "column": HOUR, "epaper": 3 * HOUR, "sitemap": 6 * HOUR}
POLL_FLOOR, POLL_CEILING = 15 * MINUTE, 7 * DAY

LONGEST_REST = 7 * DAY  # a server may ask for more; a page or a host that rested for years would be lost


class Trouble(StrEnum):
    """Name why a fetch failed; stored, counted, shown."""

    DNS = "dns"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    TLS = "tls"
    BROKEN = "broken-off"
    REDIRECT = "redirect"
    GONE = "gone"
    CLIENT = "http-4xx"
    BUSY = "busy"
    SERVER = "http-5xx"
    TOO_LARGE = "too-large"
    ROBOTS = "robots"
    PARSE = "unreadable-list"
    BLOCKED = "blocked"
    SOFT_404 = "soft-404"
    PRIVATE = "private-address"
    BUG = "bug"


# seconds to wait before each new try; when the row is used up, the address goes into quarantine
RETRIES: Mapping[Trouble, tuple[float, ...]] = {
    Trouble.DNS: (MINUTE, HOUR, DAY, 3 * DAY),
    Trouble.CONNECT: (10, MINUTE, HOUR, 6 * HOUR, DAY),
    Trouble.TIMEOUT: (MINUTE, HOUR, 6 * HOUR, DAY),
    Trouble.TLS: (HOUR, DAY, 7 * DAY),
    Trouble.BROKEN: (10, MINUTE, HOUR, DAY),
    Trouble.REDIRECT: (7 * DAY,),
    Trouble.GONE: (DAY, 7 * DAY, 30 * DAY),
    Trouble.CLIENT: (DAY, 7 * DAY),
    Trouble.BUSY: (5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, DAY, DAY),
    Trouble.SERVER: (10, 10 * MINUTE, HOUR, 6 * HOUR, DAY),
    Trouble.TOO_LARGE: (),
    Trouble.ROBOTS: (7 * DAY, 30 * DAY, 90 * DAY),
    Trouble.PARSE: (HOUR, 6 * HOUR, DAY),
    Trouble.BLOCKED: (HOUR, 6 * HOUR, DAY, 3 * DAY),
    Trouble.SOFT_404: (DAY, 7 * DAY),
    Trouble.PRIVATE: (),
    Trouble.BUG: (DAY,),
}

WORDS: Mapping[Trouble, str] = {
    Trouble.DNS: "the host name has no address",
    Trouble.CONNECT: "the server does not answer",
    Trouble.TIMEOUT: "the answer takes too long",
    Trouble.TLS: "no secure connection can be made",
    Trouble.BROKEN: "the answer broke off",
    Trouble.REDIRECT: "it leads in a circle or off the outlet's hosts",
    Trouble.GONE: "the page is gone (404 or 410)",
    Trouble.CLIENT: "the server refuses the address (4xx)",
    Trouble.BUSY: "the server asks for patience (429 or 503)",
    Trouble.SERVER: "the server fails (5xx)",
    Trouble.TOO_LARGE: "the answer is larger than is kept",
    Trouble.ROBOTS: "robots.txt forbids it",
    Trouble.PARSE: "the feed, sitemap or list cannot be read",
    Trouble.BLOCKED: "a firewall answered in place of the site",
    Trouble.SOFT_404: 'the page says "not found" with status 200',
    Trouble.PRIVATE: "it leads to a private or loopback address",
    Trouble.BUG: "a fault of this program; see the log",
}


def retry_after(trouble: Trouble, tries: int, *, asked: float | None = None, endless: bool = False) -> float | None:
    """Return seconds until the next try after the `tries`-th failure in a row, or None for quarantine.

    `asked` is the server's own Retry-After (seconds), which wins, up to a week.
    `endless` is for sources: a dead feed is tried again later, never dropped.

    >>> retry_after(Trouble.GONE, 1), retry_after(Trouble.GONE, 4), retry_after(Trouble.BUSY, 1, asked=120)
    (86400.0, None, 120)
    """
    plan = RETRIES[trouble]
    if tries > len(plan):
        if not endless:
            return None
        return plan[-1] if plan else 7 * DAY
    return min(asked, LONGEST_REST) if asked is not None and asked > 0 else plan[tries - 1]


def relook_after(unchanged: int) -> float:
    """Return seconds until an article is looked at again, after so many looks in a row that found nothing changed."""
    return RELOOKS[min(unchanged, len(RELOOKS) - 1)]


def next_interval(interval: float, seen: int, fresh: int) -> float:
    """Return seconds until a source is polled again, from how many of the addresses on it were new.

    >>> next_interval(3600, 20, 15), next_interval(3600, 20, 3), next_interval(3600, 20, 0)
    (1800.0, 3600, 5400.0)
    """
    share = fresh / seen if seen else 0
    if share > 0.5:
        interval /= 2
    elif share == 0:
        interval *= 1.5
    return min(max(interval, POLL_FLOOR), POLL_CEILING)
