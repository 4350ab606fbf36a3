"""The page of coverage: every outlet's year, day by day, so that a silent gap is seen."""

from collections import defaultdict

from datasette.utils.asgi import Request, Response

from browse import calendar
from browse.answers import page
from browse.archive import Archive
from browse.host import Datasette
from browse.views import view

YEARS = "select distinct substr(day, 1, 4) as year from coverage order by 1 desc limit 40"
DAYS = """select c.outlet, c.day, c.expected, c.obtained from coverage c
    where c.day between ? and ? order by c.outlet, c.day"""
OUTLETS = "select id, name from outlets"
GAPS = """select c.outlet, o.name, c.day, c.expected, c.obtained from coverage c left join outlets o on o.id = c.outlet
    where c.obtained < c.expected order by c.day desc, c.outlet limit 60"""
MOST = 60  # calendars on one page


@view
async def coverage(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/coverage?year=2026`."""
    years = [row["year"] for row in await archive.rows(YEARS)]
    year = request.args.get("year")
    year = year if year in years else next(iter(years), "")
    days: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in await archive.rows(DAYS, [f"{year}-01-01", f"{year}-12-31"]) if year else []:
        days[row["outlet"]][row["day"]] = (row["expected"], row["obtained"])
    names = {row["id"]: row["name"] for row in await archive.rows(OUTLETS)}
    context = {
        "years": years,
        "year": year,
        "outlets": [
            (name, names.get(name, name), calendar.year(int(year), days[name])) for name in sorted(days)[:MOST]
        ],
        "left_out": max(len(days) - MOST, 0),
        "gaps": await archive.rows(GAPS),
    }
    return await page(datasette, request, "coverage.html", context)
