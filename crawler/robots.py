"""Obey robots.txt as RFC 9309 has it: what cannot be had forbids, what is not there allows."""

import time

from scrapy import Spider
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

MAX_BYTES = 512_000  # what must be read of a robots.txt
ASK_AGAIN = 60.0  # seconds until a robots.txt that could not be had is asked for anew


class RobotsUnavailable(IgnoreRequest):
    """A robots.txt was answered with a failure, so that nobody can say what is allowed; tells the status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"robots.txt was answered with status {status}")
        self.status = status


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own middleware, which allows everything where robots.txt fails, made stricter."""

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002
        if request.meta.get("dont_obey_robotstxt"):
            return
        host = urlparse_cached(request).netloc
        failures: dict[str, tuple[float, Exception]] = self.__dict__.setdefault("failures", {})
        asked_at, failure = failures.get(host, (0.0, None))
        if failure is not None and time.monotonic() - asked_at > ASK_AGAIN:
            del failures[host]
            self._parsers.pop(host, None)
        await super().process_request(request)
        if host in failures:
            # where robots.txt cannot be had for want of a connection, that is what is wrong with the page too
            raise failures[host][1]

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        request.meta["robots_status"] = response.status
        if response.status >= 500 or response.status == 429:
            self._note(netloc, RobotsUnavailable(response.status))
        body = response.body[:MAX_BYTES] if response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._note(netloc, exc)
        super()._robots_error(exc, netloc)

    def _note(self, netloc: str, failure: Exception) -> None:
        self.__dict__.setdefault("failures", {})[netloc] = (time.monotonic(), failure)
