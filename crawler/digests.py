"""Check every record of a WARC file against its own digests, whoever wrote it; go on after a damaged place."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType  # noqa: TID251  (records that no capture comes of)

from crawler.encodings import undo_encodings
from crawler.reader import MAX_BLOCK, MOVED, PURGED, TORN, is_document, parse_response, target_of
from crawler.recover import STEP, find_tail, next_record

ALGORITHMS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}
DOCUMENTS = (
    WarcRecordType.response,
    WarcRecordType.resource,
    WarcRecordType.conversion,
    WarcRecordType.revisit,
    WarcRecordType.metadata,
)
DAMAGED = "no whole record begins here: the file is damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One record, or a place where none can be read (`kind` is "" then); `offset` in bytes.

    `document` says that a capture is read from it, `sha256` is the digest of that capture's body (None for a revisit,
    whose body lies at `refers`: file name and offset, where the record tells). `purged` says that it is a tombstone;
    `refers` is then where the payload was moved to. `wrong` is what does not hold, in plain words. `torn` says that the
    file merely ends inside its last record.
    """

    offset: int
    kind: str = ""
    url: str = ""
    document: bool = False
    sha256: str | None = None
    refers: tuple[str, int] | None = None
    purged: bool = False
    wrong: str = ""
    torn: bool = False


def check_records(path: Path) -> Iterator[Checked]:
    """Yield every record of a file with what is wrong with it, and every place where records cannot be read.

    Reads the whole file; raises OSError where it cannot be opened.
    """
    start: int | None = 0
    while start is not None:
        last = start
        try:
            for checked in _read(path, start):
                last = checked.offset
                yield checked
        except (OSError, EOFError):
            pass  # where and why is found out below, by another reader
        tail = find_tail(path, last)
        if not tail.rest:
            return
        torn = tail.rest == "torn"
        yield Checked(offset=tail.end, wrong=TORN if torn else DAMAGED, torn=torn)
        start = None if torn else next_record(path, tail.end)


def matches(value: str, digest: "hashlib._Hash") -> bool:
    """Say whether a digest is the one that a field spells, in hexadecimal or in base 32.

    >>> empty = hashlib.sha1()
    >>> [matches(field, empty) for field in ("3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", empty.hexdigest().upper(), "")]
    [True, True, False]
    """
    given = value.strip().rstrip("=").lower()
    return given in (digest.hexdigest(), base64.b32encode(digest.digest()).decode().rstrip("=").lower())


def _read(path: Path, start: int) -> Iterator[Checked]:
    with path.open("rb") as stream:
        stream.seek(start)
        for record in ArchiveIterator(stream, parse_http=False):
            block = record.reader.read(min(record.content_length, MAX_BLOCK))
            if len(block) < min(record.content_length, MAX_BLOCK):
                raise EOFError
            if not block and "WARC-Block-Digest" not in record.headers and find_tail(path, record.stream_pos).rest:
                raise EOFError  # the file ends inside the head of the record, whose length then reads as 0
            yield _checked(record, block)


def _checked(record: WarcRecord, block: bytes) -> Checked:
    fields, kind = record.headers, record.record_type
    document = kind in DOCUMENTS and is_document(record)
    payload = block
    headers: tuple[tuple[str, str], ...] = ()
    if kind == WarcRecordType.response and "http" in (fields.get("Content-Type") or "http").lower():
        _, headers, payload = parse_response(block)
    digests = _Digests(fields.get("WARC-Block-Digest"), block)
    payloads = _Digests(fields.get("WARC-Payload-Digest") if kind != WarcRecordType.revisit else None, payload)
    while rest := record.reader.read(STEP):  # what is longer than a capture may be
        digests.update(rest)
        payloads.update(rest)
    wrong = [] if digests.hold() else ["its block is not the one of its digest"]
    if not payloads.hold() and not payloads.hold_for(_unchunked(headers, payload)):
        wrong.append("its payload is not the one of its digest")
    refers = None
    if kind == WarcRecordType.revisit:
        refers = _place(fields.get("WARC-Refers-To-Filename"), fields.get("WARC-Refers-To-File-Offset"))
    purged = PURGED in fields
    if purged and MOVED in fields:
        name, _, place = (fields.get(MOVED) or "").rpartition(":")
        refers = _place(name, place)
    bodiless = purged or kind == WarcRecordType.revisit
    body = undo_encodings(headers, payload)[0] if document and not bodiless else None
    return Checked(
        offset=record.stream_pos,
        kind=fields.get("WARC-Type") or "record",
        url=target_of(fields),
        document=document,
        sha256=hashlib.sha256(body).hexdigest() if body is not None else None,
        refers=refers,
        purged=purged,
        wrong=" and ".join(wrong),
    )


def _place(name: str | None, place: str | None) -> tuple[str, int] | None:
    return (Path(name).name, int(place)) if name and place and place.isdecimal() else None


def _unchunked(headers: tuple[tuple[str, str], ...], payload: bytes) -> bytes:
    """Undo the transfer encoding alone: some writers digest the payload without it."""
    return undo_encodings([one for one in headers if one[0].lower() == "transfer-encoding"], payload)[0]


class _Digests:
    """A digest that a field spells beside the one of the bytes; one of an unknown algorithm, or none, holds."""

    def __init__(self, field: str | None, data: bytes) -> None:
        name, _, self.value = (field or "").partition(":")
        self.algorithm = ALGORITHMS.get(name.strip().lower().replace("-", ""))
        self.digest = hashlib.new(self.algorithm, data, usedforsecurity=False) if self.algorithm else None

    def update(self, data: bytes) -> None:
        """Take more bytes."""
        if self.digest is not None:
            self.digest.update(data)

    def hold(self) -> bool:
        """Say whether the bytes so far are those of the field."""
        return self.digest is None or matches(self.value, self.digest)

    def hold_for(self, data: bytes) -> bool:
        """Say whether other bytes are those of the field."""
        return self.algorithm is None or matches(self.value, hashlib.new(self.algorithm, data, usedforsecurity=False))
