"""Write everything that a search finds, newest first, in one of several forms."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from browse.asking import Search
from browse.exports import COLUMNS, csv_head, csv_line, json_line
from browse.parquet import GROUP, Parquet
from browse.wacz import page_of
from crawler.wacz import Page, export_wacz
from fangzhi.searching import search_archive
from pipelines.opened import opened

Rows = Iterator[dict[str, Any]]


def rows_of(archive: Path, search: Search) -> Rows:
    """Yield every article that was found, with the columns of the exports of the pages, and its capture."""
    for row in search_archive(archive, replace(search, order="date")):
        yield {name: row[name] for name in (*COLUMNS, "capture")}


def sealed_in(archive: Path) -> frozenset[str]:
    """Return the captures whose bytes name what is masked in an archive, by their ids."""
    with opened(archive) as database:
        return frozenset(row["capture"] for row in database.execute("SELECT DISTINCT capture FROM masks"))


def pages_in(archive: Path) -> dict[str, list[str]]:
    """Return the captures of the pages, in order, of every article that has several, by its id."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    with opened(archive) as database:
        for row in database.execute("SELECT article, capture FROM pages WHERE capture IS NOT NULL ORDER BY article, n"):
            found[row["article"]].append(row["capture"])
    return dict(found)


def write_jsonl(rows: Rows, out: IO[bytes]) -> int:
    """Write one JSON object a line; return how many."""
    return _write(rows, out, json_line)


def write_csv(rows: Rows, out: IO[bytes]) -> int:
    """Write CSV with a mark for Excel; cells that a spreadsheet would run begin with an apostrophe. Return how many."""
    out.write(csv_head().encode())
    return _write(rows, out, csv_line)


def write_parquet(rows: Rows, out: IO[bytes]) -> int:
    """Write Parquet, a row group at a time; return how many."""
    file, count = Parquet(), 0
    while group := list(islice(rows, GROUP)):
        out.write(file.add(group))
        count += len(group)
    out.write(file.end())
    out.flush()
    return count


def write_wacz(rows: Rows, target: Path, archive: Path, captures: Path, *, title: str) -> int:
    """Write the captures that the articles were read from as a WACZ, all their pages; return how many articles.

    What is sealed is left out. The target appears when it is complete. Raises WarcError where a capture cannot be read.
    """
    sealed, paged = sealed_in(archive), pages_in(archive)
    written: set[str] = set()

    def pages() -> Iterator[Page]:
        for row in rows:
            for capture in paged.get(row["id"], [row["capture"]]):
                if capture not in sealed:
                    written.add(row["id"])
                    yield page_of(captures, capture, row["title"] or "")

    export_wacz(target, captures, pages(), title=title)
    return len(written)


def _write(rows: Rows, out: IO[bytes], line: Callable[[dict[str, Any]], str]) -> int:
    count = 0
    for row in rows:
        out.write(line({name: row[name] for name in COLUMNS}).encode())
        count += 1
    out.flush()
    return count


LINES: dict[str, Callable[[Rows, IO[bytes]], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}
FORMS = (*LINES, "wacz", "partitions")
