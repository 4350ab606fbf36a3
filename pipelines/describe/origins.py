"""Read where a page says that its text was taken from: links behind 来源 and 原文链接, 阅读原文, a canonical address.

A link counts by the words just before it, or by its own; one in a list of other articles, or to the site itself, is
none. To add a rule, write a function and add it to RULES, with rows for and against it in `tests/cases/origins.json`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.address import is_front
from pipelines.describe.scene import FOREIGN, Scene
from pipelines.extract.fold import simplify
from pipelines.extract.lines import squeeze
from pipelines.extract.prune import clutter_rule
from pipelines.records import Origin
from pipelines.url import article_id

MOST = 3  # links of one article
LABEL_ENDS = frozenset("源自处處于於接址面站体體位页頁文载載")  # the last characters of every label, in either script
LABEL = 8  # characters in which one of them stands
WINDOW = 24  # characters before a link that are looked at
BEFORE_SOURCE = re.compile(
    r"(?P<before>.{0,2})(?:来源|稿源|转自|转载自|摘自|出处|转载于|选自)(?:网站|媒体|单位|于)?\s*[:丨|]?\s*[《“\"\[【(]?\s*$"
)
BEFORE_ORIGINAL = re.compile(
    r"(?:(?:原文|原始|转载|来源|出处)(?:链接|连接|地址|网址|出处|页面)\s*[:丨|]?|原文(?:刊)?(?:载|登|发)于|原载于?|原文\s*[:丨|])\s*[《“<(]?\s*$"
)
SELF_TOLD = re.compile(r"(?:来源|稿源|转自|转载自|摘自)\s*[:丨|]\s*\S")  # a link that holds the label as well
# 图片来源, 视频来源, 资料来源 are another's, 凡注明来源 is everybody's
FOREIGN_LABEL = re.compile(r"[图片像频料据材面照]$|注明$|标注$|相关$")
READ_ORIGINAL = re.compile(r"\W*(?:点击)?(?:阅读|查看|浏览|访问)?原文(?:链接|地址|网址)?\W*")
PRINTED = re.compile(
    r"(?:(?:原文|原始|转载|来源)(?:链接|连接|地址|网址|出处)|原文)\s*[:丨|]?\s*(?P<url>https?://[\w\-.~:/?#@!$&*+=%]+)"
)


class Link(NamedTuple):
    """A link to another host: its element, where it leads, its words and those before it, simplified."""

    element: HtmlElement
    href: str
    words: str
    before: str


def origins(scene: Scene, own: str) -> tuple[Origin, ...]:
    """Return the addresses that a page names as those its text was taken from: by which rule, each once, at most MOST.

    Addresses are absolute, http or https, and on another host than the page's `own` address.
    """
    found: dict[str, Origin] = {}
    links = tuple(_links(scene, own))
    for rule in RULES:
        for url in rule(scene, links):
            if _elsewhere(url, own):
                found.setdefault(url, Origin(rule=rule.__name__, url=url, address=article_id(url)))
    return tuple(found.values())[:MOST]


def original_link(scene: Scene, links: Sequence[Link]) -> Iterator[str]:
    """Yield links that stand behind 原文链接, and those whose own words are 阅读原文."""
    for link in links:
        if READ_ORIGINAL.fullmatch(link.words) or BEFORE_ORIGINAL.search(link.before):
            yield from _of_the_article(link, scene)


def source_link(scene: Scene, links: Sequence[Link]) -> Iterator[str]:
    """Yield links that stand behind 来源 or 转自, or hold it."""
    for link in links:
        match = BEFORE_SOURCE.search(link.before)
        if SELF_TOLD.match(link.words) or (match and not FOREIGN_LABEL.search(match["before"])):
            yield from _of_the_article(link, scene)


def original_printed(scene: Scene, _: Sequence[Link]) -> Iterator[str]:
    """Yield addresses that are printed, and no links, behind 原文链接."""
    for zone in (scene.near, scene.closing, scene.after):
        for line in zone.folded:
            yield from (match["url"] for match in PRINTED.finditer(line))


def canonical(scene: Scene, _: Sequence[Link]) -> Iterator[str]:
    """Yield the address that the page's head calls the canonical one, unless it is a home page."""
    for element in scene.draft.page.heads:
        if element.tag == "link" and (element.get("rel") or "").lower() == "canonical":
            url = _absolute(scene, element.get("href") or "")
            if not is_front(url):
                yield url


RULES: tuple[Callable[[Scene, Sequence[Link]], Iterator[str]], ...] = (
    original_link,
    source_link,
    original_printed,
    canonical,
)


def _elsewhere(url: str, own: str) -> bool:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return bool(host) and url.startswith(("http://", "https://")) and host != urlsplit(own).hostname


def _links(scene: Scene, own: str) -> Iterator[Link]:
    """Yield the links to another host that may have a label before them in their line, or one among their words."""
    home = f"//{urlsplit(own).netloc}/"
    for element, href, before in scene.draft.anchors:
        if not href.lstrip().startswith(("http:", "https:", "//")) or home in href:
            continue
        words = "".join(element.itertext()) if len(element) else element.text or ""
        if "原文" in words or not LABEL_ENDS.isdisjoint(words[:LABEL]) or not LABEL_ENDS.isdisjoint(before[-LABEL:]):
            yield Link(element, href, simplify(squeeze(words)), simplify(squeeze(before)[-WINDOW:]))


def _of_the_article(link: Link, scene: Scene) -> Iterator[str]:
    """Yield a link's address, absolute, unless it stands in a piece of the page that is not about its article."""
    names = (f"{one.get('class') or ''} {one.get('id') or ''}" for one in link.element.iterancestors())
    if not any(clutter_rule(name) in FOREIGN for name in names):
        yield _absolute(scene, link.href)


def _absolute(scene: Scene, href: str) -> str:
    try:
        return urljoin(scene.draft.page.capture.url, href.strip())
    except ValueError:
        return ""
