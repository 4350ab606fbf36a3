"""Tell farms and mirrors by what they do with the texts of others, with the figures that show it.

What an outlet's file says stays as it is: the figures stand beside it, and whoever reads them decides.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from crawler.outlet import Kind, Outlet
from pipelines.table import insert

ENOUGH = 5  # articles; fewer show nothing
MOSTLY = 0.8  # of all its articles
HALF = 0.5  # of its copies

# what is counted by outlet, or by host where no outlet is known; along indexes, since most articles are none of it
ARTICLES = """SELECT outlet, count(*) FROM articles WHERE outlet IS NOT NULL GROUP BY outlet
    UNION ALL SELECT host(url) AS site, count(*) FROM articles WHERE outlet IS NULL GROUP BY site"""
COPIES = """SELECT coalesce(a.outlet, host(a.url)) AS site, count(*), sum(a.evidence LIKE '%"farm-prefix"%')
    FROM reprints r JOIN reprints f ON f.cluster = r.cluster AND f.is_original
        JOIN articles a ON a.id = r.article JOIN articles b ON b.id = f.article
    WHERE NOT r.is_original AND a.outlet IS NOT b.outlet GROUP BY site"""
DAMAGED = """SELECT coalesce(outlet, host(url)) AS site, count(*) FROM articles
    WHERE id IN (SELECT article FROM repairs WHERE rule >= 'undo_pinyin' AND rule < 'undo_pinyio'
        UNION SELECT id FROM articles WHERE script = 'zh-Hant-x-converted') GROUP BY site"""
HIJACKED = """SELECT coalesce(outlet, host(url)) AS site, count(*) FROM articles
    WHERE flags != '[]' AND flags LIKE '%"hijacked"%' GROUP BY site"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What one outlet (or host) does: numbers of articles, and of those that are copies, renamed, damaged, hijacked."""

    site: str
    kind: str | None
    articles: int
    copies: int = 0
    renamed: int = 0
    damaged: int = 0
    hijacked: int = 0


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


def watch_conduct(db: sqlite3.Connection, outlets: dict[str, Outlet]) -> None:
    """Make the table `conduct` anew."""
    db.create_function("host", 1, lambda url: urlsplit(url).netloc, deterministic=True)
    copies = {site: (count, renamed) for site, count, renamed in db.execute(COPIES)}
    damaged, hijacked = dict(db.execute(DAMAGED).fetchall()), dict(db.execute(HIJACKED).fetchall())
    found = []
    for site, count in sorted(db.execute(ARTICLES).fetchall()):
        copied, renamed = copies.get(site, (0, 0))
        one = Conduct(
            site=site,
            kind=outlets[site].kind if site in outlets else None,
            articles=count,
            copies=copied,
            renamed=renamed,
        )
        found.append(replace(one, damaged=damaged.get(site, 0), hijacked=hijacked.get(site, 0)))
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
