"""The list of reprint clusters, and the page of one: who copied whom, and what speaks for the original."""

from datasette.utils.asgi import Request, Response

from browse import cursors
from browse.answers import page, trouble
from browse.archive import Archive
from browse.display import mapped
from browse.entries import by_ids
from browse.host import Datasette
from browse.views import view

SIZE = 30
LIST = """select cluster, count(*) as copies, max(case when is_original then article end) as original,
    min(article) as any_article from reprints group by cluster having copies > 1 and (-copies, cluster) > (?, ?)
    order by copies desc, cluster limit ?"""
ONE = """select p.article, p.similarity, p.is_original, p.taken_from, p.evidence from reprints p
    join articles a on a.id = p.article where p.cluster = ? order by a.key"""


@view
async def clusters(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/clusters`, most copied first."""
    after = request.args.get("after")
    place = cursors.read("clusters", after)[:2] if after else (-(2**62), "")
    rows = await archive.rows(LIST, [*place, SIZE + 1])
    originals = await by_ids(archive, [row["original"] or row["any_article"] for row in rows[:SIZE]])
    following = None
    if len(rows) > SIZE:
        following = cursors.write("clusters", -rows[SIZE - 1]["copies"], rows[SIZE - 1]["cluster"])
    shown = [(row, originals.get(row["original"] or row["any_article"])) for row in rows[:SIZE]]
    return await page(datasette, request, "clusters.html", {"clusters": shown, "following": following})


@view
async def cluster(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/cluster/ID`: the copies in order of their printed time."""
    name = request.url_vars["id"]
    rows = await archive.rows(ONE, [name])
    if not rows:
        return await trouble(
            datasette,
            request,
            status=404,
            title="No cluster has this id",
            detail=f"{name[:80]} is not a cluster of copies in this archive.",
            advice="A cluster ends when only one copy is left.",
        )
    known = await by_ids(archive, [row["article"] for row in rows])
    copies = [(row, known[row["article"]], mapped(row["evidence"])) for row in rows if row["article"] in known]
    original = next((copy for copy in copies if copy[0]["is_original"]), None)
    names = {name: item.outlet_name or item.title for name, item in known.items()}
    context = {"cluster": name, "copies": copies, "original": original, "names": names}
    return await page(datasette, request, "cluster.html", context)
