"""Walk the WARC files record by record, and compare them with the captures of the archive."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from crawler.digests import Checked, check_records
from crawler.recover import OPEN, is_being_written
from fangzhi.verify.finding import Finding, Mend
from pipelines.build import warc_files

Rows = dict[int, tuple[str, str]]  # offset (bytes) → address and digest of the body
Documents = dict[str, set[int]]  # WARC file → offsets of the records that captures are read from


def sizes_of(captures: Path) -> dict[str, int]:
    """Return the size (bytes) of every WARC file: what comes after that may be newer than the archive."""
    return {path.name: path.stat().st_size for path in warc_files(captures)}


def check_captures(
    database: sqlite3.Connection, captures: Path, sizes: Mapping[str, int], on_file: Callable[[str], None]
) -> Iterator[Finding]:
    """Yield what is wrong in the files, records without a row, rows without a record, files that are not there.

    A file that a crawl is writing may end inside a record, and what was captured since the last build needs no row.
    `on_file` is called with the name of each file before it is read.
    """
    documents: Documents = {}
    revisits: list[tuple[str, int, tuple[str, int]]] = []
    for name in sizes:
        on_file(name)
        yield from _check_file(database, captures / name, sizes[name], documents, revisits)
    for name, offset, (target, place) in revisits:
        if place not in documents.get(target, ()):
            words = f"its payload should lie in {target} at byte {place}, where no page lies"
            yield Finding(check="records", place=name, words=words, mend=Mend.RESTORE, offsets=(offset,))
    articles = Counter(
        dict(
            database.execute(
                "SELECT c.warc_file, count(*) FROM articles a JOIN captures c ON c.id = a.capture GROUP BY c.warc_file"
            )
        )
    )
    for name, count in database.execute(
        "SELECT warc_file, count(*) FROM captures GROUP BY warc_file ORDER BY warc_file"
    ).fetchall():
        if name not in sizes:
            words = f"this WARC file is missing; {count} captures and {articles[name]} articles were read from it"
            yield Finding(check="records", place=name, words=words, mend=Mend.RESTORE)


def _check_file(
    database: sqlite3.Connection,
    path: Path,
    size: int,
    documents: Documents,
    revisits: list[tuple[str, int, tuple[str, int]]],
) -> Iterator[Finding]:
    rows = _rows(database, path.name)
    offsets = documents[path.name] = set()
    grows = is_being_written(path)
    sound = True
    absent = []
    for record in check_records(path):
        if record.wrong and not (record.torn and grows):
            sound = sound and record.torn
            yield _of_record(path, record)
        if not record.document:
            continue
        offsets.add(record.offset)
        if record.refers:
            revisits.append((path.name, record.offset, record.refers))
        row = rows.get(record.offset)
        if row is None:
            absent.append(record.offset)
        elif row[0] != record.url or (record.sha256 is not None and row[1] != record.sha256):
            words = "address or digest is not that of the record" + ("" if record.wrong else "; the record is sound")
            place = f"capture {path.name}:{record.offset}"
            yield Finding(check="captures", place=place, words=words, mend=_rebuilt(whole=not record.wrong))
    if late := tuple(offset for offset in absent if offset < size and not grows):
        words = f"{len(late)} records are not in the archive"
        yield Finding(check="captures", place=path.name, words=words, mend=Mend.BUILD, offsets=late)
    if lost := tuple(sorted(rows.keys() - offsets)):
        words = f"{len(lost)} captures of the archive have no record"
        yield Finding(check="captures", place=path.name, words=words, mend=_rebuilt(whole=sound), offsets=lost)


def _rebuilt(*, whole: bool) -> Mend:
    """Return the remedy of a row that its record does not bear out: the record knows better where it is whole."""
    return Mend.FRESH if whole else Mend.RESTORE


def _of_record(path: Path, record: Checked) -> Finding:
    mend = Mend.RESTORE
    if record.torn and path.with_name(path.name + OPEN).exists():
        mend = Mend.RECOVER  # a crash left it so; the next crawl cuts it off
    words = f"{record.kind} of {record.url}: {record.wrong}" if record.url else record.wrong
    return Finding(check="records", place=path.name, words=words, mend=mend, offsets=(record.offset,))


def _rows(database: sqlite3.Connection, name: str) -> Rows:
    sql = "SELECT warc_offset, url, sha256 FROM captures WHERE warc_file = ?"
    return {offset: (url, sha256) for offset, url, sha256 in database.execute(sql, [name])}
