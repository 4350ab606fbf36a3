"""Keep what came over the network: WARC 1.1 files, one gzip member per record, on disk before anyone is told.

A run writes to one active file, `fangzhi-YYYYmmddHHMMSS-PID-NNN.warc.gz`, and goes on in the next number at 1 GB.
Beside an active file lies an empty `….open`, removed when the file is closed: a marker left behind tells the next run
which files a crash may have torn, so that it need not read all of them.
"""

import fcntl
import hashlib
import io
import os
import re
import socket
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

MAX_BYTES = 1_000_000_000  # a file is closed at 1 GB: the size that WARC tools expect and that still copies easily
LEVEL = 6  # measured on 252 real pages: level 9 takes a third longer and saves 0.4 % of the bytes
OPEN = ".open"
WORTH_A_REVISIT = 1_000  # bytes of a payload that another address has too; a revisit record is not smaller
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
HTTP_RESPONSE = "application/http; msgtype=response"
HTTP_REQUEST = "application/http; msgtype=request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response, as bytes.

    A head is everything before the body: first line and headers, with the blank line that ends them. `body` is the
    entity as downloaded: content encodings still on, transfer encoding undone by the client. `truncated` is a
    WARC-Truncated reason ("length", "time", "disconnect", "unspecified") where the body is not whole.
    """

    url: str
    fetched_at: datetime
    request_head: bytes
    response_head: bytes
    body: bytes
    ip: str | None = None
    truncated: str | None = None
    outlet: str | None = None
    kind: str | None = None
    not_modified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Tell where a payload lies: file name, offset (bytes), record id, WARC-Date, payload digest, URL."""

    warc_file: str
    offset: int
    record_id: str
    date: str
    digest: str
    url: str
    run: int | None = None  # the crawl that wrote it, as crawl.db numbers them; None for one just written


class CapturesGone(OSError):  # noqa: N818  (a state, not a failure)
    """The folder of captures, or the file that is written, is not there any more; says which and what to do."""


