"""Read where a page says that its text was taken from: links behind 来源 and 原文链接, 阅读原文, a canonical address.

A link counts by the words just before it, or by its own; one in a list of other articles, or to the site itself, is
none. To add a rule, write a function and add it to RULES, with rows for and against it in `tests/cases/origins.json`.
"""

import re
from collections.abc import Callable, Iterator
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
WINDOW = 24  # characters before a link that are looked at
BEFORE_SOURCE = re.compile(
    r"(?P<before>.{0,2})(?:来源|稿源|转自|转载自|摘自|出处|转载于|选自)(?:网站|媒体|单位|于)?\s*[:丨|]?\s*[《“\"\[【(]?\s*$"
)
BEFORE_ORIGINAL = re.compile(r"(?:原文|原始|转载|来源|出处)(?:链接|连接|地址|网址|出处|页面)\s*[:丨|]?\s*[<(]?\s*$")
PICTURE = re.compile(r"[图片像频料据材面照]$")  # 图片来源, 视频来源, 资料来源 are another's
READ_ORIGINAL = re.compile(r"\W*(?:点击)?(?:阅读|查看|浏览|访问)?原文(?:链接|地址|网址)?\W*")
PRINTED = re.compile(
    r"(?:原文|原始|转载|来源)(?:链接|连接|地址|网址|出处)\s*[:丨|]?\s*(?P<url>https?://[\w\-.~:/?#@!$&*+=%]+)"
)
INLINE = frozenset(("a", "b", "big", "cite", "em", "font", "i", "label", "small", "span", "strong", "u"))


def origins(scene: Scene, own: str) -> tuple[Origin, ...]:
    """Return the addresses that a page names as those its text was taken from: by which rule, each once, at most MOST.

    Addresses are absolute, http or https, and on another host than the page's `own` address.
    """
    found: dict[str, Origin] = {}
    for rule in RULES:
        for url in rule(scene):
            if _elsewhere(url, own):
                found.setdefault(url, Origin(rule=rule.__name__, url=url, address=article_id(url)))
    return tuple(found.values())[:MOST]


def original_link(scene: Scene) -> Iterator[str]:
    """Yield links that stand behind 原文链接, and those whose own words are 阅读原文."""
    for link, url in _links(scene):
        words = simplify(squeeze("".join(link.itertext())))
        if READ_ORIGINAL.fullmatch(words) or BEFORE_ORIGINAL.search(_before(link)):
            yield url


def source_link(scene: Scene) -> Iterator[str]:
    """Yield links that stand behind 来源 or 转自."""
    for link, url in _links(scene):
        match = BEFORE_SOURCE.search(_before(link))
        if match and not PICTURE.search(match["before"]):
            yield url


def original_printed(scene: Scene) -> Iterator[str]:
    """Yield addresses that are printed, and no links, behind 原文链接."""
    for zone in (scene.near, scene.closing, scene.after):
        for line in zone.folded:
            yield from (match["url"] for match in PRINTED.finditer(line))


def canonical(scene: Scene) -> Iterator[str]:
    """Yield the address that the page's head calls the canonical one, unless it is a home page."""
    tree = scene.draft.page.tree
    for element in tree.iter("link") if tree is not None else ():
        if (element.get("rel") or "").lower() == "canonical":
            url = _absolute(scene, element.get("href") or "")
            if not is_front(url):
                yield url


RULES: tuple[Callable[[Scene], Iterator[str]], ...] = (original_link, source_link, original_printed, canonical)


def _elsewhere(url: str, own: str) -> bool:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return bool(host) and url.startswith(("http://", "https://")) and host != urlsplit(own).hostname


def _links(scene: Scene) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the links that name a host, with their addresses, unless they stand among links to other articles."""
    tree = scene.draft.page.tree
    for link in tree.iter("a") if tree is not None else ():
        href = (link.get("href") or "").strip()
        if href.startswith(("http:", "https:", "//")) and not _foreign(link):
            yield link, _absolute(scene, href)


def _absolute(scene: Scene, href: str) -> str:
    try:
        return urljoin(scene.draft.page.capture.url, href.strip())
    except ValueError:
        return ""


def _before(link: HtmlElement) -> str:
    """Return the words that stand before a link in its line, simplified, at most WINDOW characters."""
    element, text = link, ""
    while len(text) < WINDOW:
        previous = element.getprevious()
        parent = element.getparent()
        if previous is not None:
            text = (previous.tail or "") + text
            if previous.tag not in INLINE:
                break
            element, text = previous, "".join(previous.itertext()) + text
        elif parent is not None and parent.tag in INLINE:
            element, text = parent, (parent.text or "") + text
        else:
            text = ((parent.text or "") if parent is not None else "") + text
            break
    return simplify(squeeze(text)[-WINDOW:])


def _foreign(link: HtmlElement) -> bool:
    """Say whether a link stands in a piece of the page that is not about its article."""
    return any(
        clutter_rule(f"{element.get('class') or ''} {element.get('id') or ''}") in FOREIGN
        for element in link.iterancestors()
    )
