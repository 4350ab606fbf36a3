"""The page that lays two versions of an article side by side."""

from datasette.utils.asgi import Request, Response

from browse.answers import page
from browse.archive import Archive
from browse.asking import BadSearch
from browse.host import Datasette
from browse.pages.article import absent
from browse.views import view
from pipelines.edits.classes import edits_between
from pipelines.edits.compare import compare

VERSIONS = """select v.n, v.seen_at, v.last_seen, v.title, v.text, v.capture from version_texts v
    where v.article = ? order by v.n"""
ARTICLE = """select a.id, a.title, a.script, a.outlet, o.name as outlet_name from articles a
    left join outlets o on o.id = a.outlet where a.id = ?"""


@view
async def versions(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/article/ID/versions?old=1&new=2`; without them the last two."""
    article = await archive.row(ARTICLE, [request.url_vars["id"]])
    if article is None:
        return await absent(datasette, request, archive, request.url_vars["id"])
    rows = {row["n"]: row for row in await archive.rows(VERSIONS, [article["id"]])}
    last = max(rows, default=1)
    new = rows.get(_number(request, "new", last))
    old = rows.get(_number(request, "old", max(last - 1, 1)))
    if new is None or old is None:
        raise BadSearch(f"There are versions 1 to {last} of this article.")
    context = {
        "article": article,
        "versions": list(rows.values()),
        "old": old,
        "new": new,
        "titles": compare(old["title"] or "", new["title"] or ""),
        "pairs": compare(old["text"], new["text"]),
        "edits": edits_between((old["title"], old["text"]), (new["title"], new["text"])),
    }
    return await page(datasette, request, "versions.html", context)


def _number(request: Request, name: str, usual: int) -> int:
    given = request.args.get(name)
    if given is None:
        return usual
    if not (given.isascii() and given.isdigit()):
        raise BadSearch(f"{name} is {given[:40]!r}; it must be the number of a version.")
    return int(given[:9])
