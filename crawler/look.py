"""Look at a few addresses of a site and keep nothing: the spider under every dry run."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urljoin

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.address import normalise
from crawler.crawl import settings_of
from crawler.robots import RobotsLines

PAUSE = 2.0  # seconds between two requests to a host; none on a private one
UNREADABLE = 500  # status from which on a robots.txt forbids everything


class Look(Spider):
    """Ask for pages one after the other, robots.txt obeyed; `notes` says what could not be had.

    Whoever inherits this says in `work` what is asked for, and in `stays` where redirects may lead.
    """

    name = "look"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(self.name, **kwargs)
        self.notes: list[str] = []

    async def work(self) -> None:
        """Do the look."""
        raise NotImplementedError

    def stays(self, url: str) -> bool:
        """Say whether an address is one that may be asked for."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        await self.work()
        return
        yield  # makes this a generator, which Scrapy asks for

    async def get(self, url: str, *, guessed: bool = False, hops: int = 4) -> Response | None:
        """Return what a URL answers with status 200, redirects followed; None, and a note, for everything else.

        Where an address was only guessed, another status is worth no note.
        """
        response = await self._fetch(url, {})
        if response is None:
            return None
        if response.status in (301, 302, 303, 307, 308) and hops:
            target = normalise((response.headers.get("Location") or b"").decode("latin-1"), url)
            return await self.get(target, guessed=guessed, hops=hops - 1) if target and self.stays(target) else None
        if response.status != 200:
            self.notes += [] if guessed else [f"{url}: status {response.status}"]
            return None
        return response

    async def robots(self, url: str) -> RobotsLines | None:
        """Return the robots.txt that an address is under, one that allows all where there is none; None for unknown."""
        response = await self._fetch(urljoin(url, "/robots.txt"), {"dont_obey_robotstxt": True})
        if response is None or response.status >= UNREADABLE or response.status == 429:
            return None
        return RobotsLines(response.body if response.status < 300 else b"", self)

    async def _fetch(self, url: str, meta: Mapping[str, Any]) -> Response | None:
        assert self.crawler.engine is not None  # noqa: S101  (for the type checker)
        try:
            request = Request(url, meta={"handle_httpstatus_all": True, "proxy": None, **meta})
            return await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            self.notes.append(f"{url}: {error}")
        except Exception as error:  # noqa: BLE001  (whatever the network does is a note here)
            self.notes.append(f"{url}: {type(error).__name__}: {error}")
        return None


L = TypeVar("L", bound=Look)


def look(
    spider: type[L], *, resolve: Mapping[str, str] | None, private: list[str], contact: str | None, **parts: Any
) -> L:
    """Run a look made of `parts` in this process, once in its life; return it. `private`: hosts here, asked at once."""
    settings = settings_of(resolve=resolve, private=private, contact=contact)
    keepless = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), "crawler.keep.KeepMiddleware": None}
    settings.set("DOWNLOADER_MIDDLEWARES", keepless)
    settings.set("DOWNLOAD_DELAY", 0.0 if private else PAUSE)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    process.crawl(crawler, **parts)
    process.start()
    if not isinstance(crawler.spider, spider):
        raise RuntimeError("the look did not begin")  # noqa: TRY004  (the spider is none, not another)
    return crawler.spider
