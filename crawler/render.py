"""Let a browser make a page of what the server sent: a downloader middleware for outlets that say `browser = true`.

What the server sent is captured first, and handed to the browser from there. Whatever the page's scripts then ask for
goes through this crawl's own downloader, hence by robots.txt, the delay, the guard against private addresses, and into
the WARC; the browser itself reaches nothing. The page that comes of it is kept as a `conversion` record. A challenge
is not rendered: it would be solved by that.
"""

import asyncio
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, Self, cast
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Request, Response
from scrapy.settings import Settings

from crawler.address import host_of
from crawler.handle import Answer
from crawler.lease import Lease
from crawler.outlet import Outlet, OutletError
from crawler.run import Run
from crawler.troubles import RenderFailed
from crawler.verdict import judge

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

RENDERED = frozenset({"article", "column", "edition"})  # kinds of address that scripts fill
PARTS = frozenset({"script", "xhr", "fetch"})  # what a page's text may depend on; pictures and styles are not asked for
MAX_PARTS = 60  # of one page
LONGEST = 600.0  # seconds for the pauses between them, whatever a host asks: a lease lasts 900
AT_ONCE = 2  # pages in the browser
REST = 0.5  # of the time that one fetch may take: until then a page may come to rest, beside the pauses of its parts
CLOSING = 10.0  # seconds for the browser to let go of a page
KEPT = 200  # scripts that are not asked for again in one run
LARGEST_KEPT = 2_000_000  # bytes
ENCODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})  # no longer true of what is handed on
MISSING = (
    "{}: browser = true needs a browser: pip install 'fangzhi[browser]', and Chromium (Debian: apt install chromium)"
)


class Keeper(Protocol):
    """What the middleware needs of a spider."""

    run: Run


def set_up(settings: Settings, outlets: list[Outlet]) -> None:
    """Have a browser ready where an outlet needs one; raise OutletError where that is not installed."""
    wanting = [outlet.slug for outlet in outlets if outlet.browser]
    if not wanting:
        return
    try:
        from crawler.browser import is_there, use_browser  # noqa: PLC0415  (an extra, and slow to load)
    except ImportError:
        raise OutletError(MISSING.format(wanting[0])) from None
    if not is_there():
        raise OutletError(MISSING.format(wanting[0]))
    use_browser(settings)