class WarcWriter:
    """Append records to the active WARC file of one run; each is synced to disk before its place is returned.

    With `sync=False` the caller sees to that by `syncing`, for many records at once.

    A failed write (disk full, folder gone) raises OSError after the half-written record has been cut off again, so
    the file stays whole. Not for more than one thread.
    """

    def __init__(  # noqa: PLR0913  (each by name)
        self,
        folder: Path,
        *,
        about: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        sync: bool = True,
        name: str = "fangzhi",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder
        self.about = dict(about or {})
        self.max_bytes = max_bytes
        self.sync = sync
        self.clock = clock
        self.bytes_written = 0
        self.files: list[str] = []  # names of the files that this writer has begun
        self._file: IO[bytes] | None = None
        self._size = 0
        self._number = 0
        self._warcinfo_id = ""
        machine = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().partition(".")[0].lower())
        self._name = f"{name}-{clock():%Y%m%d%H%M%S}-{machine}-{os.getpid()}"  # many machines may share the folder

    @property
    def path(self) -> Path | None:
        """Return the active file, or None before the first record and after closing."""
        return Path(self._file.name) if self._file else None

    def write(
        self,
        exchange: Exchange,
        *,
        previous: Stored | None = None,
        elsewhere: Callable[[str], Stored | None] = lambda _: None,
    ) -> Stored:
        """Write response and request; return where the payload lies.

        Where `previous` holds the same payload, or the server said "not modified", a revisit record that refers to it
        is written in place of the response; likewise where `elsewhere`, asked for a payload digest, knows a record of
        another address that holds it.
        """
        digest = payload_digest(exchange.body)
        record_id = _new_id()
        date = warc_date(exchange.fetched_at)
        shared = {"WARC-Target-URI": exchange.url, "WARC-Date": date}
        optional = {
            "WARC-IP-Address": exchange.ip,
            "Fangzhi-Outlet": exchange.outlet,
            "Fangzhi-Kind": exchange.kind,
            "WARC-Truncated": exchange.truncated,
        }
        fields = {**shared, "WARC-Record-ID": record_id} | {name: text for name, text in optional.items() if text}
        block, revisit = exchange.response_head + exchange.body, None
        if previous and (exchange.not_modified or (exchange.body and previous.digest == digest)):
            revisit = previous
        elif len(exchange.body) >= WORTH_A_REVISIT and not exchange.truncated:
            revisit = elsewhere(digest)
            revisit = revisit if revisit and self.holds(revisit) else None
        if revisit:
            fields |= _refers_to(revisit, NOT_MODIFIED if exchange.not_modified else IDENTICAL)
            block = exchange.response_head
        else:
            fields["WARC-Payload-Digest"] = digest
        file = self._ready()
        fields["WARC-Warcinfo-ID"] = self._warcinfo_id
        kind = WarcRecordType.revisit if revisit else WarcRecordType.response
        request = {**shared, "WARC-Record-ID": _new_id(), "WARC-Concurrent-To": record_id}
        request["WARC-Warcinfo-ID"] = self._warcinfo_id
        offset = self._append(
            file,
            _member(kind, fields, HTTP_RESPONSE, block)
            + _member(WarcRecordType.request, request, HTTP_REQUEST, exchange.request_head),
        )
        if revisit:
            return revisit
        return Stored(
            warc_file=Path(file.name).name,
            offset=offset,
            record_id=record_id,
            date=date,
            digest=digest,
            url=exchange.url,
        )

    def write_conversion(self, source: Stored, exchange: Exchange, *, media: str) -> Stored:
        """Write a `conversion` record: the page that a browser made of the response that `source` tells the place of.

        Of the exchange its body counts, address, time, outlet and kind.
        """
        fields = {
            "WARC-Refers-To": source.record_id,
            "Fangzhi-Outlet": exchange.outlet or "",
            "Fangzhi-Kind": exchange.kind or "",
        }
        named = {name: value for name, value in fields.items() if value}
        return self._write_document(
            WarcRecordType.conversion, exchange.url, exchange.body, media=media, dated=exchange.fetched_at, fields=named
        )

    def write_note(self, url: str, lines: Mapping[str, str], *, media: str) -> Stored:
        """Write a `metadata` record: what is to be known of something that has no record of its own here."""
        block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in lines.items()).encode()
        now = self.clock()
        return self._write_document(WarcRecordType.metadata, url, block, media=media, dated=now, fields={})

    def write_resource(
        self, url: str, body: bytes, *, media: str, dated: datetime, fields: Mapping[str, str] | None = None
    ) -> Stored:
        """Write a `resource` record: a document that came as a file, without request or response."""
        return self._write_document(WarcRecordType.resource, url, body, media=media, dated=dated, fields=fields or {})

    def _write_document(  # noqa: PLR0913  (each by name)
        self,
        kind: WarcRecordType,
        url: str,
        body: bytes,
        *,
        media: str,
        dated: datetime,
        fields: Mapping[str, str],
    ) -> Stored:
        file = self._ready()
        digest, record_id, date = payload_digest(body), _new_id(), warc_date(dated)
        head = {
            "WARC-Target-URI": url,
            "WARC-Date": date,
            "WARC-Record-ID": record_id,
            "WARC-Warcinfo-ID": self._warcinfo_id,
            "WARC-Payload-Digest": digest,
            **fields,
        }
        offset = self._append(file, _member(kind, head, media, body))
        name = Path(file.name).name
        return Stored(warc_file=name, offset=offset, record_id=record_id, date=date, digest=digest, url=url)

    def syncing(self) -> Callable[[], None]:
        """Return what syncs to disk all that was written so far; it may be called in another thread."""
        if self._file is None:  # nothing was written since a file was closed, which synced it
            return lambda: None
        descriptor = os.dup(self._file.fileno())

        def sync() -> None:
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

        return sync

    def holds(self, stored: Stored) -> bool:
        """Say whether the record is still there to be referred to: a file may have been lost or cut short."""
        try:
            return (self.folder / stored.warc_file).stat().st_size > stored.offset
        except OSError:
            return False

    def close(self) -> None:
        """End the active file: from here on nobody writes to it."""
        if self._file is None:
            return
        path = Path(self._file.name)
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        path.with_name(path.name + OPEN).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _ready(self) -> IO[bytes]:
        if self._file is not None and self._size >= self.max_bytes:
            self.close()
        if self._file is None:
            self._file = self._open()
        return self._file

    def _open(self) -> IO[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._free_name()
        path.with_name(path.name + OPEN).touch()  # before the file itself: a crash in between must leave its trace
        file = path.open("xb", buffering=0)
        fcntl.flock(file, fcntl.LOCK_EX)  # tells other runs that the marker's owner lives
        self.files.append(path.name)
        self._size = 0
        self._warcinfo_id = _new_id()
        lines = {"format": "WARC File Format 1.1", **self.about}
        block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in lines.items()).encode()
        head = {
            "WARC-Date": warc_date(self.clock()),
            "WARC-Record-ID": self._warcinfo_id,
            "WARC-Filename": path.name,
        }
        self._append(file, _member(WarcRecordType.warcinfo, head, "application/warc-fields", block))
        if self.sync:
            folder = os.open(self.folder, os.O_RDONLY)
            os.fsync(folder)  # the name too must survive a power cut
            os.close(folder)
        return file

    def _free_name(self) -> Path:
        while True:
            path = self.folder / f"{self._name}-{self._number:03d}.warc.gz"
            self._number += 1
            if not path.exists():
                return path

    def _append(self, file: IO[bytes], data: bytes) -> int:
        offset = self._size
        view = memoryview(data)
        if os.fstat(file.fileno()).st_nlink == 0:
            raise CapturesGone(f"{file.name}: was deleted while the crawl wrote to it; restore the folder, run again")
        try:
            while view:
                view = view[file.write(view) :]
            if self.sync:
                os.fsync(file.fileno())
        except OSError:
            file.seek(offset)
            file.truncate()
            raise
        self._size += len(data)
        self.bytes_written += len(data)
        return offset


