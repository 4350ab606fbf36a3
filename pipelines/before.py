"""Gather what the archive holds of some articles, and what was read of them just now, before they are settled."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from pipelines.addresses import Address
from pipelines.history import Look
from pipelines.index import attached_texts
from pipelines.outcome import Outcome, Reading
from pipelines.similar.normal import Normal
from pipelines.similar.verdict import same_text
from pipelines.told import Texts
from pipelines.unit import Unit, unit_from, unit_held, unit_of
from pipelines.unsettle import articles

Readings = dict[str, tuple[Outcome, Reading]]  # by capture: what was read just now


@dataclass(slots=True)
class Before:
    """What the archive holds of some pages: looks at them, their addresses, the articles that they were."""

    looks: defaultdict[str, list[Look]]
    addresses: list[Address]
    former: dict[str, str]  # capture → article that it was a look at
    articles: dict[str, sqlite3.Row]
    texts: defaultdict[str, Texts]  # by article
    attached: dict[str, str]
    units: dict[str, Unit]  # by capture: what was read of each page, of articles over several
    regions: dict[str, str | None]  # of outlets


def before_settling(db: sqlite3.Connection, names: list[str]) -> Before:
    """Return what the archive holds of some pages, by their ids."""
    these = json.dumps(names)
    regions = dict(db.execute("SELECT id, region FROM outlets"))
    before = Before(defaultdict(list), [], {}, {}, defaultdict(dict), attached_texts(db, names), {}, regions)
    for page, at, name, outcome, content, leads_to, article, address, url, part, further in db.execute(
        """SELECT page, fetched_at, id, outcome, content, leads_to, article, address, url, part, further FROM captures
        WHERE page IN (SELECT value FROM json_each(?))""",
        [these],
    ):
        others = tuple((number, other) for number, other in json.loads(further)) if further else ()
        before.looks[page].append(Look(at, name, outcome, content, page, leads_to, address, part, others))
        before.addresses.append(Address(page, address, url, at, part))
        if article:
            before.former[name] = article
    before.articles = articles(db, these)
    for page, sha256, title, text in db.execute(
        "SELECT article, sha256, title, text FROM version_texts WHERE article IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(before.articles))],
    ):
        before.texts[page][sha256] = (title, text)
    for article, content, title, text, reading in db.execute(
        """SELECT article, content, title, text, reading FROM page_readings
        WHERE article IN (SELECT value FROM json_each(?))""",
        [json.dumps(sorted(before.articles))],
    ):
        before.texts[article][content] = (title, text)
        if reading:
            unit = unit_from(reading, title, text)
            before.units[unit.row["capture"]] = unit
    return before


def sameness(before: Before, readings: Readings) -> Callable[[str, str], bool]:
    """Return the function that says whether two contents, of which each was read somewhere here, are one text."""
    texts = {content: text for known in before.texts.values() for content, (_, text) in known.items()}
    texts |= {reading.content: reading.article.text for _, reading in readings.values()}
    normal = cache(lambda content: Normal.of(texts[content]))
    return lambda one, two: one == two or same_text(normal(one), normal(two)).similar


def texts_of(looks: Iterable[Look], before: Before, readings: Readings) -> Texts:
    """Return title and text of every content of an article, as its last reading has them."""
    last = {look.content: look for look in sorted(looks) if look.content}
    found: Texts = {}
    for content, look in last.items():
        if content and look.capture in readings:
            article = readings[look.capture][1].article
            found[content] = (article.title, article.text)
        elif content:
            found[content] = before.texts[before.former[look.capture]][content]
    return found


def last_reading(db: sqlite3.Connection, capture: str, before: Before, readings: Readings) -> Unit:
    """Return what was read of one page: now, as a page of the article before, or when it was all of the article."""
    if capture in readings:
        return unit_of(*readings[capture])
    if capture in before.units:
        return before.units[capture]
    return unit_held(db, before.articles[before.former[capture]])
