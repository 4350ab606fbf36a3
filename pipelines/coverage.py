"""Count per outlet and day what was to be expected and what is here, so that a gap shows the next morning."""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.address import day_of
from crawler.outlet import Outlet
from pipelines.table import insert
from pipelines.usual import gap_of, silences, usual_on

FIELDS = re.compile(r"%(?:[YmdyjHM%])")
DIGITS = {"%Y": r"(?P<Y>\d{4})", "%m": r"(?P<m>\d{2})", "%d": r"(?P<d>\d{2})", "%y": r"(?P<y>\d{2})"}
# what an article's capture may come to that is a loss
LOST_REASONS = ("blocked", "empty", "status", "soft-404", "undecodable", "unreadable", "too-large", "too-deep")


def cover(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> None:
    """Make the table `coverage` anew.

    A day expects as many articles as were asked for: those that are here, and those whose capture failed, by the day
    that they or their address carry, else the day of fetching. An edition page of an e-paper that was asked for
    expects at least one; so does every day between an e-paper's first and last edition. What is usual of such a day
    is told by `pipelines.usual`; a day without any article has a row where that is a gap.
    """
    obtained: defaultdict[str, Counter[date]] = defaultdict(Counter)
    for outlet, day, count in db.execute(
        "SELECT outlet, day, count(*) FROM articles WHERE outlet IS NOT NULL AND day IS NOT NULL GROUP BY outlet, day"
    ):
        obtained[outlet][date.fromisoformat(day)] = count
    expected = defaultdict(Counter, {slug: days.copy() for slug, days in obtained.items()})
    for slug, day in _lost(db, outlets):
        expected[slug][day] += 1
    for outlet in outlets.values():
        for day in _editions(db, outlet):
            expected[outlet.slug][day] = max(expected[outlet.slug][day], 1)
    looked = _last_looks(db, outlets)
    db.execute("DELETE FROM coverage")
    for slug in sorted(expected):
        insert(db, "coverage", list(_rows(slug, expected[slug], obtained[slug], looked.get(slug))))


def _rows(
    slug: str, expected: Mapping[date, int], obtained: Mapping[date, int], looked: date | None
) -> Iterator[dict[str, object]]:
    """Yield the rows of an outlet in order; `looked` is the day of its last capture, which is not over yet."""
    silent = dict(silences(obtained, looked)) if looked is not None else {}
    first = min(obtained, default=None)
    for day in sorted({*expected, *silent}):
        asked, here = expected.get(day, 0), obtained.get(day, 0)
        usual = usual_on(day, obtained, first) if first is not None else None
        over = looked is not None and day < looked
        gap = gap_of(asked, here, usual if over else None)
        yield {
            "outlet": slug, "day": day.isoformat(), "expected": asked, "obtained": here, "usual": usual, "gap": gap,
        }  # fmt: skip


def _last_looks(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> dict[str, date]:
    """Return the day, in the outlet's own time, on which each outlet was last asked for anything."""
    rows = db.execute("SELECT outlet, max(fetched_at) FROM captures WHERE outlet IS NOT NULL GROUP BY outlet")
    return {
        slug: datetime.fromisoformat(at).astimezone(ZoneInfo(outlets[slug].timezone)).date()
        for slug, at in rows
        if slug in outlets
    }


def _lost(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> Iterator[tuple[str, date]]:
    """Yield outlet and day of every address that was asked for as an article and never gave one."""
    sql = """SELECT c.outlet, c.url, min(c.fetched_at) FROM captures c LEFT JOIN skips s ON s.capture = c.id
        WHERE c.article IS NULL AND c.outlet IS NOT NULL AND coalesce(c.fetched_as, 'article') = 'article'
            AND (c.outcome = 'failure' OR s.reason IN (SELECT value FROM json_each(?)))
        GROUP BY c.page ORDER BY c.page"""
    asked = db.execute(sql, [json.dumps(LOST_REASONS)])
    for slug, url, at in asked:
        outlet = outlets.get(slug)
        if outlet is None or any(_edition_day(source.url, url) for source in outlet.sources if source.type == "epaper"):
            continue
        day = day_of(url) or datetime.fromisoformat(at).astimezone(ZoneInfo(outlet.timezone)).date()
        yield slug, day


def _editions(db: sqlite3.Connection, outlet: Outlet) -> Iterator[date]:
    """Yield every day from the first edition that was asked for to the last."""
    for source in outlet.sources:
        if source.type != "epaper":
            continue
        urls = db.execute("SELECT DISTINCT url FROM captures WHERE outlet = ?", [outlet.slug])
        days = sorted({day for (url,) in urls if (day := _edition_day(source.url, url))})
        if days:
            yield from (days[0] + timedelta(days=offset) for offset in range((days[-1] - days[0]).days + 1))


def _edition_day(template: str, url: str) -> date | None:
    """Return the day of an edition's address, None where the address is no edition's.

    >>> _edition_day("http://p.example/html/%Y-%m/%d/node_1.htm", "http://p.example/html/2022-04/13/node_1.htm")
    datetime.date(2022, 4, 13)
    """
    seen: set[str] = set()

    def digits(match: re.Match[str]) -> str:
        name = match[0]
        if name in seen or name not in DIGITS:
            return r"\d+"
        seen.add(name)
        return DIGITS[name]

    pattern = "".join(
        digits(match) if (match := FIELDS.fullmatch(part)) else re.escape(part)
        for part in re.split(r"(%[YmdyjHM%])", template)
    )
    found = re.fullmatch(pattern, url)
    if not found:
        return None
    part = found.groupdict()
    try:
        return date(int(part.get("Y") or f"20{part['y']}"), int(part["m"]), int(part["d"]))
    except (KeyError, ValueError):
        return None
