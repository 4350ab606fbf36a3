"""Render cells of Datasette's own tables: headlines that lead to our pages, snippets that show what was found."""

import sqlite3
from typing import Any

from datasette.renderer import json_renderer
from datasette.utils import call_with_supported_arguments
from datasette.utils.asgi import Request, Response
from markupsafe import Markup, escape

from browse.archive import Archive, find_archive
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
    datasette: Datasette,
    request: Request,
    args: Any,
    data: dict[str, Any],
    view_name: str,
    database: str,
    table: str | None,
    error: str | None,
    truncated: bool,
) -> Response:
    """Answer with Datasette's JSON; where a search found articles, each row has its `snippet` (HTML with marks)."""
    words = take_apart(current_search.get() or "").words
    archive = find_archive(datasette)
    if words and archive is not None and database == archive.name and table == "articles" and data.get("rows"):
        await _add_snippets(archive, data, words)
    given = {"request": request, "args": args, "data": data, "view_name": view_name, "error": error}
    return call_with_supported_arguments(json_renderer, **given, truncated=truncated)


async def _add_snippets(archive: Archive, data: dict[str, Any], words: str) -> None:
    """Give each row its snippet; rows are lists beside `columns`, in Datasette 1.0 objects."""
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
