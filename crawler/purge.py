"""Destroy the bytes of withdrawn articles: tombstones take the place of their records, all others stay where they lie.

A payload that a capture of another address refers to is not lost by that: it is copied to a record without address,
to which the tombstone leads. The copy is purged in its turn when nobody refers to it any more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from fastwarc.warc import ArchiveIterator  # noqa: TID251  (records that no capture comes of)

from crawler.member import HTTP_RESPONSE
from crawler.reader import MOVED, PURGED, read_block, target_of
from crawler.recover import GZIP, STEP, find_tail, is_being_written, next_record
from crawler.storage import bring, is_shared, take_place
from crawler.tombstone import KEPT, tombstone
from crawler.writer import WarcWriter

PAYLOAD = "urn:fangzhi:payload:"  # begins the name of a payload that has no address any more
FIELDS = (
    *KEPT, "WARC-Type", "WARC-Payload-Digest", "Content-Type", PURGED, MOVED, "WARC-Refers-To-Filename",
    "WARC-Refers-To-File-Offset", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date",
)  # fmt: skip

Place = tuple[str, int]  # WARC file and offset (bytes)
Wanted = Callable[[str, Place], bool]  # address and place of a record → is it to be purged


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as it lies in its file: offset and size in bytes, some of its fields."""

    path: Path
    offset: int
    size: int
    fields: Mapping[str, str]

    @property
    def place(self) -> Place:
        """Return where the record lies."""
        return self.path.name, self.offset

    @property
    def url(self) -> str:
        """Return the address or name that the record is about, "" where there is none."""
        return target_of(self.fields)

    @property
    def moment(self) -> tuple[str, str]:
        """Return address and time, by which revisits of other crawlers refer."""
        return self.url, self.fields.get("WARC-Date", "")

    @property
    def copy(self) -> str:
        """Return the name that a copy of the payload has."""
        return PAYLOAD + self.fields.get("WARC-Record-ID", "").strip("<>")


@dataclass(slots=True, kw_only=True)
class Purged:
    """What a purge did: how many records of how many files it destroyed, how many payloads it kept for others.

    `busy` names files that it left alone since a crawl writes them, `tombs` is where tombstones lie, earlier ones too.
    """

    records: int = 0
    files: int = 0
    kept: int = 0
    tombs: set[Place] = field(default_factory=set)
    busy: list[str] = field(default_factory=list)


def purge(
    folder: Path, files: Sequence[Path], wanted: Wanted, at: datetime, *, on_file: Callable[[Path], None] | None = None
) -> Purged:
    """Put tombstones in the place of every record of a folder's WARC files that is wanted and is none yet.

    Each file that holds such records is written anew beside itself and then takes its own place: killed at any moment
    this leaves either state, and another purge does the rest. `on_file` is called with each file before it is read.
    Raises OSError for a disk that is full or cannot be written, TooShort for a record shorter than any tombstone.
    """
    found = _find(files, wanted, on_file or (lambda _: None))
    done = Purged(
        tombs=set(found.moves), busy=sorted({one.path.name for one in found.victims if is_being_written(one.path)})
    )
    victims: dict[Path, list[Record]] = {}
    for one in found.victims:
        if one.path.name not in done.busy:
            victims.setdefault(one.path, []).append(one)
    with _writer(folder) as writer:
        for records in victims.values():
            for one in records:
                if one.place in found.referred and one.copy not in found.copies:
                    found.copies[one.copy] = _copy(writer, one, at)
                    done.kept += 1
    done.files = len(victims)
    for path, records in victims.items():
        _rewrite(path, records, found, at)
        done.records += len(records)
        done.tombs |= {one.place for one in records}
    return done


@dataclass(slots=True, kw_only=True)
class _Found:
    """What purging has to know of all records.

    Whom it concerns, to what others refer, copies of payloads by their name, tombstones and where they lead.
    """

    victims: list[Record] = field(default_factory=list)
    referred: set[Place] = field(default_factory=set)
    copies: dict[str, Place] = field(default_factory=dict)
    moves: dict[Place, str] = field(default_factory=dict)


def _find(files: Sequence[Path], wanted: Wanted, on_file: Callable[[Path], None]) -> _Found:
    found = _Found()
    copies: list[Record] = []
    for path in files:
        on_file(path)
        moments: dict[tuple[str, str], Place] = {}
        for record in _records(path):
            if record.fields.get(PURGED, record.fields.get("WARC-Type")) == "response":
                moments[record.moment] = record.place
            if PURGED in record.fields:
                found.moves[record.place] = record.fields.get(MOVED, "")
            elif record.url.startswith(PAYLOAD):
                copies.append(record)
            elif record.url and wanted(record.url, record.place):
                found.victims.append(record)
            elif place := _refers(record, moments):
                found.referred.add(place)
    needed = {one.copy for one in found.victims if one.place in found.referred}
    led_to = {found.moves[place] for place in found.referred & found.moves.keys()}
    for record in copies:
        if record.url in needed or ":".join(map(str, record.place)) in led_to:
            found.copies[record.url] = record.place
        else:
            found.victims.append(record)
    return found


