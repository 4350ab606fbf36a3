"""Read the articles of a list: what one line of home, search results, an outlet or a cluster shows of each."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from browse.archive import Archive
from browse.display import listed, short, when

COLUMNS = """a.id, a.key, a.url, a.title, a.outlet, o.name as outlet_name, o.kind, a.day, a.published_at,
    a.published_local, a.date_precision, a.source, a.region, r.name as region_name, a.status, a.flags, a.cluster,
    a.lead, a.script, a.first_seen, substr(a.text, 1, 160) as opening"""
TABLES = "articles a left join outlets o on o.id = a.outlet left join regions r on r.code = a.region"


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a list. `headline` and `snippet` are as shown, marked where a search found them.

    `found_in` names the file that the snippet is of, where words stand there alone; it is None for the article's text.
    `copies` are other entries that have its text.
    """

    id: str
    key: int
    title: str
    url: str
    outlet: str | None
    outlet_name: str
    kind: str | None
    published: str
    published_at: str | None
    published_local: str | None
    day: str | None
    source: str | None
    region: str | None
    region_name: str | None
    status: str
    first_seen: str
    flags: tuple[str, ...]
    cluster: str | None
    script: str
    snippet: Markup | str
    headline: Markup | str
    found_in: str | None = None
    copies: tuple["Entry", ...] = field(default=())
    copies_count: int = 0


def entry(row: sqlite3.Row) -> Entry:
    """Return a row of COLUMNS as an entry; its snippet is the summary, else the opening of the text."""
    return Entry(
        id=row["id"],
        key=row["key"],
        title=row["title"] or "",
        url=row["url"],
        outlet=row["outlet"],
        outlet_name=row["outlet_name"] or row["outlet"] or "",
        kind=row["kind"],
        published=when(row["published_local"], row["date_precision"]),
        published_at=row["published_at"],
        published_local=row["published_local"],
        day=row["day"],
        source=row["source"],
        region=row["region"],
        region_name=row["region_name"],
        status=row["status"],
        first_seen=row["first_seen"],
        flags=tuple(str(flag) for flag in listed(row["flags"])),
        cluster=row["cluster"],
        script=row["script"],
        snippet=short(row["lead"] or row["opening"]),
        headline=short(row["title"], 140),
    )


async def entries(
    archive: Archive,
    where: str,
    params: Mapping[str, Any] | Sequence[Any] = (),
    *,
    order: str = "a.key desc",
    limit: int,
) -> list[Entry]:
    """Return the articles that a condition (SQL of ours, never of the reader) holds for."""
    sql = f"select {COLUMNS} from {TABLES} where {where} order by {order} limit {int(limit)}"  # noqa: S608  (all ours)
    return [entry(row) for row in await archive.rows(sql, params)]


async def by_ids(archive: Archive, ids: Iterable[str]) -> dict[str, Entry]:
    """Return articles by their ids; unknown ones are absent."""
    wanted = list(ids)
    if not wanted:
        return {}
    marks = ",".join("?" * len(wanted))
    found = await entries(archive, f"a.id in ({marks})", wanted, limit=len(wanted))
    return {item.id: item for item in found}
