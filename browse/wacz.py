"""Hand on the captured pages of a search result as one WACZ file, for replay tools."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Request

from browse.answers import trouble
from browse.archive import Archive
from browse.asking import Search, read
from browse.captures import NO_CAPTURES, SEALED, folder_of
from browse.finding import Found, find
from browse.host import Datasette
from browse.streams import ByteStream
from browse.views import view
from crawler.reader import WarcError, read_capture
from crawler.wacz import Page, export_wacz

MOST_PAGES = 500
MOST_BYTES = 200_000_000  # of the pages together, unpacked
BLOCK = 1 << 16
MEDIA = "application/wacz"
CAPTURES = """select a.title, c.id, c.bytes
    from articles a left join pages p on p.article = a.id and p.capture is not null
        join captures c on c.id = coalesce(p.capture, a.capture)
    where a.id in (select value from json_each(?))
        and c.id not in (select capture from masks) order by a.key desc, p.n"""
COMMAND = "“fangzhi export --output FILE.wacz” writes any number of pages."

_one_at_a_time = asyncio.Lock()  # each reads and writes hundreds of records


class NoWacz(ValueError):  # noqa: N818  (a verdict that the page answers)
    """A search has no WACZ here: status, what is wrong, what to do."""


@view
async def download(request: Request, datasette: Datasette, archive: Archive) -> Any:
    """Answer `/search.wacz` with the captures that the articles of a search were read from."""
    asked = read(request.args)
    try:
        folder = _folder(datasette, archive)
        rows = await _captures(archive, await find(archive, replace(asked, order="date"), most=MOST_PAGES))
        async with _one_at_a_time:
            file = await asyncio.to_thread(_write, folder, rows, asked)
    except NoWacz as refused:
        status, detail, advice = refused.args
        title = "There is no WACZ of this search"
        return await trouble(datasette, request, status=status, title=title, detail=detail, advice=advice)
    return ByteStream(_pieces(file), media=MEDIA, name="fangzhi-search.wacz")


def _folder(datasette: Datasette, archive: Archive) -> Path:
    folder = folder_of(datasette, archive)
    if folder is None:
        raise NoWacz(404, NO_CAPTURES, "“fangzhi serve --captures FOLDER” names the folder.")
    return folder


async def _captures(archive: Archive, found: Found) -> Sequence[tuple[str, str]]:
    """Return capture and title of each article whose bytes may be shown; raise NoWacz where none is, or too many."""
    if not found.hits:
        raise NoWacz(404, "Nothing was found. Fewer words, or no filters, find more.", "")
    rows = await archive.rows(CAPTURES, [json.dumps([hit.id for hit in found.hits])])
    if not rows:
        raise NoWacz(403, SEALED, "")
    if found.capped or sum(row["bytes"] for row in rows) > MOST_BYTES:
        most = f"A WACZ from here holds {MOST_PAGES} pages and {MOST_BYTES // 10**6} MB at most; this result is larger."
        raise NoWacz(400, most, COMMAND)
    return [(row["id"], row["title"] or "") for row in rows]


def _write(folder: Path, rows: Sequence[tuple[str, str]], asked: Search) -> Path:
    """Write the WACZ into a folder of its own; return its path."""
    place = Path(tempfile.mkdtemp(prefix="fangzhi-wacz-"))
    try:
        pages = [page_of(folder, capture, title) for capture, title in rows]
        export_wacz(place / "search.wacz", folder, pages, title=title_of(asked))
    except (WarcError, OSError) as error:
        shutil.rmtree(place)
        raise NoWacz(404, f"A capture of this result cannot be read: {type(error).__name__}.", COMMAND) from error
    return place / "search.wacz"


async def _pieces(file: Path) -> AsyncGenerator[bytes, None]:
    try:
        with file.open("rb") as source:
            while piece := await asyncio.to_thread(source.read, BLOCK):
                yield piece
    finally:
        shutil.rmtree(file.parent)


def page_of(folder: Path, capture: str, title: str) -> Page:
    """Return a capture (FILE:OFFSET) as a page of a WACZ; raise WarcError where it cannot be read."""
    name, _, offset = capture.rpartition(":")
    found = read_capture(folder / name, int(offset))
    # a whole record is read again when it is copied: bodies of many pages need not wait in memory
    return Page(capture=found if found.revisit_of else replace(found, body=b""), title=title)


def title_of(search: Search) -> str:
    """Return what a WACZ of a search is called."""
    return " ".join(f"{name}:{value}" if name != "q" else value for name, value in search.items()) or "all articles"
