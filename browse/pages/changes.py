"""The page of what changed, vanished or returned, newest first."""

from datasette.utils.asgi import Request, Response

from browse.answers import page
from browse.archive import Archive
from browse.asking import BadSearch
from browse.entries import by_ids
from browse.events import EDITS, UPHEAVALS, newest
from browse.host import Datasette
from browse.views import view

SIZE = 50
TOLD = ("changed", "gone", "back")


@view
async def changes(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/changes?kind=gone`, or changed, or back; `edit=figure` tells such edits alone; `page` counts from 1."""
    kind, number = request.args.get("kind") or "", request.args.get("page") or "1"
    edit = request.args.get("edit") or ""
    if kind not in {"", *TOLD}:
        raise BadSearch(f"kind is {kind[:40]!r}; it can be {', '.join(TOLD)}.")
    if edit not in {"", *EDITS}:
        raise BadSearch(f"edit is {edit[:40]!r}; it can be {', '.join(EDITS)}.")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= 1_000_000):
        raise BadSearch(f"page is {number[:40]!r}; it must be a number from 1.")
    events = await newest(archive, kind=kind, edit=edit, most=SIZE + 1, skip=(int(number) - 1) * SIZE)
    known = await by_ids(archive, {event.article for event in events[:SIZE]})
    context = {
        "events": [(event, known[event.article]) for event in events[:SIZE]],
        "kind": kind,
        "edit": edit,
        "edits": EDITS,
        "kinds": TOLD,
        "upheavals": await archive.rows(UPHEAVALS, {"outlet": ""}),
        "number": int(number),
        "more": len(events) > SIZE,
    }
    return await page(datasette, request, "changes.html", context)
