"""Keep the head of every response as it came over the wire, and what came of a body before its time was up.

Scrapy hands over headers in normal form, without the words of the status line and without Transfer-Encoding. The
parser below notes the lines (their order, case, doublets, odd bytes) before they are taken apart and passes them on in
a header of ours, which `keep.py` takes off again before anyone sees it. Of an answer that is cut off by the time limit
Scrapy hands over nothing; the agent below hands over what came, flagged as `TIMED_OUT`.
"""

from base64 import b64encode
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ResponseReader,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.interfaces import IAddress
from twisted.web.client import Response as TxResponse

HEAD = b"X-Fangzhi-Wire-Head"
TIMED_OUT = "timed-out"  # flag of a response whose body is not whole because its time was up
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


class _Agent(_ScrapyAgent):
    """Scrapy's own agent, but for what it does when the time is up."""

    @staticmethod
    def _cancel(_: Any, txresponse: TxResponse) -> None:
        reader = txresponse._bodyProtocol  # noqa: SLF001
        if isinstance(reader, _ResponseReader):
            reader._finish_response(flags=[TIMED_OUT])  # noqa: SLF001
        txresponse._transport._producer.abortConnection()  # noqa: SLF001

    def _cb_timeout(self, result: Any, request: Request, url: str, timeout: float) -> Any:
        if isinstance(result, Response) and TIMED_OUT in result.flags:
            return result
        return super()._cb_timeout(result, request, url, timeout)


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's own handler for HTTP and HTTPS, with a parser that keeps the head and an agent that keeps the rest."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001  (as Scrapy's own handler does)

    async def download_request(self, request: Request) -> Response:
        agent = _Agent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))
