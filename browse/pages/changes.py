"""The page of what changed or vanished, newest first."""

from datasette.utils.asgi import Request, Response

from browse.answers import page
from browse.archive import Archive
from browse.asking import BadSearch
from browse.entries import by_ids
from browse.events import newest
from browse.host import Datasette
from browse.views import view

SIZE = 50


@view
async def changes(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/changes?kind=gone`, or changed, or both; `page` counts from 1."""
    kind, number = request.args.get("kind") or "", request.args.get("page") or "1"
    if kind not in {"", "changed", "gone"}:
        raise BadSearch(f"kind is {kind[:40]!r}; it can be changed or gone.")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= 1_000_000):
        raise BadSearch(f"page is {number[:40]!r}; it must be a number from 1.")
    events = await newest(archive, kind=kind, most=SIZE + 1, skip=(int(number) - 1) * SIZE)
    known = await by_ids(archive, {event.article for event in events[:SIZE]})
    context = {
        "events": [(event, known[event.article]) for event in events[:SIZE]],
        "kind": kind,
        "number": int(number),
        "more": len(events) > SIZE,
    }
    return await page(datasette, request, "changes.html", context)
