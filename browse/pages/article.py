"""The page of one article: its text, and below it everything that is known of where the text comes from."""

import re
import sqlite3
from typing import Any

from datasette.utils.asgi import Request, Response

from browse.addresses import absences_of, addresses_of, article_of, pages_of
from browse.answers import link, page, trouble
from browse.archive import Archive
from browse.citation import citation
from browse.display import listed, mapped
from browse.entries import entries
from browse.host import Datasette
from browse.pieces import Span, pieces
from browse.scripts import CONVERSIONS, readable
from browse.views import view

ARTICLE = """select a.*, o.name as outlet_name, o.kind, o.home, r.name as region_name, p.name as province_name
    from articles a left join outlets o on o.id = a.outlet left join regions r on r.code = a.region
    left join regions p on p.code = r.parent where a.id = ?"""
CAPTURE = "select * from captures where id = ?"
LOOKS = "select count(*) as looks, count(distinct sha256) as payloads from captures where article = ?"
VERSIONS = "select n, seen_at, last_seen, sha256, capture from versions where article = ? order by n"
REPAIRS = "select n, part, rule, before, after, count, offsets, certain from repairs where article = ? order by n"
TRIMMED = "select rule, line from trimmed where article = ? order by n"
DOCUMENT = "select * from documents where article = ?"
ATTACHMENTS = "select * from attachment_texts where article = ? order by n"
ORIGINS = "select rule, url from origins where article = ? and url is not null order by n"
REPRINTS = """select p.article, p.similarity, p.is_original, p.taken_from, p.evidence
    from reprints p join articles a on a.id = p.article where p.cluster = ?
    order by p.is_original desc, a.key limit 200"""
PLACES = """select p.region, r.name, u.name as within, p.evidence from places p join regions r on r.code = p.region
    left join regions u on u.code = r.parent where p.article = ? order by p.n"""
UNKNOWN = """select c.id, c.url, c.outcome, c.fetched_at, s.reason, s.detail from captures c
    left join skips s on s.capture = c.id where c.page = ? order by c.fetched_at desc, c.id limit 1"""
ID = re.compile(r"[0-9a-f]{16}")


@view
async def article(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/article/ID`: `?repairs=1` shows repairs in place, `?script=zh-Hant` reads in the other script."""
    row = await archive.row(ARTICLE, [request.url_vars["id"]])
    if row is None:
        if found := await article_of(archive, request.url_vars["id"]):
            return Response.redirect(datasette.urls.path(f"/article/{found}"), status=301)
        return await absent(datasette, request, archive, request.url_vars["id"])
    script = request.args.get("script")
    reading = script if script in CONVERSIONS else None
    repairs = await archive.rows(REPAIRS, [row["id"]])
    versions = await archive.rows(VERSIONS, [row["id"]])
    cluster = await archive.rows(REPRINTS, [row["cluster"]]) if row["cluster"] else []
    pages = await pages_of(archive, row["id"])
    copies = {item.id: item for item in await entries(archive, "a.cluster = ?", [row["cluster"]], limit=200)}
    context: dict[str, Any] = {
        "article": row,
        "title": readable(row["title"] or "", reading),
        "lead": readable(row["lead"] or "", reading),
        "paragraphs": _paragraphs(row, repairs, reading, shown=bool(request.args.get("repairs"))),
        "script": reading or row["script"],
        "reading": reading,
        "repairs_shown": bool(request.args.get("repairs")),
        "flags": listed(row["flags"]),
        "authors": listed(row["authors"]),
        "editors": listed(row["editors"]),
        "keywords": listed(row["keywords"]),
        "captions": listed(row["captions"]),
        "evidence": listed(row["evidence"]),
        "capture": await archive.row(CAPTURE, [row["capture"]]),
        "looks": await archive.row(LOOKS, [row["id"]]),
        "addresses": await addresses_of(archive, row["id"]),
        "absences": await absences_of(archive, row["id"]),
        "versions": versions,
        "repairs": repairs,
        "trimmed": await archive.rows(TRIMMED, [row["id"]]),
        "origins": await archive.rows(ORIGINS, [row["id"]]),
        "places": await archive.rows(PLACES, [row["id"]]),
        "document": await archive.row(DOCUMENT, [row["id"]]),
        "attachments": await archive.rows(ATTACHMENTS, [row["id"]]),
        "pages": pages,
        "turns": _turns(row["text"], pages),
        "names": {name: item.outlet_name or item.title for name, item in copies.items()},
        "reprints": [(copy, copies[copy["article"]]) for copy in cluster if copy["article"] in copies],
        "citation": "",
    }
    if context["capture"]:
        context["charset_evidence"] = listed(context["capture"]["charset_evidence"])
        address = link(datasette, request, f"/article/{row['id']}")
        context["citation"] = citation(row, context["capture"], address)
    for copy, _ in context["reprints"]:
        if copy["is_original"]:
            context["original_evidence"] = mapped(copy["evidence"])
    return await page(datasette, request, "article.html", context)


def _paragraphs(
    row: sqlite3.Row, repairs: list[sqlite3.Row], reading: str | None, *, shown: bool
) -> list[list[dict[str, Any]]]:
    """Return the text cut into paragraphs and pieces, in the script that is read."""
    spans = _spans(repairs) if shown else []
    return [
        [
            {
                "text": readable(piece.text, reading),
                "rule": piece.rule,
                "before": piece.before,
                "certain": piece.certain,
            }
            for piece in paragraph
        ]
        for paragraph in pieces(row["text"], spans)
    ]


def _turns(text: str, pages: list[sqlite3.Row]) -> dict[int, list[sqlite3.Row]]:
    """Return the pages that begin, or are missing, before each paragraph, by its number from 0."""
    turns: dict[int, list[sqlite3.Row]] = {}
    here = text.count("\n") + 1
    for one in reversed(pages):
        if one["start"] is not None:
            here = text.count("\n", 0, one["start"])
        if here or one["capture"] is None:
            turns.setdefault(here, []).insert(0, one)
    return turns


def _spans(repairs: list[sqlite3.Row]) -> list[Span]:
    return [
        Span(int(place[0]), int(place[1]), repair["before"], repair["rule"], bool(repair["certain"]))
        for repair in repairs
        if repair["part"] == "text"
        for place in listed(repair["offsets"])
        if isinstance(place, list) and len(place) == 2
    ]


async def absent(datasette: Datasette, request: Request, archive: Archive, name: str) -> Response:
    """Say why there is no article of this id: never heard of, captured but no article, or withdrawn."""
    known = await archive.row(UNKNOWN, [name]) if ID.fullmatch(name) else None
    if known is None:
        return await trouble(
            datasette,
            request,
            status=404,
            title="No article has this id",
            detail=f"{name[:80]} is not the id of an article in this archive.",
            advice="An id is 16 hexadecimal digits; search for words of the article instead.",
        )
    if known["outcome"] == "withdrawn":
        return await trouble(
            datasette,
            request,
            status=410,
            title="This article was withdrawn",
            detail="It was in the archive and was taken out by a decision of its keepers.",
        )
    return await trouble(
        datasette,
        request,
        status=404,
        title="This address was fetched, and is not an article",
        detail=f"{known['url']} ({known['fetched_at']}): {known['reason'] or known['outcome']} {known['detail'] or ''}",
        advice="Its capture is kept; the tables captures and skips say more.",
    )