def repack(source: Path, target: Path) -> None:
    """Write every record of a WARC file as a gzip member of its own."""
    with source.open("rb") as stream, target.open("wb") as out:
        for record in ArchiveIterator(stream, parse_http=False):
            out.write(_packed(record))


def gather(places: Iterable[tuple[Path, int]], target: Path, *, name: str, about: Mapping[str, str]) -> None:
    """Copy the records at some places (file, offset in bytes) into a new file that says of itself what it is."""
    block = "".join(f"{key}: {' '.join(value.split())}\r\n" for key, value in about.items()).encode()
    head = {"WARC-Date": warc_date(datetime.now(UTC)), "WARC-Record-ID": _new_id(), "WARC-Filename": name}
    with target.open("wb") as out:
        out.write(_member(WarcRecordType.warcinfo, head, "application/warc-fields", block))
        for path, offset in places:
            with path.open("rb") as stream:
                stream.seek(offset)
                out.write(_packed(next(iter(ArchiveIterator(stream, parse_http=False)))))


def payload_digest(body: bytes) -> str:
    """Return a payload's digest as WARC files spell it.

    >>> payload_digest(b"")
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    return "sha256:" + hashlib.sha256(body).hexdigest()


def warc_date(moment: datetime) -> str:
    """Return an aware moment as a WARC-Date: UTC, with microseconds.

    >>> warc_date(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    '2026-01-02T03:04:05.000006Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _refers_to(previous: Stored, profile: str) -> dict[str, str]:
    return {
        "WARC-Profile": profile,
        "WARC-Refers-To": previous.record_id,
        "WARC-Refers-To-Target-URI": previous.url,
        "WARC-Refers-To-Date": previous.date,
        "WARC-Payload-Digest": previous.digest,
        # the two below are in common use beside the standard; they let a reader find the payload without an index
        "WARC-Refers-To-Filename": previous.warc_file,
        "WARC-Refers-To-File-Offset": str(previous.offset),
    }


def _member(kind: WarcRecordType, fields: Mapping[str, str], media: str, block: bytes) -> bytes:
    record = WarcRecord()
    record.init_headers(kind, content_length=len(block))
    for name, value in fields.items():
        record.headers[name] = " ".join(value.split())  # a line break here would begin a header of its own
    record.headers["Content-Type"] = media
    record.headers["WARC-Block-Digest"] = payload_digest(block)
    record.set_bytes_content(block)
    return _packed(record)


def _packed(record: WarcRecord) -> bytes:
    out = io.BytesIO()
    member = GzipWriter(out, LEVEL)
    record.write(member)
    member.finish()
    return out.getvalue()
