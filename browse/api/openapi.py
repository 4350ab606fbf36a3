"""Describe the API to tools: the OpenAPI document, made from the very table that the addresses are described by."""

from collections.abc import Mapping
from typing import Any

from datasette.utils.asgi import Request, Response

from browse.answers import document, page
from browse.api.answers import MOST, USUAL, address
from browse.archive import Archive
from browse.asking import LONGEST, ORDERS, STATES
from browse.events import EDITS, KINDS
from browse.host import Datasette
from browse.views import view

TEXT: dict[str, Any] = {"type": "string"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
NUMBER: dict[str, Any] = {"type": "integer"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
COUNTS: dict[str, Any] = {"type": ["object", "null"], "additionalProperties": NUMBER}
DAY: dict[str, Any] = {"type": "string", "format": "date"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


BRIEF = _object(
    id=TEXT, title=TEXT, url=TEXT, outlet=MAYBE, outlet_name=TEXT, published_at=MAYBE, published_local=MAYBE, day=MAYBE,
    region=MAYBE, source=MAYBE, script=TEXT, status={"enum": list(STATES)}, flags=TEXTS, cluster=MAYBE, snippet=TEXT,
    found_in=MAYBE, address=TEXT,
)  # fmt: skip
FOUND = {**BRIEF, "required": [*BRIEF["required"], "copies"], "properties": {**BRIEF["properties"], "copies": TEXTS}}
ALIAS = _object(url=TEXT, how={"enum": ["rule", "page", "redirect", "moved"]}, since=TEXT, until=TEXT)
ORIGIN = _object(rule=TEXT, url=TEXT)
ABSENCE = _object(last_seen=TEXT, missing_at=TEXT, last_missing=TEXT, looks=NUMBER, gone_at=MAYBE, back_at=MAYBE)
PAGE = _object(
    n=NUMBER, url=MAYBE, capture=MAYBE, start={"type": ["integer", "null"]}, chars={"type": ["integer", "null"]},
    fetched_at=MAYBE, sha256=MAYBE, warc_file=MAYBE, warc_offset={"type": ["integer", "null"]},
)  # fmt: skip
WHOLE = _object(
    id=TEXT, key=NUMBER, url=TEXT, outlet=MAYBE, title=MAYBE, text=TEXT, paragraphs=TEXTS, lead=MAYBE,
    published_at=MAYBE, published_local=MAYBE, day=MAYBE, date_precision=MAYBE, source=MAYBE,
    authors=TEXTS, editors=TEXTS, section=MAYBE,
    keywords=TEXTS, script=TEXT, chars=NUMBER, region=MAYBE, first_seen=TEXT, last_seen=TEXT,
    status={"enum": list(STATES)}, gone_at=MAYBE, cluster=MAYBE, flags=TEXTS, page=TEXT, versions=TEXT,
    cluster_address=MAYBE, capture={"type": ["object", "null"]}, document={"type": ["object", "null"]},
    attachments=_list({"type": "object"}), places=_list({"type": "object"}), repair_log=_list({"type": "object"}),
    trimmed=_list({"type": "object"}),
    aliases=_list(ALIAS), absences=_list(ABSENCE), pages=_list(PAGE), origins=_list(ORIGIN),
)  # fmt: skip
EDIT = _object(n=NUMBER, kind={"enum": list(EDITS)}, before=TEXT, after=TEXT)
VERSION = _object(
    n=NUMBER, seen_at=TEXT, last_seen=TEXT, title=MAYBE, text=TEXT, sha256=TEXT, capture=TEXT,
    changed={"type": ["number", "null"]}, edits=_list(EDIT),
)  # fmt: skip
COPY = _object(
    article=TEXT, similarity={"type": "number"}, is_original={"type": "boolean"}, taken_from=MAYBE,
    evidence={"type": "object"}, title=MAYBE, url=TEXT, outlet=MAYBE, address=TEXT,
)  # fmt: skip
CHANGE = _object(
    at=TEXT,
    kind={"enum": list(KINDS)},
    version={"type": ["integer", "null"]},
    article={"anyOf": [BRIEF, _object(id=TEXT)]},  # of what is withdrawn the id is all that is told
)
OUTLET = _object(
    id=TEXT, name=TEXT, home=TEXT, kind=TEXT, region=MAYBE, articles=NUMBER, first_day=MAYBE, last_day=MAYBE
)
COVERED = _object(outlet=TEXT, day=TEXT, expected=NUMBER, obtained=NUMBER)
YES: dict[str, Any] = {"const": True}
REFUSAL = _object(ok={"const": False}, status=NUMBER, error=TEXT, advice=TEXT)


def _argument(name: str, schema: dict[str, Any], says: str, *, where: str = "query", required: bool = False) -> Any:
    return {"name": name, "in": where, "required": required, "description": says, "schema": schema}


SIZE = _argument("size", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "Rows of one answer.")
CURSOR = _argument("cursor", TEXT, "From `next` (or `cursor`) of an earlier answer.")
ID = _argument("id", TEXT, "Id of an article: 16 hexadecimal digits.", where="path", required=True)
FILTERS = (
    _argument("outlet", TEXT, "Id of an outlet."),
    _argument("kind", TEXT, "Kind of outlet: government, paper, ….") ,
    _argument("region", TEXT, "Code of GB/T 2260; everything in it is meant."),
    _argument("since", DAY, "First day of publication."),
    _argument("until", DAY, "Last day of publication."),
    _argument("status", {"enum": list(STATES)}, "State of the original page."),
    _argument("script", TEXT, "zh-Hans, zh-Hant, …."),
    _argument("flag", TEXT, "A flag such as hijacked."),
    _argument("source", TEXT, "Source that the page names, exactly."),
)  # fmt: skip

# address, what it answers, its arguments, its answer, the statuses beside 200
ADDRESSES: tuple[tuple[str, str, tuple[Any, ...], dict[str, Any], tuple[int, ...]], ...] = (
    (
        "/api/search",
        "Find articles. Words are sought in either script; see the search page for how to write them.",
        (
            _argument("q", {"type": "string", "maxLength": LONGEST}, "What to search; empty finds all."),
            *FILTERS,
            _argument("order", {"enum": list(ORDERS)}, "Best first, or newest first."),
            _argument("copies", {"enum": ["all", "fold"]}, "Whether copies of one text are folded into one entry."),
            SIZE,
            CURSOR,
        ),
        _object(ok=YES, total={"type": ["integer", "null"]}, ranked={"type": "boolean"}, headed={"type": "boolean"},
                capped={"type": "boolean"}, problem=MAYBE, conditions=TEXTS, by_region=COUNTS, by_outlet=COUNTS,
                articles=_list(FOUND), next=MAYBE),
        (400, 503),
    ),
    (
        "/api/article",
        "The article of any of its addresses, whatever the scheme and tracking parameters.",
        (_argument("url", TEXT, "Address of the article.", required=True),),
        _object(ok=YES, article=WHOLE),
        (400, 404, 410),
    ),
    ("/api/article/{id}", "An article, its capture and its log.", (ID,), _object(ok=YES, article=WHOLE), (404, 410)),
    (
        "/api/article/{id}/versions",
        "Every version of an article with its text, oldest first.",
        (ID,),
        _object(ok=YES, article=TEXT, versions=_list(VERSION)),
        (404, 410),
    ),
    (
        "/api/cluster/{id}",
        "Every copy of a text, the probable original first, with what speaks for it.",
        (_argument("id", TEXT, "Id of a cluster.", where="path", required=True),),
        _object(ok=YES, cluster=TEXT, copies=_list(COPY)),
        (404,),
    ),
    ("/api/outlets", "Every outlet.", (), _object(ok=YES, outlets=_list(OUTLET), next=MAYBE), ()),
    (
        "/api/outlet/{id}",
        "An outlet.",
        (_argument("id", TEXT, "Id of an outlet.", where="path", required=True),),
        _object(ok=YES, outlet=OUTLET),
        (404,),
    ),
    (
        "/api/coverage",
        "Expected and obtained articles by day and outlet, oldest day first.",
        (
            _argument("outlet", TEXT, "Id of an outlet."),
            _argument("since", DAY, "First day."),
            _argument("until", DAY, "Last day."),
            SIZE,
            CURSOR,
        ),
        _object(ok=YES, days=_list(COVERED), next=MAYBE),
        (400,),
    ),
    (
        "/api/changes",
        "What is new, changed, gone, back or withdrawn, oldest first. Asked with the last `cursor`: what came since.",
        (
            _argument("kind", {"enum": list(KINDS)}, "Only these."),
            _argument("edit", {"enum": list(EDITS)}, "Only changes with such an edit, such as figure."),
            _argument("outlet", TEXT, "Id of an outlet."),
            SIZE,
            CURSOR,
        ),
        _object(ok=YES, cursor=MAYBE, changes=_list(CHANGE), next=MAYBE),
        (400,),
    ),
)  # fmt: skip
STATUSES = {
    400: "An argument cannot be.",
    404: "It is not here.",
    410: "It was withdrawn.",
    503: "The question takes too long.",
}


def specification(server: str = "/") -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fangzhi",
            "version": "1",
            "description": "An archive of Chinese regional news and government reports, for tools.",
        },
        "servers": [{"url": server}],
        "paths": {path: {"get": _operation(says, args, schema, more)} for path, says, args, schema, more in ADDRESSES},
    }


def _operation(says: str, args: tuple[Any, ...], schema: Mapping[str, Any], more: tuple[int, ...]) -> dict[str, Any]:
    def answer(description: str, shape: Mapping[str, Any]) -> dict[str, Any]:
        return {"description": description, "content": {"application/json": {"schema": shape}}}

    refusals = {str(status): answer(STATUSES[status], REFUSAL) for status in more}
    return {"summary": says, "parameters": list(args), "responses": {"200": answer("The answer.", schema), **refusals}}


@address
async def openapi(request: Request, datasette: Datasette, archive: Archive) -> Response:  # noqa: ARG001
    """Answer `/api/openapi.json`."""
    return document(request, specification(str(datasette.urls.path("/")).rstrip("/") or "/"))


@view
async def guide(request: Request, datasette: Datasette, archive: Archive) -> Response:  # noqa: ARG001
    """Answer `/api`: the same for people."""
    return await page(datasette, request, "api.html", {"paths": specification()["paths"]})
