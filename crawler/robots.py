"""Obey robots.txt as RFC 9309 has it: what cannot be had forbids, what is not there allows; say which line decided."""

import time
from functools import cached_property

from protego._utils import _quote_path  # which rule matched is told by none of Protego's public functions
from scrapy import Spider
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser, decode_robotstxt
from scrapy.utils.httpobj import urlparse_cached

AGENT = "Fangzhi"  # the name by which robots.txt knows us
MAX_BYTES = 512_000  # what must be read of a robots.txt
ASK_AGAIN = 60.0  # seconds until a robots.txt that could not be had is asked for anew
SHOWN = 120  # characters of a line


class RobotsForbids(IgnoreRequest):
    """A robots.txt forbids an address; the message quotes the line."""


class RobotsUnavailable(IgnoreRequest):
    """A robots.txt was answered with a failure, so that nobody can say what is allowed; tells the status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"robots.txt was answered with status {status}")
        self.status = status


class RobotsLines(ProtegoRobotParser):
    """Scrapy's own parser, which can also say which line of the file decided on an address."""

    def __init__(self, robotstxt_body: bytes, spider: Spider | None) -> None:
        super().__init__(robotstxt_body, spider)
        self.lines = decode_robotstxt(robotstxt_body, spider).splitlines()

    def line_for(self, url: str) -> str | None:
        r"""Return the line that decided on an address for us, as "line N: TEXT"; None where none spoke of it.

        >>> robots = RobotsLines(b"User-agent: *\nDisallow: /a/\nAllow: /a/b  # but that", None)
        >>> [robots.line_for(f"http://p.example{path}") for path in ("/a/1", "/a/b", "/")]
        ['line 2: Disallow: /a/', 'line 3: Allow: /a/b', None]
        """
        rules = self.rp._get_matching_rule_set(AGENT)  # noqa: SLF001  (see the import above)
        path = _quote_path(url)
        rule = next((one for one in rules._rules if one.value.match(path)), None) if rules else None  # noqa: SLF001
        if rule is None:
            return None
        number, text = self._written.get((rule.field, rule.value._pattern), (0, ""))  # noqa: SLF001
        text = text or f"{rule.field.capitalize()}: {rule.value._pattern}"  # noqa: SLF001
        return (f"line {number}: " if number else "") + text[:SHOWN]

    @cached_property
    def _written(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Return where each rule stands, and its words without comment."""
        rules = self.rp._get_matching_rule_set(AGENT)  # noqa: SLF001
        written: dict[tuple[str, str], tuple[int, str]] = {}
        for number, line in enumerate(self.lines, 1):
            text = line.partition("#")[0].strip()
            name, colon, value = text.partition(":")
            pattern = rules._url_pattern(value.strip()) if colon and rules else None  # noqa: SLF001
            if pattern is not None:
                written.setdefault((name.strip().lower(), pattern._pattern), (number, text))  # noqa: SLF001
        return written


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

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if isinstance(rp, RobotsLines) and not rp.allowed(request.url, AGENT):
            raise RobotsForbids(f"robots.txt, {rp.line_for(request.url)}")

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
