"""Try an outlet's file before a crawl does: ask its sources once, or take addresses as given; say what would come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.address import host_of, normalise
from crawler.discovery.epaper import edition_days, edition_url
from crawler.discovery.links import links
from crawler.discovery.listing import Unreadable
from crawler.foresee import Asked, Foreseen, foresee
from crawler.frontier import Frontier
from crawler.handle import read_list
from crawler.lease import Found
from crawler.look import Look, look
from crawler.outlet import Outlet, Source
from crawler.robots import RobotsLines


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a dry run tells: the fate of every address, and what could not be had."""

    foreseen: tuple[Foreseen, ...]
    notes: tuple[str, ...]


def try_out(
    outlet: Outlet,
    urls: Iterable[str] = (),
    *,
    crawl_db: Path,
    resolve: Mapping[str, str] | None = None,
    contact: str | None = None,
) -> Tried:
    """Say what a crawl would do with addresses, or with all that the outlet's sources link to now where none is given.

    Asks for robots.txt and, without addresses, for one page of each source; keeps nothing. `crawl_db` tells what is
    held already, where it is there. To be called once per process.
    """
    private = sorted(outlet.all_hosts) if outlet.private else []
    parts = {"outlet": outlet, "urls": tuple(urls)}
    looked = look(OutletLook, resolve=resolve, private=private, contact=contact, **parts)
    if crawl_db.is_file():
        with Frontier(crawl_db, read_only=True) as memory:
            asked = [
                replace(one, row=memory.row(one.url), withdrawn=memory.is_withdrawn(one.url)) for one in looked.asked
            ]
    else:
        asked = looked.asked
    return Tried(foreseen=tuple(foresee(one) for one in asked), notes=tuple(looked.notes))


class OutletLook(Look):
    """Gather the addresses to speak of, each with what its host's robots.txt says."""

    name = "outlet-look"

    def __init__(self, outlet: Outlet, urls: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = datetime.now(ZoneInfo(outlet.timezone)).date()
        self.given = outlet
        self.outlet = outlet.as_of(self.today)
        self.urls = urls
        self.asked: list[Asked] = []
        self._seen: set[str] = set()
        self._robots: dict[str, RobotsLines | None] = {}

    def stays(self, url: str) -> bool:
        return self.outlet.owns(url)

    async def work(self) -> None:
        for url in self.urls:
            await self._ask(url, None)
        if not self.urls:
            for source in self.outlet.sources:
                await self._read(source)

    async def _read(self, source: Source) -> None:
        """Ask for the first page of a source and take note of all that it links to."""
        day = next(iter(edition_days(self.outlet, source, self.today, None, None)), None)
        url = edition_url(source, day) if source.type == "epaper" and day else normalise(source.url)
        if url is None:
            return
        kind = "edition" if source.type == "epaper" else source.type
        await self._ask(url, kind)
        response = await self.get(url)
        if response is None:
            return
        try:
            found = self._found(response.body, url, kind, source, day)
        except Unreadable as error:
            self.notes.append(f"{url}: {error}")
            return
        for address, taken_for in found.items():
            await self._ask(address, taken_for)

    def _found(self, body: bytes, url: str, kind: str, source: Source, day: date | None) -> dict[str, str | None]:
        """Return what a page links to, each address with what it is taken for; None for what is left alone."""
        listing = read_list(body, Found(url=url, kind=kind, day=day), self.outlet, source)
        found: dict[str, str | None] = {one.url: one.kind for one in (*listing.found, *listing.more, *listing.always)}
        if kind in ("column", "edition"):
            for link in links(body, url):
                found.setdefault(link.url, None)
        return found

    async def _ask(self, url: str, kind: str | None) -> None:
        address = normalise(url)
        if (address or url) in self._seen:
            return
        self._seen.add(address or url)
        robots = None
        if address is not None and self.outlet.owns(address):
            key = f"{address.partition(':')[0]}://{host_of(address)}"
            if key not in self._robots:
                self._robots[key] = await self.robots(address)
            robots = self._robots[key]
        self.asked.append(Asked(url=address or url, outlet=self.given, today=self.today, kind=kind, robots=robots))
