"""Write a whole search result as CSV or JSON lines: every article that was found, newest first, however many."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from datasette.utils.asgi import AsgiStream, Request, Response

from browse.archive import Archive
from browse.asking import Search, read
from browse.display import listed
from browse.finding import find
from browse.host import Datasette
from browse.views import view

COLUMNS = (
    "id", "url", "outlet", "title", "published_local", "day", "source", "authors", "editors", "section", "script",
    "region", "status", "first_seen", "last_seen", "gone_at", "cluster", "flags", "text",
)  # fmt: skip
ARRAYS = ("authors", "editors", "flags")
ROWS = f"select {', '.join(COLUMNS)}, key from articles where id in (%s) order by key desc"  # noqa: S608  (all ours)
CHUNK = 100
CSV, JSONL = "text/csv; charset=utf-8", "application/x-ndjson; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


@view
async def as_csv(request: Request, datasette: Datasette, archive: Archive) -> Response:  # noqa: ARG001
    """Answer `/search.csv`: UTF-8 with a mark for Excel; cells a spreadsheet would run begin with an apostrophe."""
    return _download(archive, read(request.args), suffix="csv", media=CSV, line=csv_line, head=csv_head())


@view
async def as_jsonl(request: Request, datasette: Datasette, archive: Archive) -> Response:  # noqa: ARG001
    """Answer `/search.jsonl`: one JSON object a line, JSON columns as arrays."""
    return _download(archive, read(request.args), suffix="jsonl", media=JSONL, line=json_line)


def _download(  # noqa: PLR0913  (each by name)
    archive: Archive, search: Search, *, suffix: str, media: str, line: Callable[[dict[str, Any]], str], head: str = ""
) -> Any:
    async def write(out: Any) -> None:
        await out.write(head)
        async for row in _rows(archive, search):
            await out.write(line(row))

    name = {"Content-Disposition": f'attachment; filename="fangzhi-search.{suffix}"', "Cache-Control": "no-cache"}
    return AsgiStream(write, headers=name, content_type=media)


async def _rows(archive: Archive, search: Search) -> AsyncIterator[dict[str, Any]]:
    """Yield every article that was found, newest first."""
    below = None
    while True:
        found = await find(archive, replace(search, order="date"), below=below)
        for start in range(0, len(found.hits), CHUNK):
            ids = [hit.id for hit in found.hits[start : start + CHUNK]]
            for row in await archive.rows(ROWS % ",".join("?" * len(ids)), ids):
                yield {name: row[name] for name in COLUMNS}
        if not found.capped or not found.hits:
            return
        below = found.hits[-1].key


def json_line(row: dict[str, Any]) -> str:
    """Return an article as a line of JSON, JSON columns as arrays."""
    shaped = {name: listed(value) if name in ARRAYS else value for name, value in row.items()}
    return json.dumps(shaped, ensure_ascii=False) + "\n"


def csv_head() -> str:
    """Return the first line of a CSV, with the mark by which Excel knows UTF-8."""
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + _written(COLUMNS)


def csv_line(row: dict[str, Any]) -> str:
    """Return an article as a line of CSV."""
    shown = [", ".join(map(str, listed(value))) if name in ARRAYS else value for name, value in row.items()]
    return _written(_tame(value) for value in shown)


def _tame(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _written(values: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
