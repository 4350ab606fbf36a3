"""The page of coverage: every outlet's year, day by day, so that a silent gap is seen."""

import json
from collections import defaultdict

from datasette.utils.asgi import Request, Response

from browse import calendar
from browse.answers import page
from browse.archive import Archive
from browse.gaps import EXPECTED, LATEST
from browse.host import Datasette
from browse.views import view

YEARS = "select distinct substr(day, 1, 4) as year from coverage order by 1 desc limit 40"
COVERED = "select distinct outlet from coverage where day between ? and ? order by outlet"
DAYS = f"""select c.outlet, c.day, {EXPECTED}, c.obtained from coverage c
    where c.day between ? and ? and c.outlet in (select value from json_each(?)) order by c.outlet, c.day"""  # noqa: S608  (all ours)
OUTLETS = "select id, name from outlets"
MOST = 20  # calendars on one page


@view
async def coverage(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/coverage?year=2026&after=OUTLET`."""
    years = [row["year"] for row in await archive.remembered(YEARS)]
    year = request.args.get("year")
    year = year if year in years else next(iter(years), "")
    span, after = [f"{year}-01-01", f"{year}-12-31"], request.args.get("after") or ""
    covered = [row["outlet"] for row in (await archive.remembered(COVERED, span) if year else []) if row[0] > after]
    shown = covered[:MOST]
    days: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in await archive.rows(DAYS, [*span, json.dumps(shown)]):
        days[row["outlet"]][row["day"]] = (row["expected"], row["obtained"])
    names = {row["id"]: row["name"] for row in await archive.rows(OUTLETS)}
    context = {
        "years": years,
        "year": year,
        "outlets": [(name, names.get(name, name), calendar.year(int(year), days[name])) for name in shown],
        "following": shown[-1] if len(covered) > MOST else None,
        "gaps": await archive.remembered(LATEST, [60]),
    }
    return await page(datasette, request, "coverage.html", context)
