"""The search page: what was found, when and where it was published, and the ways to narrow, export and follow it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from datasette.utils.asgi import Request, Response

from browse import timeline
from browse.answers import page
from browse.archive import Archive
from browse.asking import ORDERS, STATES, read
from browse.finding import MOST, Found
from browse.folding import entries_of
from browse.host import Datasette
from browse.paging import turn
from browse.question import days
from browse.views import view

SIZE = 20
OUTLETS = "select id, name, kind from outlets where id in (select distinct outlet from articles) order by name"
REGIONS = """select r.code, r.name, p.name as parent from regions r left join regions p on p.code = r.parent
    where r.code in (select region from articles) or r.code in (select region from places) order by r.code"""
SCRIPTS = "select distinct script from articles order by script"
FLAGS = "select distinct j.value from articles a, json_each(a.flags) j where a.flags != '[]' order by 1 limit 50"


@view
async def search(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/search?q=…` with filters; a search that cannot be is answered 400 with what is wrong."""
    asked = read(request.args)
    after, folded = request.args.get("after") or "", request.args.get("copies") != "all"
    turned = await turn(archive, asked, cursor=after, size=SIZE, folded=folded)
    outlets = await archive.remembered(OUTLETS)
    regions = await archive.remembered(REGIONS)
    context: dict[str, Any] = {
        "search": asked,
        "found": turned.found,
        "page": turned,
        "entries": await entries_of(archive, turned.groups, asked.question.words),
        "first": not request.args.get("after"),
        "most": MOST,
        "bars": timeline.bars(_days(turned.found)),
        "timeline": timeline,
        "outlets": outlets,
        "kinds": sorted({row["kind"] for row in outlets}),
        "regions": regions,
        "scripts": [row[0] for row in await archive.remembered(SCRIPTS)],
        "flags": [row[0] for row in await archive.remembered(FLAGS)],
        "states": STATES,
        "orders": ORDERS,
        "by_outlet": _bars(turned.found.outlets, {row["id"]: row["name"] for row in outlets}),
        "by_region": _bars(turned.found.regions, {row["code"]: row["name"] for row in regions}),
        "dated": _dated(asked.q),
    }
    return await page(datasette, request, "search.html", context)


def _days(found: Found) -> dict[date, int]:
    published: dict[date, int] = {}
    for text, hits in found.days.items():
        try:
            published[date.fromisoformat(text)] = hits
        except ValueError:
            continue
    return published


def _bars(counts: Counter[str], names: dict[str, str], most: int = 10) -> list[dict[str, Any]]:
    """Return the largest counts with their names and their share of the largest (percent)."""
    largest: Iterable[tuple[str, int]] = counts.most_common(most)
    top = max(counts.values(), default=1)
    return [
        {"id": name, "name": names.get(name, name), "hits": hits, "share": round(100 * hits / top)}
        for name, hits in largest
    ]


def _dated(q: str) -> tuple[str, str] | None:
    """Return the span that a search's only date word names, so that the page can offer it as a filter."""
    spans = [span for word in q.split() if len(word) > 4 and (span := days(word))]
    return spans[0] if len(spans) == 1 else None
