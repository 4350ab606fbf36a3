"""The search page: what was found, when and where it was published, and the ways to narrow, export and follow it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from datasette.utils.asgi import Request, Response

from browse import timeline
from browse.answers import page
from browse.archive import Archive
from browse.asking import ORDERS, STATES, Search, read
from browse.captures import folder_of
from browse.divisions import Divisions, divisions
from browse.exports import FORMS
from browse.finding import Found
from browse.folding import entries_of
from browse.host import Datasette
from browse.paging import turn
from browse.question import days
from browse.views import view

SIZE = 20
OUTLETS = "select id, name, kind from outlets where id in (select distinct outlet from articles) order by name"
FEW_REGIONS = 200  # regions to choose among; beyond it the counties are left to the pages of their prefectures
SCRIPTS = "select distinct script from articles order by script"
FLAGS = "select distinct j.value from articles a, json_each(a.flags) j where a.flags != '[]' order by 1 limit 50"


@view
async def search(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/search?q=…` with filters; a search that cannot be is answered 400 with what is wrong."""
    asked = read(request.args)
    after, folded = request.args.get("after") or "", request.args.get("copies") != "all"
    turned = await turn(archive, asked, cursor=after, size=SIZE, folded=folded)
    outlets = await archive.remembered(OUTLETS)
    tree = await divisions(archive)
    context: dict[str, Any] = {
        "search": asked,
        "found": turned.found,
        "page": turned,
        "entries": await entries_of(archive, turned.groups, asked.question.words),
        "first": not request.args.get("after"),
        "bars": timeline.bars(_days(turned.found)),
        "timeline": timeline,
        "outlets": outlets,
        "kinds": sorted({row["kind"] for row in outlets}),
        "regions": _choice(tree, asked.region),
        "scripts": [row[0] for row in await archive.remembered(SCRIPTS)],
        "flags": [row[0] for row in await archive.remembered(FLAGS)],
        "states": STATES,
        "orders": ORDERS,
        "by_outlet": _bars(turned.found.outlets, {row["id"]: row["name"] for row in outlets}),
        "by_region": _bars(turned.found.regions, {one.code: one.name for one in tree.within(None)}),
        "dated": _dated(asked),
        "forms": (*FORMS, *(["wacz"] if folder_of(datasette, archive) else [])),
    }
    return await page(datasette, request, "search.html", context)


def _choice(tree: Divisions, chosen: str) -> list[tuple[str, str]]:
    """Return the regions to filter by, each with what it lies in before it."""
    shown = sorted((one for one in tree.within(None) if one.total), key=lambda one: one.code)
    if len(shown) > FEW_REGIONS:
        shown = [one for one in shown if one.row["level"] != "county" or one.code == chosen]
    return [(one.code, " ".join(part.name for part in (*tree.above(one.code)[-1:], one))) for one in shown]


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


def _dated(asked: Search) -> list[tuple[str, str, str, str]]:
    """Return each date that was typed among the words: first day, last day, the word, the search for it as text."""
    return [
        (*span, condition.value, asked.link(q=asked.q.replace(condition.value, f'"{condition.value}"')))
        for condition in asked.question.conditions
        if condition.bare and (span := days(condition.value))
    ]
