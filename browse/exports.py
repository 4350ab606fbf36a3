"""Write a whole search result as CSV, JSON lines or Parquet: every article, newest first, however many."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

from datasette.utils.asgi import Request

from browse.archive import Archive
from browse.asking import Search, read
from browse.display import listed
from browse.finding import newest
from browse.host import Datasette
from browse.streams import ByteStream
from browse.views import view

COLUMNS = (
    "id", "url", "outlet", "title", "published_local", "day", "source", "authors", "editors", "section", "script",
    "region", "status", "first_seen", "last_seen", "gone_at", "cluster", "flags", "text",
)  # fmt: skip
ARRAYS = ("authors", "editors", "flags")
ROWS = f"select {', '.join(COLUMNS)}, key from articles where id in (%s) order by key desc"  # noqa: S608  (all ours)
BLOCK, CHUNK = 10_000, 100  # articles that are found, and read, at a time
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so
Rows = AsyncGenerator[dict[str, Any], None]


@view
async def download(request: Request, datasette: Datasette, archive: Archive) -> Any:  # noqa: ARG001
    """Answer `/search.csv`, `/search.jsonl` and `/search.parquet` with every article that was found."""
    form = request.url_vars["form"]
    media, write = FORMS[form]
    return ByteStream(write(_rows(archive, read(request.args))), media=media, name=f"fangzhi-search.{form}")


async def _csv(rows: Rows) -> AsyncGenerator[bytes, None]:
    """UTF-8 with a mark for Excel; cells that a spreadsheet would run begin with an apostrophe."""
    yield csv_head().encode()
    async for row in rows:
        yield csv_line(row).encode()


async def _jsonl(rows: Rows) -> AsyncGenerator[bytes, None]:
    """One JSON object a line, JSON columns as arrays."""
    async for row in rows:
        yield json_line(row).encode()


async def _parquet(rows: Rows) -> AsyncGenerator[bytes, None]:
    """Strings, and lists of strings where CSV has a comma."""
    from browse.parquet import GROUP, Parquet  # noqa: PLC0415  (it takes half a second, and few ask for it)

    file, group = Parquet(), []
    async for row in rows:
        group.append(row)
        if len(group) == GROUP:
            yield await asyncio.to_thread(file.add, group)
            group = []
    yield await asyncio.to_thread(file.add, group)
    yield await asyncio.to_thread(file.end)


# form → its media type, and what makes it
FORMS: dict[str, tuple[str, Callable[[Rows], AsyncGenerator[bytes, None]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "jsonl": ("application/x-ndjson; charset=utf-8", _jsonl),
    "parquet": ("application/vnd.apache.parquet", _parquet),
}


async def _rows(archive: Archive, search: Search) -> Rows:
    """Yield every article that was found, newest first."""
    below = None
    while hits := await newest(archive, search, below, BLOCK):
        for start in range(0, len(hits), CHUNK):
            ids = [hit.id for hit in hits[start : start + CHUNK]]
            for row in await archive.rows(ROWS % ",".join("?" * len(ids)), ids):
                yield {name: row[name] for name in COLUMNS}
        below = hits[-1].key


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