class RenderMiddleware:
    """Put the rendered page in the place of the answer, and the place where it is stored into `meta["stored"]`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._pages = asyncio.Semaphore(AT_ONCE)
        self._hosts: dict[str, asyncio.Lock] = {}
        self._scripts: dict[str, Response] = {}
        self._numbers = count(1)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        lease: Lease | None = request.meta.get("lease")
        if lease is None or not request.meta.get("to_render"):
            return response
        outlet = self._run.outlets[lease.outlet]
        if response.status != 200 or not isinstance(response, HtmlResponse) or request.meta.get("truncated"):
            return response
        verdict = judge(Answer.of(response.replace(request=request), lease, outlet, None).capture, outlet)
        if verdict is not None and verdict.kind == "blocked":
            return response
        async with self._pages:
            rendered = await self._render(request, response, outlet)
        for name in ("stored", "fetched_at", "truncated"):
            request.meta[name] = rendered.meta[name]
        request.meta["wire_size"] += rendered.meta["wire_size"]
        return response.replace(body=rendered.body)

    @property
    def _run(self) -> Run:
        return cast("Keeper", self.crawler.spider).run

    async def _render(self, request: Request, response: Response, outlet: Outlet) -> Response:
        if "PLAYWRIGHT_LAUNCH_OPTIONS" not in self.crawler.settings:  # its file was changed while the crawl ran
            raise RenderFailed("no browser was asked for when this crawl began: begin it again")
        from scrapy_playwright.page import PageMethod  # noqa: PLC0415  (an extra)

        visit = _Visit(self, response, request.meta["lease"], outlet)
        pauses = min(MAX_PARTS * self._run.pause_of(host_of(request.url)), LONGEST)
        bound = self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        meta = {
            "playwright": True,
            "playwright_context": f"page-{next(self._numbers)}",  # each page is looked at as by a stranger
            "playwright_context_kwargs": {
                "service_workers": "block",
                "accept_downloads": False,
                "user_agent": self.crawler.settings["USER_AGENT"],
                "locale": "zh-CN",
                "timezone_id": outlet.timezone,
            },
            "playwright_page_init_callback": visit.open,
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": 1000 * bound},
            "playwright_page_methods": [PageMethod(visit.settle, REST * bound + pauses)],
            "download_slot": "browser",
            "rendering": request.meta["stored"],  # tells keep.py what this is a conversion of
            "lease": request.meta["lease"],
        }
        asked = Request(request.url, meta=meta, dont_filter=True)
        try:
            return await asyncio.wait_for(self._download(asked), bound + pauses)
        except TimeoutError:
            raise RenderFailed(f"no page came of it in {bound + pauses:.0f} seconds") from None
        except OSError:
            raise  # the WARC cannot be written: that ends the crawl
        except Exception as error:  # whatever befalls a browser is the page's affair: it is a row, and tried again
            raise RenderFailed(f"{type(error).__name__}: {error}"[:300]) from error
        finally:
            await visit.close()

    async def _download(self, request: Request) -> Response:
        assert self.crawler.engine is not None  # noqa: S101  (for the type checker)
        return await self.crawler.engine.download_async(request)

    async def part(self, url: str, outlet: Outlet, *, page: str, script: bool) -> Response:
        """Return what the scripts of a page asked for: one at a time from each host, and with the pause of the host."""
        host = host_of(url)
        async with self._hosts.setdefault(host, asyncio.Lock()):
            if url in self._scripts:
                return self._scripts[url]
            await asyncio.sleep(self._run.pause_of(host))
            meta: dict[str, Any] = {"part_of": outlet.slug, "download_slot": f"parts:{host}"}
            if not script:  # a script is every page's
                meta["asked_by"] = page
            if outlet.private:
                meta["proxy"] = None
            response = await self._download(Request(url, meta=meta, dont_filter=True))
            if script and response.status == 200 and len(response.body) <= LARGEST_KEPT and len(self._scripts) < KEPT:
                self._scripts[url] = response
            return response


class _Visit:
    """One page in the browser, from its opening to its end."""

    def __init__(self, middleware: RenderMiddleware, response: Response, lease: Lease, outlet: Outlet) -> None:
        self.middleware = middleware
        self.response = response
        self.lease = lease
        self.outlet = outlet
        self.page: Page | None = None
        self.arrived = False
        self.parts = 0

    async def open(self, page: "Page", request: Request) -> None:  # noqa: ARG002  (scrapy-playwright's form)
        """Answer all that this page will ask for."""
        self.page = page
        await page.route("**", self._answer)

    async def settle(self, page: "Page", seconds: float) -> None:
        """Wait until the page asks for nothing more; one that never stops asking is taken as it stands."""
        from playwright.async_api import TimeoutError as PlaywrightTimeout  # noqa: PLC0415  (an extra)

        with suppress(PlaywrightTimeout):
            await page.wait_for_load_state("networkidle", timeout=1000 * seconds)

    async def close(self) -> None:
        """Close the page, also one that hangs, with all that it left behind."""
        if self.page is not None:
            with suppress(Exception):  # the browser may be gone
                await asyncio.wait_for(self.page.context.close(), CLOSING)

    async def _answer(self, route: "Route") -> None:
        asked = route.request
        response: Response | None = None
        if asked.is_navigation_request() and asked.frame.parent_frame is None and not self.arrived:
            self.arrived = True
            response = self.response
        elif self._is_wanted(asked.url, asked.resource_type, asked.method):
            self.parts += 1
            with suppress(Exception):  # refused by robots.txt, or failed: the page has to do without it
                script = asked.resource_type == "script"
                response = await self.middleware.part(asked.url, self.outlet, page=self.response.url, script=script)
        with suppress(Exception):  # the page may be closed by now
            if response is None:
                await route.abort()
            else:
                await route.fulfill(status=response.status, headers=_headers(response), body=response.body)

    def _is_wanted(self, url: str, kind: str, method: str) -> bool:
        own = urlsplit(url).scheme in {"http", "https"} and self.outlet.owns(url)
        return own and kind in PARTS and method == "GET" and self.parts < MAX_PARTS


def is_rendered(lease: Lease, outlet: Outlet) -> bool:
    """Say whether a browser makes the page of an address."""
    return outlet.browser and lease.kind in RENDERED


def _headers(response: Response) -> dict[str, str]:
    named = {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
    return {name: value for name, value in named.items() if name.lower() not in ENCODED}
