"""The map of regions, and the page of one: how much there is about it and its parts, from whom, and the newest."""

import json

from datasette.utils.asgi import Request, Response

from browse import dotmap
from browse.answers import page, trouble
from browse.archive import Archive
from browse.display import listed
from browse.divisions import Division, Divisions, divisions
from browse.entries import entries
from browse.host import Datasette
from browse.views import view

MANY = 5_000  # articles of a region beyond which the newest are found sooner by going through all articles from the end
NEWEST = 12
LISTED = " in (select value from json_each(?))"
OUTLETS = """select o.id, o.name, o.kind, o.region, n.articles from outlets o join (
    select outlet, count(*) as articles from articles group by outlet) n on n.outlet = o.id
    where o.region in (select value from json_each(?)) order by n.articles desc, o.id limit 30"""


@view
async def regions(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/regions`: every province or what else stands topmost, and the map of all prefectures."""
    tree = await divisions(archive)
    top = [part for part in tree.parts(None) if part.total]
    spots = [spot for part in tree.parts(None) for one in _spread(tree, part) for spot in one.spots()]
    context = {
        "bars": _bars(top),
        "map": dotmap.draw(spots, [spot for spot in spots if not spot.articles]),
        "below": [(part, _bars([one for one in tree.parts(part.code) if one.total])) for part in top],
        "articles": sum(part.total for part in top),
    }
    return await page(datasette, request, "regions.html", context)


@view
async def region(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/region/CODE`."""
    tree, code = await divisions(archive), request.url_vars["code"]
    here = tree.get(code)
    if here is None:
        return await trouble(
            datasette,
            request,
            status=404,
            title="No region has this code",
            detail=f"{code[:80]} is no code of GB/T 2260 that this archive knows.",
            advice="The list of regions has all of them.",
        )
    inside = tree.within(code)
    codes = json.dumps([code, *(one.code for one in inside)])
    column = "+a.region" if here.total > MANY else "a.region"  # the plus keeps SQLite from the index
    ground = [spot for one in inside if not one.total for spot in one.spots()]
    context = {
        "division": here,
        "above": tree.above(code),
        "former": listed(here.row["former"]),
        "bars": _bars([part for part in tree.parts(code) if part.total]),
        "quiet": [part for part in tree.parts(code) if not part.total and part.row["until"] is None],
        "map": dotmap.draw([spot for part in tree.parts(code) for spot in part.spots()], ground),
        "outlets": await archive.remembered(OUTLETS, [codes]),
        "newest": await entries(archive, column + LISTED, [codes], limit=NEWEST),
    }
    return await page(datasette, request, "region.html", context)


def _spread(tree: Divisions, top: Division) -> list[Division]:
    """Return what a topmost division is drawn as: its prefectures, itself where it has none (Beijing)."""
    parts = [part for part in tree.parts(top.code) if part.row["level"] == "prefecture"]
    return parts or [top]


def _bars(shown: list[Division]) -> list[tuple[Division, int]]:
    """Return each division with its share of the largest (percent)."""
    most = max((one.total for one in shown), default=1) or 1
    return [(one, round(100 * one.total / most)) for one in shown]
