"""Keep what came over the network: WARC 1.1 files, one gzip member per record, on disk before anyone is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from fastwarc.warc import WarcRecordType

from crawler.active import ActiveFile
from crawler.member import (
    HTTP_REQUEST,
    HTTP_RESPONSE,
    IDENTICAL,
    NOT_MODIFIED,
    lines_of,
    member,
    new_id,
    payload_digest,
    refers_to,
    warc_date,
)
from crawler.stored import Stored

WORTH_A_REVISIT = 1_000  # bytes of a payload that another address has too; a revisit record is not smaller


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response, as bytes.

    A head is everything before the body: first line and headers, with the blank line that ends them. `body` is the
    entity as downloaded: content encodings still on, transfer encoding undone by the client. `truncated` is a
    WARC-Truncated reason ("length", "time", "disconnect", "unspecified") where the body is not whole. `asked_by` is the
    address of the page whose scripts asked for it.
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
    asked_by: str | None = None


class WarcWriter(ActiveFile):
    """Append records to the active WARC file of one run; each is synced to disk before its place is returned.

    With `sync=False` the caller sees to that by `syncing`, for many records at once.

    A failed write (disk full, folder gone) raises OSError after the half-written record has been cut off again, so
    the file stays whole. Not for more than one thread.
    """

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
        record_id = new_id()
        date = warc_date(exchange.fetched_at)
        shared = {"WARC-Target-URI": exchange.url, "WARC-Date": date}
        optional = {
            "WARC-IP-Address": exchange.ip,
            "Fangzhi-Outlet": exchange.outlet,
            "Fangzhi-Kind": exchange.kind,
            "Fangzhi-Asked-By": exchange.asked_by,
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
            fields |= refers_to(revisit, NOT_MODIFIED if exchange.not_modified else IDENTICAL)
            block = exchange.response_head
        else:
            fields["WARC-Payload-Digest"] = digest
        fields["WARC-Warcinfo-ID"] = warcinfo = self.ready()
        kind = WarcRecordType.revisit if revisit else WarcRecordType.response
        request = {**shared, "WARC-Record-ID": new_id(), "WARC-Concurrent-To": record_id}
        request["WARC-Warcinfo-ID"] = warcinfo
        file, offset = self.append(
            member(kind, fields, HTTP_RESPONSE, block)
            + member(WarcRecordType.request, request, HTTP_REQUEST, exchange.request_head)
        )
        if revisit:
            return revisit
        return Stored(
            warc_file=file,
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
        block, now = lines_of(lines), self.clock()
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
        digest, record_id, date = payload_digest(body), new_id(), warc_date(dated)
        head = {
            "WARC-Target-URI": url,
            "WARC-Date": date,
            "WARC-Record-ID": record_id,
            "WARC-Warcinfo-ID": self.ready(),
            "WARC-Payload-Digest": digest,
            **fields,
        }
        file, offset = self.append(member(kind, head, media, body))
        return Stored(warc_file=file, offset=offset, record_id=record_id, date=date, digest=digest, url=url)

    def holds(self, stored: Stored) -> bool:
        """Say whether the record is still there to be referred to: a file may have been lost or cut short."""
        try:
            return (self.folder / stored.warc_file).stat().st_size > stored.offset
        except OSError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
