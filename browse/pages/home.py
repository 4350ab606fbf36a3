"""The home page: what the archive holds, what is new, what was copied, what changed or vanished, what is missing."""

from datasette.utils.asgi import Request, Response

from browse.answers import page
from browse.archive import Archive, find_archive
from browse.asking import Search
from browse.entries import Entry, by_ids, entries
from browse.finding import find
from browse.folding import entries_of, fold
from browse.gaps import LATEST
from browse.host import Datasette
from browse.permission import ensure_readable

LOOKED_AT, SHOWN = 200, 12  # newest articles that are folded, entries that are shown
COUNTS = """select (select count(*) from articles) as articles,
    (select count(distinct outlet) from articles) as outlets, (select count(*) from captures) as captures,
    (select min(day) from articles where day is not null) as first_day, (select max(day) from articles) as last_day,
    (select count(distinct day) from articles) as days"""
CLUSTERS = """select cluster, count(*) as copies, max(case when is_original then article end) as original,
    min(article) as any_article
    from reprints group by cluster having copies > 1 order by copies desc, cluster limit 6"""
OUTLETS = """select o.id, o.name, o.kind, n.articles from outlets o join (
    select outlet, count(*) as articles from articles group by outlet) n on n.outlet = o.id
    order by n.articles desc, o.id limit 12"""


async def home(request: Request, datasette: Datasette) -> Response:
    """Answer `/`; Datasette's own index where it serves no archive."""
    archive = find_archive(datasette)
    if archive is None:
        from datasette.views.index import IndexView  # noqa: PLC0415  (see browse.host)

        request.scope["url_route"] = {"kwargs": {"format": None}}
        return await IndexView(datasette).get(request)
    await ensure_readable(datasette, request, archive)
    clusters = await archive.remembered(CLUSTERS)
    originals = await by_ids(archive, [row["original"] or row["any_article"] for row in clusters])
    context = {
        "counts": (await archive.remembered(COUNTS))[0],
        "newest": await _newest(archive),
        "clusters": [(row, originals.get(row["original"] or row["any_article"])) for row in clusters],
        "changed": await _latest(archive, "changed", "a.last_seen desc, a.key desc"),
        "gone": await _latest(archive, "gone", "a.gone_at desc, a.key desc"),
        "gaps": await archive.remembered(LATEST, [8]),
        "outlets": await archive.remembered(OUTLETS),
    }
    return await page(datasette, request, "home.html", context)


async def _newest(archive: Archive) -> list[Entry]:
    """Return the newest texts, the copies of one folded under its probable original."""
    found = await find(archive, Search(order="date"), most=LOOKED_AT)
    return await entries_of(archive, fold(found.hits)[:SHOWN], "")


async def _latest(archive: Archive, status: str, order: str) -> list[Entry]:
    return await entries(archive, "a.status = ?", [status], order=order, limit=6)
