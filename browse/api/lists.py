"""Answer lists: search, changes since a cursor, outlets, coverage; each leads on by a cursor until its end."""

from datasette.utils.asgi import Request, Response

from browse import cursors
from browse.answers import document, link
from browse.api.answers import BadRequest, Missing, address, size_of
from browse.api.shapes import brief, plain
from browse.archive import Archive
from browse.asking import read
from browse.entries import by_ids
from browse.events import EDITS, KINDS, START, UPHEAVALS, after
from browse.folding import entries_of
from browse.host import Datasette
from browse.paging import turn
from browse.question import days
from browse.templating import address as path_of

# each part is read along an index of its own; what saw an article is a look that found it new or unchanged
OUTLETS = """select o.id, o.name, o.home, o.kind, o.region, o.script, o.timezone, o.checked, o.note,
    coalesce(n.articles, 0) as articles, n.first_day, n.last_day, l.last_seen
    from outlets o left join (select outlet, count(*) as articles, min(day) as first_day, max(day) as last_day
        from articles where :id = '' or outlet = :id group by outlet) n on n.outlet = o.id
    left join (select outlet, max(last) as last_seen from (
        select outlet, max(fetched_at) as last from captures where outcome in ('article', 'seen')
        group by outcome, outlet) group by outlet) l on l.outlet = o.id
    where :id = '' or o.id = :id order by o.id"""
CONDUCT = "select acts_as, why, articles, copies, renamed, damaged, hijacked from conduct where site = ?"
COVERAGE = """select outlet, day, expected, obtained from coverage
    where (:outlet = '' or outlet = :outlet) and day between :since and :until and (day, outlet) > (:day, :after)
    order by day, outlet limit :most"""


@address
async def search(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/api/search`: what the search page finds; `total` is null where counting takes too long."""
    asked, size = read(request.args), size_of(request)
    copies = request.args.get("copies") or "all"
    if copies not in {"all", "fold"}:
        raise BadRequest(f"copies is {copies[:40]!r}; it can be all or fold.")
    page = await turn(archive, asked, cursor=request.args.get("cursor") or "", size=size, folded=copies == "fold")
    shown = await entries_of(archive, page.groups, asked.question.words)
    first = not request.args.get("cursor")
    following = asked.link("/api/search", size=size, copies=copies, cursor=page.following) if page.following else None
    return _listing(
        request,
        datasette,
        following,
        total=page.found.total,
        ranked=page.found.ranked,
        headed=page.found.headed,
        capped=page.found.capped,
        problem=page.found.problem,
        conditions=[str(condition) for condition in asked.question.conditions],
        by_region=dict(page.found.regions.most_common()) if first else None,
        by_outlet=dict(page.found.outlets.most_common()) if first else None,
        articles=[
            {**brief(item, lambda path: link(datasette, request, path)), "copies": [copy.id for copy in item.copies]}
            for item in shown
        ],
    )


@address
async def changes(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/api/changes?cursor=…`: what happened to articles, oldest first; `cursor` is for the next time."""
    size, cursor = size_of(request), request.args.get("cursor") or ""
    kind, outlet = request.args.get("kind") or "", request.args.get("outlet") or ""
    if kind and kind not in KINDS:
        raise BadRequest(f"kind is {kind[:40]!r}; it can be {', '.join(KINDS)}.")
    edit = request.args.get("edit") or ""
    if edit and edit not in EDITS:
        raise BadRequest(f"edit is {edit[:40]!r}; it can be {', '.join(EDITS)}.")
    place = START
    if cursor:
        at, article, n = (*cursors.read("changes", cursor), "", "", 0)[:3]
        place = (str(at), str(article), int(n) if isinstance(n, int | float) else 0)
    found = await after(archive, place, outlet=outlet, kind=kind, edit=edit, most=size + 1)
    shown, more = found[:size], len(found) > size
    known = await by_ids(archive, [event.article for event in shown])
    onward = cursors.write("changes", shown[-1].at, shown[-1].article, shown[-1].n) if shown else cursor or None
    following = (
        path_of("/api/changes", {"cursor": onward, "kind": kind, "edit": edit, "outlet": outlet, "size": size})
        if more
        else None
    )
    return _listing(
        request,
        datasette,
        following,
        cursor=onward,
        changes=[
            {
                "at": event.at,
                "kind": event.kind,
                "version": event.n or None,
                "article": (
                    {"id": event.article}
                    if event.kind == "withdrawn"
                    else brief(known[event.article], lambda path: link(datasette, request, path))
                ),
            }
            for event in shown
        ],
    )


@address
async def outlets(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/api/outlets` with every outlet; there is one answer, since outlets are few."""
    rows = await archive.rows(OUTLETS, {"id": ""})
    return _listing(request, datasette, None, outlets=[plain(row) for row in rows])


@address
async def outlet(request: Request, datasette: Datasette, archive: Archive) -> Response:  # noqa: ARG001
    """Answer `/api/outlet/ID`."""
    row = await archive.row(OUTLETS, {"id": request.url_vars["id"]})
    if row is None:
        raise Missing(f"No outlet has the id {request.url_vars['id'][:40]!r}.")
    conduct = await archive.row(CONDUCT, [row["id"]])
    upheavals = await archive.rows(UPHEAVALS, {"outlet": row["id"]})
    told = {"conduct": plain(conduct) if conduct else None, "upheavals": [plain(one) for one in upheavals]}
    return document(request, {"ok": True, "outlet": {**plain(row), **told}})


@address
async def coverage(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/api/coverage?outlet=…&since=…&until=…`: expected and obtained articles by day and outlet."""
    size, cursor = size_of(request), request.args.get("cursor") or ""
    span = {}
    for name, usual in (("since", "0001-01-01"), ("until", "9999-12-31")):
        given = request.args.get(name) or usual
        if days(given) is None or len(given) != len(usual):
            raise BadRequest(f"{name} is {given[:40]!r}; it must be a day such as 2022-03-01.")
        span[name] = given
    day, name = [str(part) for part in cursors.read("coverage", cursor)][:2] if cursor else ("", "")
    outlet_asked = request.args.get("outlet") or ""
    params = {**span, "outlet": outlet_asked, "day": day, "after": name, "most": size + 1}
    rows = await archive.rows(COVERAGE, params)
    shown = rows[:size]
    onward = cursors.write("coverage", shown[-1]["day"], shown[-1]["outlet"]) if len(rows) > size else None
    asked = {"outlet": outlet_asked, "since": request.args.get("since"), "until": request.args.get("until")}
    following = path_of("/api/coverage", {**asked, "size": size, "cursor": onward}) if onward else None
    return _listing(request, datasette, following, days=[plain(row) for row in shown])


def _listing(request: Request, datasette: Datasette, following: str | None, **content: object) -> Response:
    """Return a list with the address of what follows, in the body and as a Link header."""
    onward = link(datasette, request, following) if following else None
    return document(request, {"ok": True, **content, "next": onward}, links={"next": onward} if onward else None)
