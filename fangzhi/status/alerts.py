"""Say what somebody must look at: the rules by which `fangzhi status --check` raises its exit code.

To add one, write a function and add it to RULES, with a case for and a case against it in the tests.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.rhythm import Trouble
from fangzhi.status.memory import words_of
from fangzhi.status.records import GapDay, OutletStatus, Overview

GAP_DAYS = 7  # days back from today of which gaps are news
SILENCE = timedelta(days=2)  # without a crawl, where there has been one
FAILURES = 3  # in a row, after which a source is called dead
BLOCKED = 3  # addresses that a firewall answers for


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to look at: the rule that found it, the outlet (None: the crawl as a whole), what it is in words."""

    rule: str
    outlet: str | None
    words: str


def alerts(found: Overview, now: datetime) -> list[Alert]:
    """Return what somebody must look at; `now` in UTC."""
    return [
        Alert(rule=rule.__name__, outlet=outlet, words=words) for rule in RULES for outlet, words in rule(found, now)
    ]


Found = Iterator[tuple[str | None, str]]


def crawl_failed(found: Overview, now: datetime) -> Found:
    """The last crawl ended with an error, or was killed."""
    del now
    for run in found.runs[:1]:
        if run["outcome"] == "failed":
            yield None, f"the crawl that began {run['started']} failed"
        elif run["outcome"] is None and not found.running:
            yield None, f"the crawl that began {run['started']} was killed; the next one goes on from there"


def no_crawl(found: Overview, now: datetime) -> Found:
    """Nothing has crawled for days."""
    for run in found.runs[:1]:
        last = datetime.fromisoformat(run["ended"] or run["started"])
        if not found.running and now - last > SILENCE:
            yield None, f"no crawl since {last:%Y-%m-%d %H:%M} UTC"


def gap(found: Overview, now: datetime) -> Found:
    """A day of the last week lacks articles that were asked for, or has far fewer than usual."""
    since = (now - timedelta(days=GAP_DAYS)).date().isoformat()
    for one in found.outlets:
        for day in one.gaps:
            if day.day >= since:
                yield one.outlet, words_of_gap(day)


def dead_source(found: Overview, now: datetime) -> Found:
    """A feed, sitemap or column failed time after time."""
    del now
    for one in found.outlets:
        for source in one.sources:
            if source["failures"] >= FAILURES:
                yield one.outlet, f"{source['type']} {source['url']}: {source['health']}"


def firewall(found: Overview, now: datetime) -> Found:
    """A firewall answers in place of the site."""
    del now
    for one in found.outlets:
        if (number := one.troubles.get(Trouble.BLOCKED, 0)) >= BLOCKED:
            yield one.outlet, f"{number} addresses: {words_of(Trouble.BLOCKED)}"


RULES: tuple[Callable[[Overview, datetime], Found], ...] = (crawl_failed, no_crawl, gap, dead_source, firewall)


def words_of_gap(day: GapDay) -> str:
    """Return a gap in words.

    >>> words_of_gap(GapDay(day="2026-03-02", expected=0, obtained=1, usual=6, gap="unusual"))
    'gap on 2026-03-02: 1 article, usual are 6'
    """
    if day.gap == "lost":
        return f"gap on {day.day}: {day.obtained} of {day.expected} articles that were asked for"
    return f"gap on {day.day}: {day.obtained} article{'' if day.obtained == 1 else 's'}, usual are {day.usual}"


def remarks(one: OutletStatus, *, shown: int = 20) -> list[str]:
    """Return what a person should know of an outlet, a line each; of long lists the first `shown` and a count."""
    lines = [
        f"{source['type']} {source['url']}: {source['health']}" for source in one.sources if source["health"] != "well"
    ]
    lines += [f"{number} × {trouble}: {words_of(trouble)}" for trouble, number in sorted(one.troubles.items())]
    given_up = [f"given up: {row['url']}: {row['reason']} ({row['detail']})" for row in one.quarantine]
    lines += _first(given_up, shown, "given up")
    if one.missing_editions:
        more = len(one.missing_editions) - shown
        lines.append(
            f"editions missing: {', '.join(one.missing_editions[:shown])}" + (f" and {more} more" if more > 0 else "")
        )
    lines += _first([words_of_gap(day) for day in one.gaps], shown, "days with a gap")
    if one.skips:
        skips = ", ".join(f"{number} {reason}" for reason, number in sorted(one.skips.items()))
        lines.append(f"no article in: {skips}")
    return lines


def _first(lines: list[str], shown: int, what: str) -> list[str]:
    more = len(lines) - shown
    return lines if more <= 0 else [*lines[:shown], f"… and {more} more {what}; --json names them all"]
