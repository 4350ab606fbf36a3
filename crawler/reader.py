"""Read WARC files back as captures: ours and everybody's, plain or gzipped, in the order of the file."""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO

from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from crawler.capture import Capture
from crawler.encodings import MAX_BODY, undo_encodings
from crawler.recover import find_tail, next_record

logger = logging.getLogger(__name__)

# a conversion is the page that a browser made of a response, here and elsewhere a text that was taken out of one
DOCUMENTS = ("response", "resource", "conversion", "revisit")
WANTED = (
    WarcRecordType.response
    | WarcRecordType.resource
    | WarcRecordType.conversion
    | WarcRecordType.revisit
    | WarcRecordType.metadata
)
PURGED = "Fangzhi-Purged"  # on a tombstone: type of the record that lay there
MOVED = "Fangzhi-Payload-Moved"  # on a tombstone: file and offset of the payload, where other captures need it
MAX_HEAD = 262_144  # bytes of status line and headers; servers allow some 8 KB
MAX_BLOCK = MAX_BODY + MAX_HEAD
HTTP = "application/http"
TORN = "the file ends inside this record"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Key = tuple[str, str]  # URL and WARC-Date, by which revisit records of other crawlers refer


class WarcError(ValueError):
    """A WARC file cannot be read on: says which, at what offset (bytes) and why.

    `torn` is True where the file merely ends inside its last record, as after a crash or while somebody still
    writes: everything before it has been read.
    """

    def __init__(self, path: Path, offset: int, reason: str, *, torn: bool = False) -> None:
        super().__init__(f"{path}: at byte {offset}: {reason}")
        self.path = path
        self.offset = offset
        self.reason = reason
        self.torn = torn


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A stretch of a file that cannot be read: from `start` to before `end` (bytes; None: to the end), and why."""

    start: int
    end: int | None
    reason: str


def iter_captures(path: Path, *, start: int = 0) -> Iterator[Capture]:
    """Yield every response, resource, conversion and revisit of a WARC file from an offset (bytes) on, one at a time.

    Raises WarcError where the file is no WARC or is damaged, after everything before that place was yielded; its
    `torn` tells a last record that was never finished from real damage.
    """
    return _captures(path, start, _Places(path))


def iter_readable(path: Path, damages: list[Damage], begin: int = 0) -> Iterator[Capture]:
    """Yield what `iter_captures` does from `begin` (bytes) on, and behind damaged places: each is added to `damages`.

    Raises WarcError where the file cannot be opened, or ends inside its last record (`torn`).
    """
    places = _Places(path)
    start: int | None = begin
    while start is not None:
        try:
            yield from _captures(path, start, places)
            start = None
        except WarcError as error:
            if error.torn or not path.is_file():
                raise
            start = next_record(path, error.offset)
            damages.append(Damage(start=error.offset, end=start, reason=error.reason))


def _captures(path: Path, start: int, places: "_Places") -> Iterator[Capture]:
    with _opened(path) as stream:
        for record, offset, block in _records(path, stream, start):
            if is_document(record):
                yield _capture(path, record, offset, block, places)


def read_capture(path: Path, offset: int) -> Capture:
    """Return the capture whose record begins at an offset (bytes); raise WarcError where none does."""
    with _opened(path) as stream:
        for record, found, block in _records(path, stream, offset):
            if found == offset and is_document(record):
                return _capture(path, record, offset, block, _Places(path))
            break
    raise WarcError(path, offset, "no response, resource, conversion or revisit begins here")


def read_block(path: Path, offset: int) -> tuple[dict[str, str], bytes]:
    """Return the fields of the record that begins at an offset (bytes), and its block as it stands in the file."""
    with _opened(path) as stream:
        for record, found, block in _records(path, stream, offset):
            if found == offset:
                return dict(record.headers.items()), block
            break
    raise WarcError(path, offset, "no response, resource, conversion or revisit begins here")


def read_payload(path: Path, offset: int) -> tuple[dict[str, str], bytes]:
    """Return fields and block of the record that holds a payload; a tombstone leads to where that was moved.

    Raises WarcError where no such record lies at the offset (bytes), or where its payload was purged.
    """
    fields, block = read_block(path, offset)
    if PURGED not in fields:
        return fields, block
    name, _, place = fields.get(MOVED, "").rpartition(":")
    if not name:
        raise WarcError(path, offset, "the payload was purged")
    fields, block = read_block(path.with_name(Path(name).name), int(place))
    if PURGED in fields:
        raise WarcError(path, offset, "the payload was purged")
    return fields, block


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise WarcError(path, 0, f"cannot be opened: {error.strerror}") from None


def _records(path: Path, stream: IO[bytes], start: int) -> Iterator[tuple[WarcRecord, int, bytes]]:
    """Yield records with their offsets in the file and their blocks, of which at most MAX_BLOCK bytes are read."""
    offset = start
    try:
        stream.seek(start)
        for record in ArchiveIterator(stream, record_types=WANTED, parse_http=False):
            if record.record_type == WarcRecordType.metadata and PURGED not in record.headers:
                continue
            offset = record.stream_pos
            block = record.reader.read(min(record.content_length, MAX_BLOCK))
            if not _is_whole(record, block):
                raise WarcError(path, offset, TORN, torn=True)
            yield record, offset, block
    except OSError as error:
        tail = find_tail(path, offset)
        reason = TORN if tail.rest == "torn" else f"not a WARC record, or damaged ({error})"
        raise WarcError(path, tail.end, reason, torn=tail.rest == "torn") from None


def _is_whole(record: WarcRecord, block: bytes) -> bool:
    # where a file ends inside the head of a record, the head ends there and the length reads as 0
    if record.content_length == 0:
        return "WARC-Block-Digest" in record.headers
    return len(block) == min(record.content_length, MAX_BLOCK)


def target_of(headers: HeaderMap | Mapping[str, str]) -> str:
    """Return the address that a record is about, "" where it is about none."""
    # some writers put the address in angle brackets, as the grammar of WARC 1.0 had it
    return (headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")


def is_document(record: WarcRecord) -> bool:
    """Tell pages and files, and what was left of them, from what crawlers note about themselves (urn:, dns:)."""
    url = target_of(record.headers)
    if record.record_type == WarcRecordType.metadata and record.headers.get(PURGED) not in DOCUMENTS:
        return False
    if record.record_type in (WarcRecordType.resource, WarcRecordType.metadata):
        return url.startswith(("http://", "https://", "file:"))
    return url.startswith(("http://", "https://"))


def _capture(path: Path, record: WarcRecord, offset: int, block: bytes, places: "_Places") -> Capture:
    fields = record.headers
    url, kind = target_of(fields), record.record_type
    truncated = fields.get("WARC-Truncated") or ("length" if len(block) < record.content_length else None)
    revisit_of, not_modified = None, False
    headers: tuple[tuple[str, str], ...]
    rendered = kind == WarcRecordType.conversion
    if kind == WarcRecordType.metadata:
        status, headers, payload = 0, (), b""
    elif rendered or kind == WarcRecordType.resource:
        status = 200 if rendered else 0
        headers, payload = (("Content-Type", fields.get("Content-Type") or ""),), block
    else:
        status, headers, payload = parse_response(block)
    body, cut = undo_encodings(headers, payload)
    if kind == WarcRecordType.revisit:
        revisit_of = (fields.get("WARC-Refers-To-Target-URI") or url).strip("<>")
        not_modified = status == 304 or "not-modified" in (fields.get("WARC-Profile") or "")
        body = _payload_elsewhere(path, fields, revisit_of, places)
    return Capture(
        url=url,
        fetched_at=_moment(fields.get("WARC-Date") or ""),
        status=status,
        headers=headers,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        warc_file=path.name,
        warc_offset=offset,
        outlet=fields.get("Fangzhi-Outlet"),
        kind=fields.get("Fangzhi-Kind"),
        ip=fields.get("WARC-IP-Address"),
        truncated=truncated or cut,
        revisit_of=revisit_of,
        not_modified=not_modified,
        purged=kind == WarcRecordType.metadata,
        rendered=rendered,
        asked_by=fields.get("Fangzhi-Asked-By"),
    )


def parse_response(block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    r"""Take an HTTP response apart into status, headers and body; bytes beyond ASCII in headers are Latin-1.

    >>> parse_response(b"HTTP/1.1 200 OK\r\nServer: a\r\n b\r\nnonsense\r\n\r\n<html>")
    (200, (('Server', 'a b'),), b'<html>')
    """
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark, 0, MAX_HEAD)) >= 0]
    at, width = min(ends, default=(min(len(block), MAX_HEAD), 0))
    first, *lines = block[:at].decode("latin-1").splitlines() or [""]
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in " \t" and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
        elif colon:
            headers.append((name.strip(), value.strip()))
    code = first.split(" ", 2)[1:2]
    status = int(code[0]) if code and code[0].isdecimal() else 0
    return status, tuple(headers), block[at + width :]


def _payload_elsewhere(path: Path, fields: HeaderMap, url: str, places: "_Places") -> bytes:
    """Return the payload that a revisit refers to, or b"" where that record is not at hand."""
    name, place = fields.get("WARC-Refers-To-Filename"), fields.get("WARC-Refers-To-File-Offset") or ""
    if name and place.isdecimal():
        target, offset = path.with_name(Path(name).name), int(place)
    else:  # somebody else's file: the record can only be sought in the file itself
        key = (url, fields.get("WARC-Refers-To-Date") or "")
        found = places.offsets.get(key)
        if found is None:
            return b""
        target, offset = path, found
    try:
        of, block = read_payload(target, offset)
    except WarcError as error:
        logger.warning("the record that a revisit of %s refers to cannot be read: %s", url, error)
        return b""
    if of.get("WARC-Type") == "revisit":
        return b""
    if not (of.get("Content-Type") or (HTTP if of.get("WARC-Type") == "response" else "")).startswith(HTTP):
        return block
    _, headers, payload = parse_response(block)
    return undo_encodings(headers, payload)[0]


class _Places:
    """Where the responses of a file lie, which is looked up when a revisit names one by address and time alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def offsets(self) -> dict[Key, int]:
        """Return the offset (bytes) of each response, or of what was left of it, damaged places left out."""
        found: dict[Key, int] = {}
        start: int | None = 0
        with _opened(self._path) as stream:
            while start is not None:
                try:
                    for record, offset, _ in _records(self._path, stream, start):
                        if record.record_type == WarcRecordType.response or record.headers.get(PURGED) == "response":
                            found[target_of(record.headers), record.headers.get("WARC-Date") or ""] = offset
                    start = None
                except WarcError as error:
                    start = None if error.torn else next_record(self._path, error.offset)
        return found


def _moment(date: str) -> datetime:
    """Read a WARC-Date, which WARC 1.1 allows to stop at the year; an unreadable one is 1970."""
    full = date + "0000-01-01T00:00:00Z"[len(date) :] if len(date) in (4, 7, 10, 16) else date
    try:
        moment = datetime.fromisoformat(full)
    except ValueError:
        return EPOCH
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
