"""Look at a site of which only the home page is known: what could be crawled there, how, and why we think so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from charset_normalizer import from_bytes
from scrapy.http import Response
from scrapy.utils.sitemap import sitemap_urls_from_robots

from crawler.address import day_of, normalise
from crawler.discovery.feeds import read_feed
from crawler.discovery.links import Link, links
from crawler.discovery.listing import Unreadable
from crawler.discovery.patterns import Shape, article_shapes
from crawler.discovery.sitemaps import read_sitemap
from crawler.look import Look, look
from crawler.outlet import Outlet
from crawler.parts import SCRIPTED

MAX_COLUMNS = 8  # column pages that are looked at
FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)
FEED_WORDS = re.compile(r"rss|atom|feed", re.IGNORECASE)
PAPER_WORDS = re.compile(r"数字报|电子报|數字報|電子報|数字版|电子版|报纸|日报|晚报|日報|晚報")
COLUMN_WORDS = re.compile(
    r"要闻|新闻|时政|民生|社会|县区|县域|通知|公告|公示|动态|政策|文件|信息|本地|经济|教育|健康|卫生|工作|新聞|要聞|公開|公开"
)
NEXT_WORDS = re.compile(r"^\s*(下一[页頁]|下[页頁]|后一页|>>|›|»)\s*$")
USUAL = {"feed": ("/rss.xml", "/feed", "/rss/"), "sitemap": ("/sitemap.xml", "/sitemap_index.xml")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A source that was found: its type, its address, why we think so, how many articles stand on it now."""

    type: str
    url: str
    why: str
    articles: int = 0
    next: str | None = None


@dataclass(slots=True, kw_only=True)
class Probe:
    """What is known of a site after a look at it. `would_fetch` is what a first crawl would ask for."""

    home: str
    title: str = ""
    findings: list[Finding] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    would_fetch: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def toml(self) -> str:
        """Return an outlet file for this site, with what was found; what nobody can know is left to be filled in."""
        lines = [
            f"name = {_quoted(self.title or urlsplit(self.home).hostname or '')}",
            f"home = {_quoted(self.home)}",
            'kind = "portal"  # government, commission, paper, epaper, portal, farm, mill or mirror',
            '# region = "000000"  # GB/T 2260',
            *([f"hosts = [{', '.join(map(_quoted, self.hosts))}]"] if self.hosts else []),
            "checked = false",
            'note = "written by a look at the home page; check the rules before use"',
        ]
        for finding in self.findings:
            lines += ["", f"[[sources]]  # {finding.why}", f"type = {_quoted(finding.type)}"]
            lines.append(f"url = {_quoted(finding.url)}")
            if finding.next:
                lines.append(f"next = {_quoted(finding.next)}")
        if not self.findings:
            lines += ["", "[[sources]]  # nothing better was found", 'type = "column"', f"url = {_quoted(self.home)}"]
        if self.shapes:
            rules = ", ".join(f"'{shape.rule}'" for shape in self.shapes)
            lines += ["", "[urls]", f"article = [{rules}]"]
        return "\n".join(lines) + "\n"


def probe(
    url: str, *, resolve: Mapping[str, str] | None = None, private: bool = False, contact: str | None = None
) -> Probe:
    """Look at a site, a dozen requests at most, robots.txt obeyed, nothing kept; to be called once per process.

    Raises ValueError where the address is none, or where nothing answers there.
    """
    home = normalise(url if "://" in url else f"http://{url}/")
    if home is None:
        raise ValueError(f"{url}: not an address that can be fetched over HTTP")
    host = urlsplit(home).hostname or ""
    hosts = [host, f".{host.removeprefix('www.')}"] if private else []
    found = Probe(home=home)
    found.notes = look(ProbeLook, resolve=resolve, private=hosts, contact=contact, probe=found).notes
    if not found.title and not found.shapes and not found.findings:
        raise ValueError(f"{home}: {'; '.join(found.notes) or 'nothing there that could be crawled'}")
    return found


