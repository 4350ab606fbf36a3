"""Find the headline: the page's own headline element, confirmed by its title."""

import re
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.extract.blocks import Line, squeeze
from pipelines.extract.body import is_meta, is_running
from pipelines.extract.fold import simplify
from pipelines.records import Evidence

PARTS = re.compile(
    r"\s*[|｜_]\s*|\s+[-–—]+\s+|\s*--+\s*|(?<=[\u3400-\u9fff”』」？！)）])[-–](?=[\u3400-\u9fff])|\s*[>»]\s*|(?<=\S)\s+-(?=\S)|(?<=\S)-\s+(?=\S)"
)
FOLD = re.compile(r"[\W_]+")
NAMED = re.compile(r"title|headline|biaoti|(?:^|[\W_])bt(?:[\W_]|$)|(?:^|\s)font0?1(?:\s|$)", re.IGNORECASE)
SITE = re.compile(r"(?:网|网站|资讯网|在线|公司|卫视|电视台|广播电台|门户|首页|日报|晚报|报社|论坛|博客|政府|频道)$")
OFFICE = re.compile(r"^[\u4e00-\u9fff]{2,16}(?:委员会|人民政府|局|厅|办公室|中心|法院|检察院|大学|学院|医院|协会)$")
COLUMN = re.compile(r"^[【\[〔].{2,12}?[】\]〕]")
CUT_OFF = re.compile(r"(?:…+|\.{3,}|。{3,})$")
LONGEST = 120

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


# over simplified text; each takes off what it matches, as long as six characters remain
TITLE_RULES = (
    TitleRule(
        "farm-prefix",
        re.compile(
            rf"^[【\[]?(?:快看点|微头条|今热点|今头条|(?:{_WHEN})(?:今|微|快|新|最|热|播|即时)?(?:{_WHAT}))(?:[】\]]\s*[:丨|!]?|\s*[:丨|!])\s*"
        ),
    ),
    TitleRule("kind-prefix", re.compile(r"^(?:原创|转载|原)\s+(?=\S)|^\[(?:图文?|组图|原创|转载|视频)\]\s*")),
    TitleRule("print-mark", re.compile(r"\s*[\[【](?:打印|关闭|收藏|字号)[^\]】]*[\]】]$")),
)


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
        if found and len(text) - (found.end() - found.start()) >= 6:
            taken.append(
                Evidence(field="title", rule=rule.name, value=text[found.start() : found.end()].strip(), won=False)
            )
            text = (text[: found.start()] + text[found.end() :]).strip()
    return text, tuple(taken)


class Headline(NamedTuple):
    """The chosen headline, the line it stands on (-1 where it stands in the page's head alone), and what lost."""

    text: str | None
    line: int
    evidence: tuple[Evidence, ...]


class _Candidate(NamedTuple):
    score: float
    rule: str
    text: str
    line: int = -1


def choose_headline(tree: HtmlElement, lines: list[Line], start: int) -> Headline:
    """Return the headline: a heading that the page's title begins with or contains wins.

    `start` is the first line of the body; headings that stand near before it are preferred. Where the page cuts a
    headline off with an ellipsis and a fuller form stands elsewhere on it, the fuller one is taken.
    """
    titles = _page_titles(tree)
    found = _from_lines(lines, start, _headlines(titles))
    confirmed = any(row.score >= 4 for row in found)
    for rule, text in titles:
        found.append(_from_title(rule, text, confirmed=confirmed))
    found = [row for row in found if row.text]
    if not found:
        return Headline(None, -1, ())
    best = max(found, key=lambda row: row.score)
    text = _without_label(best.text, titles)
    if CUT_OFF.search(text):
        stem = fold(CUT_OFF.sub("", text))
        text = max(
            (row.text for row in found if fold(row.text).startswith(stem) and not CUT_OFF.search(row.text)),
            key=len,
            default=text,
        )
    text, taken = clean_title(text)
    ranked = sorted(found, key=lambda row: -row.score)[:6]
    evidence = tuple(Evidence(field="title", rule=row.rule, value=row.text, won=row is best) for row in ranked)
    return Headline(text, best.line, (*evidence, *taken))


