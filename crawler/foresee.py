"""Say what a crawl would do with an address and which rule of the outlet's file decided: the words of the dry run.

The first of STEPS that has something to say decides. To add one, write a function, put it into STEPS, and add a row for
and a row against it to the tests.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from crawler.address import normalise
from crawler.lease import LISTS
from crawler.outlet import Outlet, Rule, UrlClass
from crawler.rhythm import WORDS, Trouble
from crawler.robots import AGENT, RobotsLines


class Fate(StrEnum):
    """Name what a crawl does with an address."""

    FETCH = "fetch"
    HELD = "held"
    WAITS = "waits"
    GIVEN_UP = "given-up"
    LIST = "list"
    NEVER = "never"
    NO_RULE = "no-rule"
    OFF_SITE = "off-site"
    ROBOTS = "robots"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the steps look at: an address, the outlet with the rules of `today`, what is remembered and allowed.

    `kind` says what a source takes it for, None where nobody has found it yet. `row` is its row of crawl.db. `robots`
    is what its host forbids, None where that cannot be had. `withdrawn` says that somebody decided on "never" for it.
    `rule` is filled in by `foresee`.
    """

    url: str
    outlet: Outlet
    today: date
    kind: str | None = None
    row: sqlite3.Row | None = None
    robots: RobotsLines | None = None
    withdrawn: bool = False
    rule: Rule | None = None

    @property
    def taken_for(self) -> str | None:
        """Return what a source takes it for, now or when it was found; None where none has found it."""
        return self.kind or (self.row["kind"] if self.row is not None else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would become of an address: the rule that decided (None: no rule), why, and how it would be read."""

    url: str
    fate: Fate
    why: str
    rule: Rule | None = None
    override: str = ""


def foresee(asked: Asked) -> Foreseen:
    """Return what a crawl that begins now would do with an address, and why."""
    place, override = _override(asked.outlet, asked.today)
    outlet = asked.outlet.as_of(asked.today)
    rule = outlet.rule_for(asked.url)
    if rule and outlet is not asked.outlet:
        rule = rule._replace(place=f"{place}.{rule.place}")
    asked = replace(asked, outlet=outlet, rule=rule)
    for step in STEPS:
        told = step(asked)
        if told is not None:
            fate, why = told
            return Foreseen(url=asked.url, fate=fate, why=why, rule=rule, override=override)
    raise AssertionError(asked)  # the last step speaks of every address


Step = Callable[[Asked], tuple[Fate, str] | None]


def not_an_address(asked: Asked) -> tuple[Fate, str] | None:
    """What is no address of HTTP is never asked for."""
    return None if normalise(asked.url) else (Fate.NO_ADDRESS, "not an address that can be fetched over HTTP")


def off_site(asked: Asked) -> tuple[Fate, str] | None:
    """Only addresses on the outlet's own hosts are followed."""
    if asked.outlet.owns(asked.url):
        return None
    return Fate.OFF_SITE, f"its host is none of {', '.join(sorted(asked.outlet.all_hosts))}"


def never(asked: Asked) -> tuple[Fate, str] | None:
    """The file says that it is never to be fetched."""
    return (Fate.NEVER, _by(asked.rule)) if asked.rule and asked.rule.kind is UrlClass.NEVER else None


def withdrawn(asked: Asked) -> tuple[Fate, str] | None:
    """Somebody withdrew it for good."""
    words = "withdrawn, never to be fetched again; fangzhi withdraw --list says by whom and why"
    return (Fate.NEVER, words) if asked.withdrawn else None


def unclaimed(asked: Asked) -> tuple[Fate, str] | None:
    """No rule speaks of it: feeds, and sitemaps without article rules, take it for an article all the same."""
    if asked.taken_for or asked.rule:
        return None
    lists = "feeds and sitemaps take it for an article, columns leave it alone"
    if asked.outlet.urls.article:
        lists = "feeds take it for an article, sitemaps and columns leave it alone"
    return Fate.NO_RULE, f"no URL rule matches: {lists}"


def forbidden(asked: Asked) -> tuple[Fate, str] | None:
    """The robots.txt of its host forbids it, or cannot be had."""
    if asked.robots is None:
        return Fate.ROBOTS, "robots.txt cannot be had, so nothing is asked for"
    if not asked.robots.allowed(asked.url, AGENT):
        return Fate.ROBOTS, f"{asked.robots.line_for(asked.url)}; by its address {_by_kind(asked)}"
    return None


def a_list(asked: Asked) -> tuple[Fate, str] | None:
    """Lists are read for what they link to, and are no articles."""
    if asked.taken_for in LISTS:
        return Fate.LIST, f"a page of a source ({asked.taken_for}): read for what it links to"
    if asked.taken_for is None and asked.rule and asked.rule.kind is UrlClass.LIST:
        return Fate.LIST, f"{_by(asked.rule)}: no article; read where a source names it or a pager leads to it"
    return None


def given_up(asked: Asked) -> tuple[Fate, str] | None:
    """It failed until its plan of retries was used up."""
    if asked.row is None or asked.row["state"] != "quarantine":
        return None
    return Fate.GIVEN_UP, f"{_trouble(asked.row)}; fangzhi crawl --retry-quarantine tries it again"


def held(asked: Asked) -> tuple[Fate, str] | None:
    """It is in the captures already, and is looked at again when its time comes."""
    row = asked.row
    if row is None or row["fetched_at"] is None:
        return None
    if row["due"] is None:
        return Fate.HELD, f"captured {_day(row['fetched_at'])}, never to be fetched again; {_by_kind(asked)}"
    return Fate.HELD, f"captured {_day(row['fetched_at'])}, to be looked at again {_day(row['due'])}; {_by_kind(asked)}"


def waits(asked: Asked) -> tuple[Fate, str] | None:
    """It failed and is to be tried again, but not yet."""
    row = asked.row
    if row is None or not row["tries"]:
        return None
    return Fate.WAITS, f"{_trouble(row)}; to be tried again {_day(row['due'])}"


def to_fetch(asked: Asked) -> tuple[Fate, str]:
    """All else is fetched."""
    said = asked.robots.line_for(asked.url) if asked.robots else None
    known = "found, not fetched yet; " if asked.row is not None else ""
    return Fate.FETCH, f"{known}{_by_kind(asked)}" + (f"; robots.txt, {said}" if said else "")


STEPS: tuple[Step, ...] = (
    not_an_address,
    off_site,
    never,
    withdrawn,
    unclaimed,
    forbidden,
    a_list,
    given_up,
    held,
    waits,
    to_fetch,
)


def _by(rule: Rule | None) -> str:
    return f"{rule.kind.value} by {rule.place} '{rule.pattern}'" if rule else "no URL rule matches"


def _by_kind(asked: Asked) -> str:
    if asked.rule is None and asked.taken_for:
        return f"{asked.taken_for}, as its source says; no URL rule matches"
    return _by(asked.rule)


def _trouble(row: sqlite3.Row) -> str:
    trouble = row["error"]
    words = WORDS[Trouble(trouble)] if trouble in set(Trouble) else (trouble or "it failed")
    return f"{words} ({row['detail']})" if row["detail"] else words


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _override(outlet: Outlet, today: date) -> tuple[str, str]:
    """Return the place of the dated override that is in force, and what it says; "" and "" for none."""
    override = outlet.override(today)
    if override is None:
        return "", ""
    place = f"overrides[{1 + outlet.overrides.index(override)}]"
    says = [f"{name} {getattr(override, name)!r}" for name in ("body", "charset") if getattr(override, name)]
    says += ["URL rules of its own"] if override.urls else []
    span = f"{override.valid_from or '…'} to {override.valid_until or '…'}"
    return place, f"{place} ({span}): {', '.join(says) or 'nothing'}"
