"""Answer for one article by id or by address: the article, its versions, its cluster."""

from datasette.utils.asgi import Request, Response

from browse.addresses import absences_of, addresses_of, article_at, article_of, pages_of
from browse.answers import document, link
from browse.api.answers import BadRequest, Missing, Withdrawn, address
from browse.api.shapes import plain, whole
from browse.archive import Archive
from browse.display import mapped
from browse.host import Datasette

ARTICLE = "select * from articles where id = ?"
REFUSED = "select outcome from captures where page = ? order by fetched_at desc limit 1"
REPAIRS = "select n, part, rule, before, after, count, offsets, certain from repairs where article = ? order by n"
TRIMMED = "select n, rule, line from trimmed where article = ? order by n"
PLACES = """select p.n, p.region, r.name, p.score, p.evidence from places p join regions r on r.code = p.region
    where p.article = ? order by p.n"""
BOX = "select number, index_number, issuer, dated, released, topic, validity from documents where article = ?"
ATTACHMENTS = """select n, name, url, capture, format, pages, chars, cut, unread, text from attachment_texts
    where article = ? order by n"""
CAPTURE = "select * from captures where id = ?"
VERSIONS = """select n, seen_at, last_seen, sha256, capture, changed, title, text from version_texts
    where article = ? order by n"""
EDITS = "select n, kind, before, after from edits where article = ? order by n, place"
ORIGINS = "select rule, url from origins where article = ? and url is not null order by n"
CLUSTER = """select p.article, p.similarity, p.is_original, p.taken_from, p.evidence, a.title, a.url, a.outlet,
    a.published_at, a.published_local, a.source, a.status from reprints p join articles a on a.id = p.article
    where p.cluster = ? order by p.is_original desc, a.key"""


@address
async def article(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/api/article/ID`: everything that is known of an article."""
    name = request.url_vars["id"]
    return await _article(request, datasette, archive, await article_of(archive, name) or name)


@address
async def by_url(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/api/article?url=ADDRESS`: the article of any of its addresses, however that is written."""
    url = (request.args.get("url") or "").strip()
    if not url:
        raise BadRequest("url is missing; it must be the address of an article.")
    try:
        name = await article_at(archive, url)
    except ValueError:
        raise BadRequest(f"url is {url[:80]!r}; it must be the address of an article.") from None
    return await _article(request, datasette, archive, name)


async def _article(request: Request, datasette: Datasette, archive: Archive, name: str) -> Response:
    row = await archive.row(ARTICLE, [name])
    if row is None:
        raise await _missing(archive, name)
    box = await archive.row(BOX, [name])
    capture = await archive.row(CAPTURE, [row["capture"]])
    shaped = {
        **whole(row, lambda path: link(datasette, request, path)),
        "capture": plain(capture, "charset_evidence") if capture else None,
        "document": plain(box) if box else None,
        "attachments": [plain(file) for file in await archive.rows(ATTACHMENTS, [name])],
        "places": [plain(place, "evidence") for place in await archive.rows(PLACES, [name])],
        "repair_log": [plain(repair, "offsets") for repair in await archive.rows(REPAIRS, [name])],
        "aliases": [plain(alias) for alias in await addresses_of(archive, name)],
        "absences": [plain(absence) for absence in await absences_of(archive, name)],
        "pages": [plain(page) for page in await pages_of(archive, name)],
        "trimmed": [plain(line) for line in await archive.rows(TRIMMED, [name])],
        "origins": [plain(one) for one in await archive.rows(ORIGINS, [name])],
    }
    return document(request, {"ok": True, "article": shaped})


@address
async def versions(request: Request, datasette: Datasette, archive: Archive) -> Response:  # noqa: ARG001
    """Answer `/api/article/ID/versions`: every version with its text, oldest first."""
    name = await article_of(archive, request.url_vars["id"]) or request.url_vars["id"]
    rows = await archive.rows(VERSIONS, [name])
    if not rows:
        raise await _missing(archive, name)
    edits = await archive.rows(EDITS, [name])
    told = [{**plain(row), "edits": [plain(edit) for edit in edits if edit["n"] == row["n"]]} for row in rows]
    return document(request, {"ok": True, "article": name, "versions": told})


@address
async def cluster(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/api/cluster/ID`: every copy of a text, the probable original first, with what speaks for it."""
    rows = await archive.rows(CLUSTER, [request.url_vars["id"]])
    if not rows:
        raise Missing(f"No cluster has the id {request.url_vars['id'][:40]!r}.")
    copies = [
        {
            **plain(row),
            "is_original": bool(row["is_original"]),
            "evidence": mapped(row["evidence"]),
            "address": link(datasette, request, f"/api/article/{row['article']}"),
        }
        for row in rows
    ]
    return document(request, {"ok": True, "cluster": request.url_vars["id"], "copies": copies})


async def _missing(archive: Archive, name: str) -> Exception:
    outcome = await archive.value(REFUSED, [name])
    if outcome == "withdrawn":
        return Withdrawn("The article was withdrawn.")
    if outcome is not None:
        return Missing(f"The address of {name[:40]!r} was fetched and is not an article ({outcome}).")
    return Missing(f"No article has the id {name[:40]!r}.")