def _records(path: Path) -> Iterator[Record]:
    """Yield every whole record with its size, also those that come after a damaged place."""
    start: int | None = 0
    while start is not None:
        last: tuple[int, dict[str, str]] | None = None
        try:
            for offset, fields in _heads(path, start):
                if last is not None:
                    yield Record(path=path, offset=last[0], size=offset - last[0], fields=last[1])
                last = offset, fields
        except (OSError, EOFError):
            pass  # where the damage begins is found out below
        tail = find_tail(path, last[0] if last else start)
        if last is not None and tail.end > last[0]:
            yield Record(path=path, offset=last[0], size=tail.end - last[0], fields=last[1])
        start = next_record(path, tail.end) if tail.rest == "damaged" else None


def _heads(path: Path, start: int) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open("rb") as stream:
        stream.seek(start)
        for record in ArchiveIterator(stream, parse_http=False):
            yield record.stream_pos, {name: value for name in FIELDS if (value := record.headers.get(name)) is not None}


def _refers(record: Record, moments: Mapping[tuple[str, str], Place]) -> Place | None:
    """Return where the payload of a revisit lies, None for other records and where it cannot be told."""
    fields = record.fields
    if fields.get("WARC-Type") != "revisit":
        return None
    name, place = fields.get("WARC-Refers-To-Filename"), fields.get("WARC-Refers-To-File-Offset") or ""
    if name and place.isdecimal():
        return Path(name).name, int(place)
    url = fields.get("WARC-Refers-To-Target-URI", record.url).strip("<>")
    return moments.get((url, fields.get("WARC-Refers-To-Date", "")))


@contextmanager
def _writer(folder: Path) -> Iterator[WarcWriter]:
    """Give a writer of copies; on storage reached by URL its files are there when this ends, before anything is cut."""
    if not is_shared(folder):
        with WarcWriter(folder) as writer:
            yield writer
        return
    with TemporaryDirectory() as name:
        with WarcWriter(Path(name)) as writer:
            yield writer
        for one in writer.files:
            bring(Path(name, one), folder / one)


def _copy(writer: WarcWriter, record: Record, at: datetime) -> Place:
    """Copy a record's block under a name that tells no address."""
    fields, block = read_block(record.path, record.offset)
    media = fields.get("Content-Type") or (HTTP_RESPONSE if fields.get("WARC-Type") == "response" else "")
    stored = writer.write_resource(record.copy, block, media=media, dated=at)
    return stored.warc_file, stored.offset


def was_purged(former: Path, present: Path) -> bool:
    """Say whether all that tells a WARC file from an earlier state of it are tombstones, and more at its end."""
    if former.stat().st_size > present.stat().st_size:
        return False
    purged = False
    with former.open("rb") as before, present.open("rb") as now:
        for record in _records(present):
            if record.offset >= former.stat().st_size:
                break
            before.seek(record.offset)
            now.seek(record.offset)
            if before.read(record.size) != now.read(record.size):
                if PURGED not in record.fields:
                    return False
                purged = True
    return purged


def _rewrite(path: Path, records: Sequence[Record], found: _Found, at: datetime) -> None:
    """Write a file anew with tombstones in the place of some of its records, and put it in its own place."""
    part = path.with_name(path.name + ".part")
    try:
        with path.open("rb") as source, part.open("wb") as out:
            packed = source.read(len(GZIP)) == GZIP
            source.seek(0)
            for one in sorted(records, key=lambda record: record.offset):
                _pour(source, out, one.offset - source.tell())
                moved = found.copies[one.copy] if one.place in found.referred else None
                link = f"{moved[0]}:{moved[1]}" if moved else None
                out.write(tombstone(one.fields, one.size, at, packed=packed, moved=link))
                source.seek(one.offset + one.size)
            _pour(source, out, None)
        take_place(part, path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = error.filename or str(part)
        raise


def _pour(source: IO[bytes], out: IO[bytes], size: int | None) -> None:
    """Copy so many bytes, all that are left where no number is given."""
    while size != 0 and (block := source.read(STEP if size is None else min(STEP, size))):
        out.write(block)
        size = None if size is None else size - len(block)
