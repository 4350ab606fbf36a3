"""The list of outlets, and the page of one: its articles, its days, what vanished from it."""

from datetime import date

from datasette.utils.asgi import Request, Response

from browse import calendar
from browse.answers import page, trouble
from browse.archive import Archive
from browse.display import listed
from browse.entries import entries
from browse.events import UPHEAVALS
from browse.gaps import EXPECTED
from browse.host import Datasette
from browse.views import view

# each part is counted along an index of its own
LIST = """select o.id, o.name, o.kind, o.region, r.name as region_name, coalesce(n.articles, 0) as articles,
    n.first_day, n.last_day, c.articles as changed, g.articles as gone
    from outlets o left join regions r on r.code = o.region
    left join (select outlet, count(*) as articles, min(day) as first_day, max(day) as last_day
        from articles group by outlet) n on n.outlet = o.id
    left join (select outlet, count(*) as articles from articles where status = 'changed' group by outlet) c
        on c.outlet = o.id
    left join (select outlet, count(*) as articles from articles where status = 'gone' group by outlet) g
        on g.outlet = o.id
    order by articles desc, o.id"""
ONE = "select o.*, r.name as region_name from outlets o left join regions r on r.code = o.region where o.id = ?"
COUNTS = """select count(*) as articles, min(day) as first_day, max(day) as last_day,
    sum(status = 'changed') as changed, sum(status = 'gone') as gone, sum(cluster is not null) as copied
    from articles where outlet = ?"""
DAYS = f"""select c.day, {EXPECTED}, c.obtained from coverage c
    where c.outlet = ? and c.day like ? order by c.day"""  # noqa: S608  (all ours)
YEARS = "select distinct substr(day, 1, 4) as year from coverage where outlet = ? order by 1 desc limit 40"
SOURCES = """select source, count(*) as articles from articles where outlet = ? and source is not null
    group by source order by articles desc, source limit 12"""
SECTIONS = """select section, count(*) as articles from articles where outlet = ? and section is not null
    group by section order by articles desc, section limit 12"""
CONDUCT = "select acts_as, articles, copies, renamed, damaged, hijacked from conduct where site = ? and copies > 0"
LOOKS = """select outcome, count(*) as captures, max(fetched_at) as last from captures where outlet = ?
    group by outcome order by captures desc"""


@view
async def outlets(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/outlets`."""
    return await page(datasette, request, "outlets.html", {"outlets": await archive.remembered(LIST)})


@view
async def outlet(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/outlet/ID?year=2026`."""
    row = await archive.row(ONE, [request.url_vars["id"]])
    if row is None:
        name = request.url_vars["id"]
        return await trouble(
            datasette,
            request,
            status=404,
            title="No outlet has this name",
            detail=f"{name[:80]} is not an outlet of this archive.",
            advice="The list of outlets has all of them.",
        )
    years = [found["year"] for found in await archive.rows(YEARS, [row["id"]])]
    year = request.args.get("year")
    year = year if year in years else (years[0] if years else str(date.today().year))  # noqa: DTZ011  (an empty calendar)
    days = await archive.rows(DAYS, [row["id"], f"{year}-%"])
    context = {
        "outlet": row,
        "aliases": listed(row["aliases"]),
        "counts": await archive.row(COUNTS, [row["id"]]),
        "year": year,
        "years": years,
        "calendar": calendar.year(int(year), {day["day"]: (day["expected"], day["obtained"]) for day in days}),
        "gaps": [day for day in days if day["obtained"] < day["expected"]][::-1][:20],
        "newest": await entries(archive, "a.outlet = ?", [row["id"]], limit=15),
        "gone": await entries(
            archive, "a.outlet = ? and a.status = 'gone'", [row["id"]], order="a.gone_at desc", limit=15
        ),
        "sources": await archive.rows(SOURCES, [row["id"]]),
        "sections": await archive.rows(SECTIONS, [row["id"]]),
        "looks": await archive.rows(LOOKS, [row["id"]]),
        "conduct": await archive.row(CONDUCT, [row["id"]]),
        "upheavals": await archive.rows(UPHEAVALS, {"outlet": row["id"]}),
    }
    return await page(datasette, request, "outlet.html", context)
