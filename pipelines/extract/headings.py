"""Weigh the lines of a page that may be its headline: POINTS says what speaks for each and against it."""

import re
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pipelines.extract.body import is_meta, is_running
from pipelines.extract.fold import simplify
from pipelines.extract.lines import Line
from pipelines.extract.titles import fold

NAMED = re.compile(r"title|headline|biaoti|subject|(?:^|[\W_])bt(?:[\W_]|$)|(?:^|\s)font0?1(?:\s|$)", re.IGNORECASE)
COLUMN = re.compile(r"^[【\[〔].{2,12}?[】\]〕]")
# what a page calls its column or a list beside the article, and no article is called
GENERIC = re.compile(
    r"^(?:政府|政务|主动|法定主动|重大)*(?:信息)?公开(?:内容|目录|指南)?$|^(?:最新|热点|热门|图片|视频|推荐|相关|更多|今日|本地|校园|行业|公司|站内)?(?:新闻|公告|通知|动态|资讯|要闻|文章|推荐|消息|活动|政策|文件)$"
    r"|^(?:新闻|文章|内容|信息|公告|通知|资讯)(?:中心|详情|详细|正文|内容|公告|通知|动态|列表|页面?)$|^(?:正文|详情|详细内容|首页|当前位置|导航|搜索|登录|分享|评论|全部评论|目录)$"
)
LONGEST = 120
# what speaks for and against a line; of equals the longer one wins
POINTS = MappingProxyType(
    {
        "said-whole": 4.5,  # the page's title says it
        "said-mostly": 4.0,  # it is most of that, or goes on where that is cut off
        "h1": 3.0,
        "h2": 2.0,
        "h3": 1.0,
        "named": 1.0,
        "nearest": 0.8,  # to the text, from above
        "above": 1.5,  # the text
        "around": 0.5,
        "elsewhere": -1.0,
        "links": -2.5,
        "column": -6.0,  # 通知公告, 正文
    }
)
NEXT_LINES = 2  # lines that may follow the first of a headline that is broken over several


class Candidate(NamedTuple):
    """What may be the headline: its points, the rule that found it, its line (-1 where it is none of the page's)."""

    score: float
    rule: str
    text: str
    line: int = -1


def candidates(lines: list[Line], start: int, headlines: frozenset[str], stems: tuple[str, ...]) -> list[Candidate]:
    """Return the lines that may be the headline.

    `start` is the first line of the body, `headlines` what the page's titles say, `stems` what they say before they are
    cut off, all folded.
    """
    found = []
    nearest = _above_text(lines, start)
    said = "\n".join(headlines)
    for index, line in enumerate(lines):
        key = fold(line.text)
        named = (bool(line.attrs) and _is_named(line.attrs)) or bool(line.inner and _is_named(line.inner))
        cut = bool(stems) and key.startswith(stems) and not line.links
        if not (line.heading or named or index == nearest or key in said or cut):  # most lines by far
            continue
        if len(key) < (2 if named or line.heading else 4) or len(line.text) > LONGEST:
            continue
        text = _over_lines(lines, index, key, headlines) or line.text
        key = fold(text)
        bare = fold(COLUMN.sub("", text)) if line.heading else key  # without the label of a column before it
        confirmed = key in headlines or (len(bare) >= 4 and any(_mostly(bare, whole) for whole in headlines))
        confirmed = confirmed or cut
        if not (line.heading or confirmed or named or index == nearest) or (line.rule and not confirmed):
            continue
        distance = start - index
        told = {
            "said-whole": key in headlines,
            "said-mostly": confirmed and key not in headlines,
            f"h{line.heading}": True,
            "named": named,
            "nearest": index == nearest,
            "above": 0 <= distance < 15,
            "around": -6 < distance < 0 or 15 <= distance < 60,
            "elsewhere": not -6 < distance < 60,
            "links": line.links * 2 > len(line.text),
            "column": bool(GENERIC.match(simplify(text))),
        }
        score = min(len(key), 40) / 20 + sum(POINTS.get(name, 0.0) for name, holds in told.items() if holds)
        rule = (
            f"h{line.heading}"
            if line.heading
            else ("title-class" if named else "title-line" if confirmed else "above-text")
        )
        found.append(Candidate(score, rule, text, index))
    return found


@lru_cache(maxsize=8192)
def _is_named(attrs: str) -> bool:
    return bool(NAMED.search(attrs))


def _mostly(part: str, whole: str) -> bool:
    """Say whether a line is most of what the page's title says, and not the name of a column or of the site in it."""
    return len(part) * 2 >= len(whole) and part in whole


def _over_lines(lines: list[Line], index: int, key: str, headlines: frozenset[str]) -> str | None:
    """Return the text of a headline that begins on this line and is broken over the next, as the page's title says."""
    if key in headlines:  # what follows it there is the site's name
        return None
    wholes = [whole for whole in headlines if len(key) < len(whole) and whole.startswith(key)]
    text = lines[index].text
    for line in lines[index + 1 : index + 1 + NEXT_LINES] if wholes else ():
        text += line.text
        if fold(text) in wholes:
            return text
    return None


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