def confirmed_line(tree: HtmlElement, lines: list[Line]) -> int:
    """Return the first line that the page's title repeats whole, a heading before any other; -1 where none does."""
    parts = _headlines(_page_titles(tree))
    found = -1
    for index, line in enumerate(lines):
        if (
            line.links
            or not 8 <= len(line.text) <= LONGEST
            or fold(line.text) not in parts
            or SITE.search(simplify(line.text))
            or OFFICE.search(simplify(line.text))
        ):
            continue
        if line.heading:
            return index
        found = index if found < 0 else found
    return found


def _headlines(titles: list[tuple[str, str]]) -> frozenset[str]:
    """Return the forms, folded, that a line must have to be what the page's title says: its headline's part, or all."""
    parts = {fold(part) for rule, text in titles for part in (_from_title(rule, text, confirmed=True).text, text)}
    return frozenset(part for part in parts if part)


def _page_titles(tree: HtmlElement) -> list[tuple[str, str]]:
    """Return (rule, text) of what the page's head says its title is."""
    found = []
    for element in tree.iter("title", "meta"):
        if element.tag == "title":
            found.append(("title", squeeze("".join(element.itertext()))))
        else:
            name = (element.get("property") or element.get("name") or "").lower()
            if name in {"og:title", "articletitle", "twitter:title"}:
                found.append((name, squeeze(element.get("content") or "")))
    return [(rule, text) for rule, text in found if text]


def _from_title(rule: str, text: str, *, confirmed: bool) -> _Candidate:
    """Return the headline's part of a page's title: the longer of the first two, before the section and the site."""
    parts = [part for part in PARTS.split(text) if part] if rule == "title" else [text]
    if not parts:
        return _Candidate(0.0, rule, "")
    first = max(parts[:2], key=lambda part: len(fold(part)))
    if SITE.search(simplify(first)) and len(first) < 16:
        return _Candidate(0.5, rule, first)
    return _Candidate(3.0 if confirmed or len(parts) > 1 or len(first) >= 12 else 1.5, rule, first)


def _from_lines(lines: list[Line], start: int, headlines: frozenset[str]) -> list[_Candidate]:
    found = []
    nearest = _above_text(lines, start)
    for index, line in enumerate(lines):
        key = fold(line.text)
        named = bool(line.attrs) and bool(NAMED.search(line.attrs))
        if len(key) < (2 if named or line.heading else 4) or len(line.text) > LONGEST:
            continue
        bare = fold(COLUMN.sub("", line.text)) if line.heading else key  # without the label of a column before it
        confirmed = key in headlines or (len(bare) >= 4 and any(bare in whole for whole in headlines))
        if not (line.heading or confirmed or named or index == nearest) or (line.rule and not confirmed):
            continue
        score = (
            (4.5 if key in headlines else 4.0 if confirmed else 0.0)
            + {1: 3.0, 2: 2.0, 3: 1.0}.get(line.heading, 0.0)
            + named
        )
        score += min(len(key), 40) / 20 + (0.8 if index == nearest else 0.0)
        distance = start - index
        score += 1.5 if 0 <= distance < 15 else (0.5 if -6 < distance < 60 else -1.0)
        if line.links * 2 > len(line.text):
            score -= 2.5
        rule = (
            f"h{line.heading}"
            if line.heading
            else ("title-class" if named else "title-line" if confirmed else "above-text")
        )
        found.append(_Candidate(score, rule, line.text, index))
    return found


def _above_text(lines: list[Line], start: int) -> int:
    """Return the index of the nearest line above the text that may be a headline, or -1."""
    first = next((index for index in range(start, min(start + 8, len(lines))) if lines[index].good), start)
    for index in range(first - 1, max(-1, first - 10), -1):
        line = lines[index]
        folded = simplify(line.text)
        if (
            line.rule is None
            and not line.links
            and 6 <= len(line.text) <= 60
            and not is_meta(folded)
            and not is_running(line.text)
        ):
            return index
    return -1


def _without_label(text: str, titles: list[tuple[str, str]]) -> str:
    """Take off a label glued before a headline (原创, 【记者即时播报】) that the page's own title does not have."""
    for _, title in titles:
        for part in PARTS.split(title):
            if len(part) > 6 and text.endswith(part) and len(text) > len(part):
                label = text[: -len(part)].strip()
                if label in {"原创", "转载", "原創", "轉載"} or re.fullmatch(r"[【\[〔].{2,12}[】\]〕]", label):
                    return part
    return text
