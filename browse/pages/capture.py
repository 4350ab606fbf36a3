"""The raw capture of an article: the answer's headers, its bytes as a download, and a replay that can do nothing."""

import asyncio
import re
import sqlite3

from datasette.utils.asgi import Request, Response
from lxml import etree, html
from lxml_html_clean import Cleaner

from browse.answers import page, trouble
from browse.archive import Archive
from browse.captures import NotHere, Sealed, read
from browse.host import Datasette
from browse.pages.article import absent
from browse.policy import REPLAY
from browse.views import view

CLEANED = """select v.title, v.text, a.script from version_texts v join articles a on a.id = v.article
    where v.article = ? and v.seen_at <= ? order by v.n desc limit 1"""
CAPTURES = "select * from captures where page = ? and outcome != 'withdrawn' order by part, fetched_at desc, id"
PAGES = ("text/html", "application/xhtml+xml", "")
IMPORTED = "select file, software, imported_at, command from imports where warc_file = ? and url in ('', ?) order by n"
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)  # lxml refuses text that names its bytes
LARGEST_REPLAY = 5_000_000  # bytes
# the policy stops every script and request already; this takes them out of the page as well
CLEANER = Cleaner(
    scripts=True, javascript=True, comments=True, style=False, inline_style=False, links=True, meta=True,
    page_structure=False, processing_instructions=True, embedded=True, frames=True, forms=True, annoying_tags=True,
    safe_attrs_only=False, kill_tags=("img", "picture", "source", "video", "audio"),
)  # fmt: skip


@view
async def capture(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/article/ID/capture?capture=FILE:OFFSET`, without which the latest (of the first page) is shown."""
    rows = await archive.rows(CAPTURES, [request.url_vars["id"]])
    row = _chosen(request, rows)
    if row is None:
        return await absent(datasette, request, archive, request.url_vars["id"])
    problem, found = "", None
    try:
        found = await read(datasette, archive, row)
    except (NotHere, Sealed) as error:
        problem = str(error)
    replayable = found is not None and row["mime"] in PAGES and 0 < len(found.body) <= LARGEST_REPLAY
    context = {
        "id": request.url_vars["id"],
        "captures": rows,
        "row": row,
        "found": found,
        "problem": problem,
        "replayable": replayable,
        "cleaned": await archive.row(CLEANED, [row["article"], row["fetched_at"]]),
        "imported": await archive.row(IMPORTED, [row["warc_file"], row["url"]]),
    }
    return await page(datasette, request, "capture.html", context)


@view
async def raw(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/article/ID/capture/raw`: the bytes, as a download without a type of their own."""
    row = _chosen(request, await archive.rows(CAPTURES, [request.url_vars["id"]]))
    try:
        found = await read(datasette, archive, row) if row else None
    except (NotHere, Sealed) as error:
        return await _refused(datasette, request, error)
    if found is None:
        return await absent(datasette, request, archive, request.url_vars["id"])
    name = f"{request.url_vars['id']}-{found.sha256[:12]}.bin"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": REPLAY}
    return Response(found.body, headers=headers, content_type="application/octet-stream")


@view
async def replay(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/article/ID/capture/replay`: the page without scripts and requests, in no origin."""
    row = _chosen(request, await archive.rows(CAPTURES, [request.url_vars["id"]]))
    try:
        found = await read(datasette, archive, row) if row else None
    except (NotHere, Sealed) as error:
        return await _refused(datasette, request, error)
    if row is None or found is None or row["mime"] not in PAGES or len(found.body) > LARGEST_REPLAY:
        return await absent(datasette, request, archive, request.url_vars["id"])
    body = await asyncio.to_thread(_harmless, found.body, row["charset"] or "utf-8")
    headers = {"Content-Security-Policy": REPLAY, "X-DNS-Prefetch-Control": "off", "Cache-Control": "no-store"}
    return Response.html(body, headers=headers)


async def _refused(datasette: Datasette, request: Request, error: NotHere | Sealed) -> Response:
    sealed = isinstance(error, Sealed)
    title = "This capture is sealed" if sealed else "The capture is not here"
    return await trouble(datasette, request, status=403 if sealed else 404, title=title, detail=str(error))


def _chosen(request: Request, rows: list[sqlite3.Row]) -> sqlite3.Row | None:
    wanted = request.args.get("capture")
    return next((row for row in rows if wanted in {None, row["id"]}), None)


def _harmless(body: bytes, charset: str) -> str:
    try:
        text = body.decode(charset, "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    try:
        tree = html.document_fromstring(DECLARATION.sub("", text))
    except (etree.LxmlError, ValueError):
        return '<!DOCTYPE html><meta charset="utf-8"><p>This page cannot be shown; download its bytes instead.'
    CLEANER(tree)
    for link in tree.iter("a", "area"):
        link.set("title", link.attrib.pop("href", ""))  # a link would lead out of the archive
    return f'<!DOCTYPE html><meta charset="utf-8">{html.tostring(tree, encoding="unicode")}'
