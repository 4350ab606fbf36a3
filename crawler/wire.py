"""Keep the head of every response as it came over the wire: its own line, order, case, doublets, odd bytes.

Scrapy hands over headers in normal form, without the words of the status line and without Transfer-Encoding. The
parser below notes the lines before they are taken apart and passes them on in a header of ours, which `keep.py` takes
off again before anyone sees it.
"""

from base64 import b64encode
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from twisted.internet.interfaces import IAddress

HEAD = b"X-Fangzhi-Wire-Head"
MAX_LINES = 1000


class _Parser(_LenientHTTPClientParser):
    """Note the lines of the head. Made by changing the class of a parser, hence without state of its own at first."""

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  (Twisted's name, as below)
        noted: list[bytes] = self.__dict__.setdefault("noted", [])
        # an interim answer (100, 103) has a head of its own, which is not that of the response
        if not noted or self.state == "STATUS":
            noted.clear()
        if len(noted) < MAX_LINES:
            noted.append(line.removesuffix(b"\r"))
        super().lineReceived(line)

    def allHeadersReceived(self) -> None:  # noqa: N802
        head = b"\r\n".join(self.__dict__.get("noted", []))
        self.headers.addRawHeader(HEAD, b64encode(head))
        super().allHeadersReceived()  # type: ignore[no-untyped-call]


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = _Parser
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _Protocol:  # noqa: ARG002, N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's own handler for HTTP and HTTPS, with a parser that keeps the head."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001  (as Scrapy's own handler does)
