"""Walk the WARC files record by record, and compare them with the captures of the archive."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.digests import Checked, check_records
from crawler.purge import PAYLOAD, Place, Wanted
from crawler.recover import OPEN, is_being_written
from fangzhi.verify.finding import Finding, Mend
from pipelines.warcs import warc_files

Rows = dict[int, tuple[str, str, str]]  # offset (bytes) → address, digest of the body, outcome


def sizes_of(captures: Path) -> dict[str, int]:
    """Return the size (bytes) of every WARC file: what comes after that may be newer than the archive."""
    return {path.name: path.stat().st_size for path in warc_files(captures)}


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What the files read so far have to do with each other, and what must be a tombstone by now.

    `payloads` are the offsets, by file, of records from which payloads are read; `references` the places (file, offset)
    that lead to such a record elsewhere, with its place.
    """

    to_purge: Wanted
    payloads: dict[str, set[int]] = field(default_factory=dict)
    references: list[tuple[str, int, Place]] = field(default_factory=list)


def check_captures(
    database: sqlite3.Connection,
    captures: Path,
    sizes: Mapping[str, int],
    to_purge: Wanted,
    on_file: Callable[[str], None],
) -> Iterator[Finding]:
    """Yield what is wrong in the files, records without a row, rows without a record, files that are not there.

    A file that a crawl is writing may end inside a record, and what was captured since the last build needs no row.
    `to_purge` tells what must be a tombstone by now. `on_file` is called with the name of each file before it is read.
    """
    seen = _Seen(to_purge=to_purge)
    for name in sizes:
        on_file(name)
        yield from _check_file(database, captures / name, sizes[name], seen)
    for name, offset, (target, place) in seen.references:
        if place not in seen.payloads.get(target, ()):
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


def _check_file(database: sqlite3.Connection, path: Path, size: int, seen: _Seen) -> Iterator[Finding]:
    rows = _rows(database, path.name)
    offsets: set[int] = set()
    payloads = seen.payloads[path.name] = set()
    grows = is_being_written(path)
    sound = True
    absent, due = [], []
    for record in check_records(path):
        if record.wrong and not (record.torn and grows):
            sound = sound and record.torn
            yield _of_record(path, record)
        if record.url and not record.purged and seen.to_purge(record.url, (path.name, record.offset)):
            due.append(record.offset)
        if record.document or record.url.startswith(PAYLOAD):
            payloads.add(record.offset)
        if not record.document:
            continue
        offsets.add(record.offset)
        if record.refers:
            seen.references.append((path.name, record.offset, record.refers))
        if record.offset not in rows:
            absent.append(record.offset)
        elif found := _of_row(path, record, rows[record.offset]):
            yield found
    late = [offset for offset in absent if offset < size and not grows]
    yield from _of_many(path, "withdrawals", "records of articles that are to be purged are still there", due)
    yield from _of_many(path, "captures", "records are not in the archive", late, Mend.BUILD)
    lost = sorted(rows.keys() - offsets)
    yield from _of_many(path, "captures", "captures of the archive have no record", lost, _rebuilt(whole=sound))


def _of_many(path: Path, check: str, words: str, offsets: list[int], mend: Mend = Mend.WITHDRAW) -> Iterator[Finding]:
    if offsets:
        words = f"{len(offsets)} {words}"
        yield Finding(check=check, place=path.name, words=words, mend=mend, offsets=tuple(offsets))


def _of_row(path: Path, record: Checked, row: tuple[str, str, str]) -> Finding | None:
    """Return what is wrong with the row of a record: its address, its digest, or that it still tells anything."""
    url, sha256, outcome = row
    place = f"capture {path.name}:{record.offset}"
    if outcome == "withdrawn":
        return None
    if record.purged:
        words = "its record was purged, and the archive still tells of it"
        return Finding(check="captures", place=place, words=words, mend=Mend.FRESH)
    if url != record.url or (record.sha256 is not None and sha256 != record.sha256):
        words = "address or digest is not that of the record" + ("" if record.wrong else "; the record is sound")
        return Finding(check="captures", place=place, words=words, mend=_rebuilt(whole=not record.wrong))
    return None


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
    sql = "SELECT warc_offset, url, sha256, outcome FROM captures WHERE warc_file = ?"
    return {offset: (url, sha256, outcome) for offset, url, sha256, outcome in database.execute(sql, [name])}
