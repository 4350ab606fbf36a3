"""Tell farms and mirrors by what they do with the texts of others, with the figures that show it.

What an outlet's file says stays as it is: the figures stand beside it, and whoever reads them decides.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass

from crawler.outlet import Kind, Outlet
from pipelines.table import dicts, insert

ENOUGH = 5  # articles; fewer show nothing
MOSTLY = 0.8  # of all its articles
HALF = 0.5  # of its copies

COUNTS = """SELECT coalesce(a.outlet, substr(a.url, instr(a.url, '//') + 2, instr(substr(a.url, instr(a.url, '//') + 2)
            || '/', '/') - 1)) AS site, o.kind, count(*) AS articles,
        coalesce(sum(r.is_original = 0 AND b.outlet IS NOT a.outlet), 0) AS copies,
        coalesce(sum(r.is_original = 0 AND b.outlet IS NOT a.outlet
            AND a.evidence LIKE '%"farm-prefix"%'), 0) AS renamed,
        sum(a.script = 'zh-Hant-x-converted' OR EXISTS (
            SELECT 1 FROM repairs p WHERE p.article = a.id AND p.rule LIKE 'undo_pinyin%')) AS damaged,
        sum(a.flags LIKE '%"hijacked"%') AS hijacked
    FROM articles a LEFT JOIN outlets o ON o.id = a.outlet LEFT JOIN reprints r ON r.article = a.id
        LEFT JOIN reprints first ON first.cluster = r.cluster AND first.is_original
        LEFT JOIN articles b ON b.id = first.article
    GROUP BY site ORDER BY site"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What one outlet (or host) does: numbers of articles, and of those that are copies, renamed, damaged, hijacked."""

    site: str
    kind: str | None
    articles: int
    copies: int
    renamed: int
    damaged: int
    hijacked: int


def damages_what_it_copies(one: Conduct) -> bool:
    """A mirror: texts with injected readings or turned by a machine, on pages that advertise something else."""
    return max(one.damaged, one.hijacked) >= HALF * one.articles


def copies_under_other_headlines(one: Conduct) -> bool:
    """A farm: hardly a text of its own, and words that shout before the headlines of others."""
    return one.copies >= MOSTLY * one.articles and one.renamed >= HALF * one.copies


RULES: tuple[tuple[Kind, Callable[[Conduct], bool]], ...] = (
    (Kind.MIRROR, damages_what_it_copies),
    (Kind.FARM, copies_under_other_headlines),
)


def watch_conduct(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> None:  # noqa: ARG001  (as every last step)
    """Make the table `conduct` anew."""
    found = [Conduct(**row) for row in dicts(db, COUNTS)]
    db.execute("DELETE FROM conduct")
    insert(db, "conduct", [{**asdict(one), "acts_as": acts_as(one), "why": why(one)} for one in found])


def acts_as(one: Conduct) -> Kind | None:
    """Return the kind of outlet that does such things; None where nothing shows, or too little is held."""
    return next((kind for kind, rule in RULES if rule(one)), None) if one.articles >= ENOUGH else None


def why(one: Conduct) -> str:
    """Return the figures in one line.

    >>> why(Conduct(site="a", kind="farm", articles=20, copies=18, renamed=18, damaged=0, hijacked=0))
    '18 of 20 articles are copies, 18 under another headline; 0 damaged; 0 on hijacked pages'
    """
    return (
        f"{one.copies} of {one.articles} articles are copies, {one.renamed} under another headline; "
        f"{one.damaged} damaged; {one.hijacked} on hijacked pages"
    )
