"""Find the article that an id or an address leads to, whichever of its addresses that is."""

import sqlite3
from datetime import UTC, datetime

from browse.archive import Archive
from crawler.outlet import Outlet
from pipelines.url import article_id, identity

KNOWN = """select id from articles where id = :id
    union all select article from (select article from aliases where id = :id order by until desc limit 1)"""
OUTLETS = "select settings from outlets where json_array_length(settings, '$.same')"
ALIASES = "select url, how, since, until from aliases where article = ? order by since, url"
ABSENCES = """select last_seen, missing_at, last_missing, looks, gone_at, back_at from absences where article = ?
    order by n"""

PAGES = """select p.n, p.url, p.capture, p.start, p.chars, c.fetched_at, c.sha256, c.warc_file, c.warc_offset
    from pages p left join captures c on c.id = p.capture where p.article = ? order by p.n"""


async def article_of(archive: Archive, name: str) -> str | None:
    """Return the id of the article that an id leads to: its own, or that of one of its other addresses."""
    found = await archive.value(KNOWN, {"id": name})
    return str(found) if found else None


async def article_at(archive: Archive, url: str) -> str:
    """Return the id of the article at an address, by what was captured and by the rules of outlets; else its own id.

    Raises ValueError for what is no address.
    """
    name = article_id(url)
    if found := await article_of(archive, name):
        return found
    for row in await archive.remembered(OUTLETS):
        outlet = Outlet.model_validate_json(row["settings"])
        if outlet.owns(url) and (found := await article_of(archive, identity(url, outlet, datetime.now(UTC).date()))):
            return found
    return name


async def addresses_of(archive: Archive, article: str) -> list[sqlite3.Row]:
    """Return the other addresses of an article, oldest first."""
    return await archive.rows(ALIASES, [article])


async def absences_of(archive: Archive, article: str) -> list[sqlite3.Row]:
    """Return the stretches in which an article was missing, oldest first."""
    return await archive.rows(ABSENCES, [article])


async def pages_of(archive: Archive, article: str) -> list[sqlite3.Row]:
    """Return the pages of an article that has several, in order, each with the capture that it was read from."""
    return await archive.rows(PAGES, [article])