class ProbeLook(Look):
    """Fetch the home page, then what it hints at; fill the `Probe` that it was given."""

    name = "probe"

    def __init__(self, probe: Probe, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.probe = probe

    def stays(self, url: str) -> bool:
        return _same_site(url, self.probe.home)

    async def work(self) -> None:
        home = await self.get(self.probe.home)
        if home is None:
            return
        self.probe.home = home.url
        self.probe.title = _title(home)
        here = [link for link in links(home.body, home.url) if _same_site(link.url, home.url)]
        self.probe.shapes = article_shapes(here)
        await self._feeds(home, here)
        await self._sitemaps(home)
        await self._columns(home, here)
        await self._papers(here)
        self.probe.hosts = sorted(
            {urlsplit(one.url).hostname or "" for one in self.probe.findings} - {urlsplit(home.url).hostname}
        )
        self.probe.would_fetch = [finding.url for finding in self.probe.findings]
        for shape in self.probe.shapes:
            self.probe.would_fetch += shape.examples

    async def _feeds(self, home: Response, here: list[Link]) -> None:
        declared = re.findall(rb"<link\b[^>]*>", home.body)
        candidates = {}
        for tag in declared:
            text = tag.decode("latin-1")
            href = re.search(r"href\s*=\s*[\"']?([^\"'>\s]+)", text)
            if FEED_TYPES.search(text) and href and (url := normalise(href[1], home.url)):
                candidates[url] = "the home page declares it"
        for link in here:
            if FEED_WORDS.search(urlsplit(link.url).path):
                candidates.setdefault(link.url, "the home page links to it")
        for path in USUAL["feed"]:
            candidates.setdefault(urljoin(home.url, path), "a usual place")
        for url, why in list(candidates.items())[:5]:
            answer = await self.get(url, guessed=True)
            if answer is not None and (number := _articles_in(read_feed, answer, self._outlet())):
                self.probe.findings.append(Finding(type="feed", url=url, why=why, articles=number))
                return

    async def _sitemaps(self, home: Response) -> None:
        robots = await self.get(urljoin(home.url, "/robots.txt"), guessed=True)
        candidates = {}
        if robots is not None:
            for url in sitemap_urls_from_robots(robots.body, base_url=robots.url):
                candidates[url] = "robots.txt names it"
        for path in USUAL["sitemap"]:
            candidates.setdefault(urljoin(home.url, path), "a usual place")
        for url, why in list(candidates.items())[:3]:
            answer = await self.get(url, guessed=True)
            if answer is None:
                continue
            number = _articles_in(lambda body, at, outlet: read_sitemap(body, at, outlet, 1), answer, self._outlet())
            if number:
                self.probe.findings.append(Finding(type="sitemap", url=url, why=why, articles=number))
                return

    async def _columns(self, home: Response, here: list[Link]) -> None:
        rules = [re.compile(shape.rule) for shape in self.probe.shapes]
        named = [
            link
            for link in here
            if link.url != home.url
            and any(2 <= len(reading) <= 8 and COLUMN_WORDS.search(reading) for reading in link.readings)
            and not any(rule.search(link.url) for rule in rules)
        ]
        more: list[Link] = []
        queue, seen = list(named), {link.url for link in named}
        for link in queue:  # grows while it is walked
            if (
                len(seen & {one.url for one in self.probe.findings}) >= MAX_COLUMNS
                or queue.index(link) >= 2 * MAX_COLUMNS
            ):
                break
            answer = await self.get(link.url, guessed=True)
            if answer is None:
                continue
            there = [one for one in links(answer.body, answer.url) if _same_site(one.url, home.url)]
            more += there
            shapes = article_shapes(there)
            examples = [url for shape in shapes for url in shape.examples]
            # a folder that articles stand in is a column, where it is linked
            below = [one for one in there if one.url.endswith("/") and any(url.startswith(one.url) for url in examples)]
            queue += [one for one in below if one.url not in seen and one.url != home.url]
            seen |= {one.url for one in below}
            number = sum(shape.count for shape in shapes)
            if number < 3:
                continue
            words = next((word for word in link.readings if COLUMN_WORDS.search(word)), link.words)
            pager = next(
                (match[1] for one in there for text in one.readings if (match := NEXT_WORDS.match(text))), None
            )
            why = f"{words}: {number} links like articles"
            why += ", pages by script" if pager is None and SCRIPTED.search(answer.body.decode("latin-1")) else ""
            found = Finding(type="column", url=answer.url, why=why, articles=number, next=pager)
            self.probe.findings.append(found)
        self.probe.shapes = article_shapes({link.url: link for link in [*here, *more]}.values())

    async def _papers(self, here: list[Link]) -> None:
        for link in here:
            if not any(PAPER_WORDS.search(reading) for reading in link.readings) and "szb" not in link.url:
                continue
            answer = await self.get(link.url, guessed=True)
            if answer is None:
                continue
            for one in [Link(answer.url, ""), *links(answer.body, answer.url)]:
                day = day_of(one.url)
                if day and re.search(r"/(?:node|page|index|layout)[\w-]*\.\w+$", urlsplit(one.url).path):
                    pattern = _dated(one.url, day)
                    why = f"an edition of {day} is linked"
                    self.probe.findings.append(Finding(type="epaper", url=pattern, why=why))
                    return

    def _outlet(self) -> Outlet:
        """Return an outlet that owns this site and knows no rules."""
        source = {"type": "column", "url": self.probe.home}
        return Outlet.model_validate(
            {"slug": "probe", "name": "probe", "home": self.probe.home, "kind": "portal", "sources": [source]}
        )


def _articles_in(read: Any, answer: Response, outlet: Outlet) -> int:
    try:
        listing = read(answer.body, answer.url, outlet)
    except Unreadable:
        return 0
    return len(listing.found) + len(listing.always)


def _same_site(url: str, home: str) -> bool:
    """Say whether two addresses are of one site: the same host, or hosts below the same name."""
    one, other = (urlsplit(address).hostname or "" for address in (url, home))
    base = other.removeprefix("www.")
    return one == base or one.endswith(f".{base}")


def _dated(url: str, day: date) -> str:
    """Return an address with fields in place of its day.

    >>> _dated("http://a.example/html/2026-03/09/node_1.htm", date(2026, 3, 9))
    'http://a.example/html/%Y-%m/%d/node_1.htm'
    >>> _dated("http://a.example/rb/20260309/html/index.htm", date(2026, 3, 9))
    'http://a.example/rb/%Y%m%d/html/index.htm'
    """
    year, month, of_month = f"{day:%Y}", f"{day:%m}", f"{day:%d}"
    pattern = rf"{year}([-_/]?){month}([-_/]?){of_month}"
    return re.sub(pattern, r"%Y\1%m\2%d", url.replace("%", "%%"), count=1)


def _title(response: Response) -> str:
    match = re.search(rb"<title[^>]*>(.*?)</title>", response.body, re.IGNORECASE | re.DOTALL)
    if match is None:
        return ""
    try:
        title = match[1].decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(response.body[:50_000], cp_isolation=["gb18030", "big5hkscs"]).best()
        title = match[1].decode(best.encoding if best else "gb18030", "replace")
    return re.split(r"[-_|—–,，]", title.strip())[0].strip()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
