"""Render cells of Datasette's own tables: headlines that lead to our pages, snippets that show what was found."""

import sqlite3
from inspect import signature
from typing import Any

from datasette.renderer import json_renderer
from datasette.utils.asgi import Request, Response
from markupsafe import Markup, escape

from browse.archive import find_archive
from browse.display import short
from browse.host import Datasette
from browse.marks import excerpt, marked
from browse.middleware import current_search
from browse.question import take_apart

LONG = frozenset({"text", "lead", "captions", "evidence"})


def render(datasette: Datasette, row: sqlite3.Row, value: Any, column: str, search: str | None) -> Markup | None:
    """Return a cell of the table of articles as HTML, or None where Datasette's own rendering is right."""
    if not isinstance(value, str):
        return None
    words = take_apart(search or "").words
    if column == "title":
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/article/{row['id']}"), marked(value, words))
    if column == "text":
        return excerpt(value, words) if words else escape(short(value, 90))
    if column in LONG:
        return escape(short(value, 90))
    return None


async def render_json(  # noqa: PLR0913, PLR0917  (Datasette gives each by its name)
    datasette: Datasette, args: Any, data: dict[str, Any], view_name: str, database: str, table: str | None
) -> Response:
    """Answer with Datasette's JSON; where a search found articles, each row has its `snippet` (HTML with marks)."""
    await _add_snippets(datasette, data, database, table)
    return json_renderer(args, data, view_name)


async def render_json_1(  # noqa: PLR0913, PLR0917  (Datasette 1.0 gives other things)
    datasette: Datasette,
    request: Request,
    args: Any,
    data: dict[str, Any],
    database: str,
    table: str | None,
    error: str | None,
    truncated: bool | None,
) -> Response:
    """Do the same under Datasette 1.0."""
    await _add_snippets(datasette, data, database, table)
    return json_renderer(request, args, data, error, truncated)


RENDER_JSON = render_json_1 if "error" in signature(json_renderer).parameters else render_json


async def _add_snippets(datasette: Datasette, data: dict[str, Any], database: str, table: str | None) -> None:
    """Give each row its snippet; rows are lists beside `columns`, in Datasette 1.0 objects."""
    words = take_apart(current_search.get() or "").words
    archive = find_archive(datasette)
    if not words or archive is None or database != archive.name or table != "articles" or not data.get("rows"):
        return
    objects = isinstance(data["rows"][0], dict)
    columns = list(data["rows"][0] if objects else data["columns"])
    if "id" not in columns:
        return
    place = "id" if objects else columns.index("id")
    ids = [row[place] for row in data["rows"]]
    marks = ",".join("?" * len(ids))
    texts = await archive.rows(f"select id, title, text from articles where id in ({marks})", ids)  # noqa: S608
    whole = {row["id"]: f"{row['title'] or ''}\n{row['text']}" for row in texts}
    snippets = [str(excerpt(whole.get(name, ""), words)) for name in ids]
    if objects:
        data["rows"] = [{**row, "snippet": found} for row, found in zip(data["rows"], snippets, strict=True)]
    else:
        data["columns"] = [*columns, "snippet"]
        data["rows"] = [[*row, found] for row, found in zip(data["rows"], snippets, strict=True)]
