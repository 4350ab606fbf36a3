"""Read what a page's head says its title is, and take off what is not the headline: farms, sections, sites."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.extract.fold import simplify
from pipelines.extract.lines import squeeze
from pipelines.records import Evidence

PARTS = re.compile(
    r"\s*[|｜_]\s*|\s+[-–—]+\s+|\s*--+\s*|\s*[—–]{2,}\s*(?=\S{2,12}$)|(?:(?<=[\u3400-\u9fff”』」？！)）…》])|(?<=\.{3}))[-–](?=[\u3400-\u9fff])|\s*[>»]\s*|(?<=\S)\s+-(?=\S)|(?<=\S)-\s+(?=\S)"
)
FOLD = re.compile(r"[\W_]+")
SITE = re.compile(r"(?:网|网站|资讯网|在线|公司|卫视|电视台|广播电台|门户|首页|日报|晚报|报社|论坛|博客|政府|频道)$")
CUT_OFF = re.compile(r"(?:…+|\.{3,}|。{3,})$")
LEAST_STEM = 8  # characters of a title that is cut off, from which on it tells the fuller one
SHORT_SITE = 16  # characters below which what ends like the name of a site is one

_WHEN = (
    "当前|当下|今日|每日|天天|环球|全球|世界|国际|最新|实时|时讯|热点|焦点|速看|快看|看点|热讯|独家|即时|全网|世界今日|全球今日|环球今日|新动态"
    "|今头条|微头条|微动态|观点"
)
_WHAT = (
    "观点|热门|热点|热议|热闻|热讯|头条|焦点|聚焦|关注|观察|速读|速看|速讯|速递|快讯|快报|快播报|快播|快资讯|快消息|快看点"
    "|快看|播报|简讯|短讯|通讯|新消息|消息|资讯|信息|动态|新动态|微动态|微速讯|微头条|微资讯|视讯|看点|亮点|热推荐|即时看"
    "|滚动|精选|播资讯|最资讯|今日讯|百事通|要闻|讯息|报道|时快讯|新视野|热文|看热讯|独家|快看点|报|快报|报资讯"
)


class TitleRule(NamedTuple):
    """A part of a headline that is not the headline: it is taken off."""

    name: str
    pattern: re.Pattern[str]


# over simplified text; each takes off what it matches, as long as `LEAST` characters remain
TITLE_RULES = (
    TitleRule(
        "farm-prefix",
        re.compile(
            rf"^[【\[]?(?:快看点|微头条|今热点|今头条|(?:{_WHEN})(?:今|微|快|新|最|热|播|即时)?(?:{_WHAT}))(?:[】\]]\s*[:丨|!]?|\s*[:丨|!])\s*"
        ),
    ),
    TitleRule("kind-prefix", re.compile(r"^(?:原创|转载|原)\s+(?=\S)|^\[(?:图文?|组图|原创|转载|视频)\]\s*")),
    TitleRule("print-mark", re.compile(r"\s*[\[【](?:打印|关闭|收藏|字号|复制链接)[^\]】]*[\]】]$")),
    # a line of date and source that stands within the heading element
    TitleRule(
        "dateline",
        re.compile(
            r"\s+(?:(?:发布|发表)?(?:时间|日期)\s*:\s*)?(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s+\d{1,2}:\d\d.*$"
        ),
    ),
    TitleRule("file-suffix", re.compile(r"\.(?:docx?|pdf|pptx?|xlsx?|wps|txt)$", re.IGNORECASE)),
)
LEAST = 6


@lru_cache(maxsize=32768)  # what stands around an article is the same on every page of a site
def fold(text: str) -> str:
    """Return only the letters and figures of a text, to compare headlines by.

    >>> fold("既“督”亦“戰” 全力")
    '既督亦戰全力'
    """
    return FOLD.sub("", text).lower()


def clean_title(text: str) -> tuple[str, tuple[Evidence, ...]]:
    """Return a headline without what content farms and editing systems put around it, and which rule took what off.

    >>> clean_title("当前观点:我市开展春季义诊活动")[0]
    '我市开展春季义诊活动'
    """
    taken = []
    for rule in TITLE_RULES:
        found = rule.pattern.search(simplify(text))
        if found and len(text) - (found.end() - found.start()) >= LEAST:
            taken.append(
                Evidence(field="title", rule=rule.name, value=text[found.start() : found.end()].strip(), won=False)
            )
            text = (text[: found.start()] + text[found.end() :]).strip()
    return text, tuple(taken)


class PageTitle(NamedTuple):
    """What one element of the page's head says the title is: the rule that names it, and its text."""

    rule: str
    text: str

    @property
    def parts(self) -> list[str]:
        """Return the text's parts: of a <title>, what its separators keep apart; of another, the whole."""
        return [part for part in PARTS.split(self.text) if part] if self.rule == "title" else [self.text]

    @property
    def headline(self) -> str:
        """Return the headline's part: the longer of the first two, before the section and the site."""
        return max(self.parts[:2], key=lambda part: len(fold(part)), default="")


def page_titles(heads: Sequence[HtmlElement]) -> list[PageTitle]:
    """Return what the heads of a page (see `Page`) say its title is, in page order."""
    found = []
    for element in heads:
        if element.tag == "title":
            found.append(PageTitle("title", squeeze("".join(element.itertext()))))
        else:
            name = (element.get("property") or element.get("name") or "").lower()
            if name in {"og:title", "articletitle", "twitter:title"}:
                found.append(PageTitle(name, squeeze(element.get("content") or "")))
    return [title for title in found if title.text]


def headline_forms(titles: list[PageTitle]) -> frozenset[str]:
    """Return the forms, folded, that a line must have to be what the page's title says: its headline's part, or all."""
    return frozenset(form for title in titles for part in (title.headline, title.text) if (form := fold(part)))


def cut_stems(titles: list[PageTitle]) -> tuple[str, ...]:
    """Return, folded, what the page's title says before an ellipsis cuts it off."""
    said = (text for title in titles for text in (title.headline, title.text))
    stems = (fold(CUT_OFF.sub("", text)) for text in said if CUT_OFF.search(text))
    return tuple(dict.fromkeys(stem for stem in stems if len(stem) >= LEAST_STEM))


def is_site(text: str) -> bool:
    """Say whether a short text ends as the names of sites do.

    >>> is_site("云岭在线"), is_site("云岭四条社区公交线路开通")
    (True, False)
    """
    return len(text) < SHORT_SITE and bool(SITE.search(simplify(text)))
