"""Write every exchange to the WARC before anyone reads it: the innermost downloader middleware."""

import asyncio
import errno
import shutil
from base64 import b64decode
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, Self, cast
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Request, Response

from crawler.lease import Lease
from crawler.run import Run
from crawler.wire import HEAD, TIMED_OUT
from crawler.writer import Exchange, WarcWriter

RENAMED = b"X-Fangzhi-Orig-"  # the client undoes transfer encodings: the header would no longer be true of the bytes
HOP_BY_HOP = (b"transfer-encoding",)
DISK_FLOOR = 100_000_000  # bytes that must be free; below, the crawl stops before it is forced to


class Keeper(Protocol):
    """What the middleware needs of a spider."""

    run: Run

    def abort(self, error: Exception) -> None:
        """End the crawl: nothing more can be kept."""


class KeepMiddleware:
    """Keep request and response, with what the client changed said in the record.

    The writer is the spider's (`spider.run.writer`). `request.meta["stored"]` tells where the payload lies afterwards.
    A write that fails stops the crawl: what cannot be kept must not be fetched.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.max_size = crawler.settings.getint("FANGZHI_MAX_BODY")
        self._next_sync: asyncio.Future[None] | None = None
        self._syncing = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.count, signals.bytes_received)
        return middleware

    def count(self, data: bytes, request: Request) -> None:
        """Stop a download at the limit; what came so far is kept, as truncated."""
        size = request.meta["received"] = request.meta.get("received", 0) + len(data)
        if size > self.max_size:
            raise StopDownload(fail=False)

    async def process_response(self, request: Request, response: Response) -> Response:
        head = response.headers.pop(HEAD, None)
        keeper = cast("Keeper", self.crawler.spider)
        writer, known = keeper.run.writer, keeper.run.frontier.payload
        lease: Lease | None = request.meta.get("lease")
        exchange = Exchange(
            url=request.url,
            fetched_at=writer.clock(),
            request_head=_request_head(request),
            response_head=_response_head(response, b64decode(head[0]) if head else None),
            body=response.body,
            ip=str(response.ip_address) if response.ip_address else None,
            truncated=_truncated(response),
            outlet=lease.outlet if lease else request.meta.get("part_of"),
            kind=_kind(request, lease),
            not_modified=response.status == HTTPStatus.NOT_MODIFIED,
            asked_by=request.meta.get("asked_by"),
        )
        try:
            _check_room(writer.folder)
            if source := request.meta.get("rendering"):
                request.meta["stored"] = writer.write_conversion(source, exchange, media=_media(response))
            else:
                previous = lease.stored if lease and exchange.kind == lease.kind and request.meta.get("refer") else None
                # what a browser makes of a page is told by the record of that very page
                elsewhere = known if lease and not request.meta.get("to_render") else (lambda _: None)
                request.meta["stored"] = writer.write(exchange, previous=previous, elsewhere=elsewhere)
            await self._synced(writer)
        except OSError as error:
            error.filename = error.filename or str(writer.folder)
            keeper.abort(error)
            raise
        request.meta["fetched_at"] = exchange.fetched_at
        request.meta["truncated"] = exchange.truncated
        request.meta["wire_size"] = len(response.body)
        return response

    async def _synced(self, writer: WarcWriter) -> None:
        """Return when all that was written so far is on disk; one sync serves all who wait for it.

        A sync takes a fifth of a millisecond on an idle disk and ten on a busy one: too long to hold up the others.
        """
        if self._next_sync is None:
            self._next_sync = asyncio.ensure_future(self._sync(writer))
        await asyncio.shield(self._next_sync)

    async def _sync(self, writer: WarcWriter) -> None:
        async with self._syncing:
            self._next_sync = None  # whoever writes from here on needs the sync after this one
            await asyncio.to_thread(writer.syncing())


def _kind(request: Request, lease: Lease | None) -> str:
    """Return what an answer is kept as: what its row asks for, or what goes before it, or with it."""
    if lease is not None:
        return "shell" if request.meta.get("to_render") else lease.kind
    return "part" if "part_of" in request.meta else "robots"


def _media(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"text/html").decode("latin-1")


def _check_room(folder: Path) -> None:
    if shutil.disk_usage(folder if folder.exists() else folder.parent).free < DISK_FLOOR:
        raise OSError(errno.ENOSPC, "less than 100 MB are free", str(folder))


def _truncated(response: Response) -> str | None:
    if "download_stopped" in response.flags:
        return "length"
    if TIMED_OUT in response.flags:
        return "time"
    return "disconnect" if "dataloss" in response.flags else None


def _request_head(request: Request) -> bytes:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {target} HTTP/1.1".encode(), b"Host: " + parts.netloc.encode()]
    for name, values in request.headers.items():
        lines += [name + b": " + value for value in values]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _response_head(response: Response, wire: bytes | None) -> bytes:
    if wire is not None:
        lines = [_renamed(line) for line in wire.rstrip(b"\r\n").split(b"\r\n")]
        return b"\r\n".join(lines) + b"\r\n\r\n"
    phrase = HTTPStatus(response.status).phrase if response.status in HTTPStatus._value2member_map_ else ""
    lines = [f"{response.protocol or 'HTTP/1.1'} {response.status} {phrase}".encode()]
    for name, values in response.headers.items():
        lines += [name + b": " + value for value in values]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _renamed(line: bytes) -> bytes:
    name = line.partition(b":")[0].strip().lower()
    return RENAMED + line if name in HOP_BY_HOP else line
