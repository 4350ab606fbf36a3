"""Weigh lines, and choose the element whose lines are the article."""

import re
from functools import lru_cache

from pipelines.extract.choice import Choice, beaten
from pipelines.extract.fold import simplify
from pipelines.extract.lines import Line, Span

SENTENCE = re.compile(r"[。！？；…]|[.!?]$")
COMMAS = re.compile(r"[，、：,“”《》]")
LEGAL = re.compile(
    r"ICP\s*(?:备|证)|公网安备|版权所有|版權所有|著作权|(?:主办|承办|主管)(?:单位)?\s*[:：]|建[议議]使用.{0,20}(?:分辨率|解析度|浏览器|瀏覽器)|著作权所有|All\s+Rights?\s+Reserved|Copyright\s*(?:©|\(c\)|&copy|\d)|©|许可证编?号"
    r"|违法和不良信息|举报(?:电话|邮箱)|增值电信|客服(?:电话|热线)|网站(?:地图|声明)",
    re.IGNORECASE,
)

STAMP = re.compile(
    r"^\W*(?:(?:19|20)\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\W*$"
)
META = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\s*(?:\d{1,2}\s*[:时]\s*\d\d|$|来源|\||星期)"
    r"|(?:^|[\s|\[(【])(?:来源|稿源|作者|记者|责任编辑|编辑|发布时间|发布日期|发表时间|更新时间|时间|日期|点击|浏览次?数?|阅读|字号|字体|索引号|发文字号|发布机构)\s*[:|]"
)
STYLE = re.compile(r"\{[^{}]*[:;][^{}]*\}")  # a style sheet or a script that a broken page lets out
AGO = re.compile(r"\d\s*(?:分钟|分鐘|小时|小時|天|日|个月|個月)前$")
TEASER = re.compile(
    r"(?:\.{3,}|…+)\s*[\[【(（]?\s*(?:详情|詳情|详细|詳細|详全文|更多|全文|阅读全文|查看|繼續閱讀|[>»])[^。]{0,6}$"
)
HAN = re.compile(r"[\u3400-\u9fff]")
FIRST_TEXT = 100.0  # what the first paragraph below a headline weighs beside its length
BODY_NAME = re.compile(
    r"(?:^|[\s_-])(?:arti?body|end_?text|trs_editor|zoom|vsb_content\w*|rich_media_content|ucap-?content|tyxx_?content"
    r"|(?:art|article|news|content|detail|text|main|post|entry|zw|wz|xl|con|cont|info|story|doc|show|view|blog|arc)[-_]?"
    r"(?:body|text|content|contents|con|cont|txt|article|detail|main|word|words|editor|zw)|article-?view|[a-z]{2,10}[-_]body|j_?content|fontzoom|contentbox|text_?box|zhengwen)"
    r"(?:[\s_\d-]|$)"
)

FIRST_POST = "first-post"  # the rule that takes the first of a forum's posts
POST = re.compile(
    r"(?:^|\s)(?:(?:postmessage|post_?message|post_?body|posttext)_?\d+|bbs-content|d_post_content|tpc_content|read_tpc)(?:\s|$)",
    re.IGNORECASE,
)


def is_meta(text: str) -> bool:
    """Say whether a line (simplified) tells about the article: a date with its time, labels such as 来源 or 作者."""
    return len(text) < 160 and "。" not in text and bool(META.search(text))


def is_running(text: str) -> bool:
    """Say whether a line is running text: a sentence, or long, or of several clauses."""
    size = len(text)
    return size >= 40 or (size > 8 and bool(SENTENCE.search(text))) or (size > 14 and len(COMMAS.findall(text)) > 1)


def weigh(lines: list[Line]) -> None:
    """Give each line its weight: running text counts for an article, links and legal lines against it."""
    seen: set[str] = set()
    for line in lines:
        size = len(line.text)
        if size > 14 and line.text in seen:  # what a page says twice is a list that slides
            line.weight = -float(min(size, 200))
            continue
        seen.add(line.text)
        line.weight, line.good = _weight(line.text, line.links)
    _discount_teasers(lines)


@lru_cache(maxsize=32768)  # what stands around an article is the same on every page of a site
def _weight(text: str, links: int) -> tuple[float, bool]:  # noqa: PLR0911  (a list of rules, the first wins)
    """Return the weight of a line of which so many characters are links, and whether it is running text."""
    size = len(text)
    if links * 2 > size:
        return -min(size, 40.0) - 4, False
    if LEGAL.search(text) or STYLE.search(text):
        return -float(min(size, 60)), False
    if STAMP.match(text) or (size < 30 and AGO.search(text)):
        return -6.0, False
    if TEASER.search(text):
        return -float(min(size, 100)) / 2, False
    if size < 160 and is_meta(simplify(text)):
        return 0.5, False
    if is_running(text) and HAN.search(text):
        return float(size - links), True
    return 0.5, False


def _discount_teasers(lines: list[Line]) -> None:
    """Turn the weight of a summary that stands between the links of a list against it."""
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if (
            line.good
            and before.weight < 0
            and after.weight < 0
            and before.links
            and (after.links or after.weight == -6.0)
        ):
            line.weight = -line.weight / 2


def favour(lines: list[Line], headline: int) -> None:
    """Weigh down what stands before the page's confirmed headline, and up the first running text below it."""
    if headline < 0:
        return
    above = sum(line.weight for line in lines[:headline] if line.good)
    below = sum(line.weight for line in lines[headline:] if line.good)
    if above > below and not lines[headline].heading:  # the title said once more, under the text
        return
    for line in lines[:headline]:
        line.weight = min(line.weight, 0.0)
    for line in lines[headline + 1 : headline + 40]:
        if line.good and line.rule is None and line.weight > 0:
            line.weight += FIRST_TEXT
            return


def choose(lines: list[Line], spans: list[Span]) -> Choice:
    """Return the span that holds the article, the rule that chose it, and the runners-up with their weights.

    "first-post": of the numbered posts of a forum's thread, the first that says something. "named": an element whose
    class or id says that it is an article's body, where it holds at least half of the running text of the heaviest
    one. "weight": the heaviest, the innermost where several weigh the same.
    """
    sums, goods = [0.0], [0.0]
    for line in lines:
        if line.rule == "caption":
            sums.append(sums[-1] + max(line.weight / 2, 0.0))
        else:
            sums.append(sums[-1] + (line.weight if line.rule is None else -1.0))
        goods.append(goods[-1] + (line.weight if line.rule is None and line.good else 0.0))
    best, second = _heaviest(spans, sums)
    if best is None:
        return Choice(None, "")

    post = next(
        (span for span in spans if span.attrs and POST.search(span.attrs) and goods[span.end] > goods[span.start]), None
    )
    if post is not None:
        return Choice(post, FIRST_POST, beaten(best, post, sums, "no post, or a later one"))
    named = [span for span in spans if span.attrs and _is_named(span.attrs) and span.element.tag != "body"]
    body, _ = _heaviest(named, sums)
    if body is not None and (goods[body.end] - goods[body.start]) * 2 >= goods[best.end] - goods[best.start]:
        return Choice(body, "named", beaten(best, body, sums) or beaten(second, body, sums))
    return Choice(best, "weight", beaten(second, best, sums))


@lru_cache(maxsize=8192)
def _is_named(attrs: str) -> bool:
    return bool(BODY_NAME.search(attrs.lower()))


def _heaviest(spans: list[Span], sums: list[float]) -> tuple[Span | None, Span | None]:
    """Return the heaviest span, the innermost of several with one weight, and the heaviest of less weight."""
    best: Span | None = None
    second: Span | None = None
    most = next_most = 0.0
    for span in spans:
        weight = sums[span.end] - sums[span.start]
        if weight > most:
            second, next_most = best, most
            best, most = span, weight
        elif best is not None and weight == most:
            if span.start >= best.start and span.end <= best.end:
                best = span
        elif weight > next_most:
            second, next_most = span, weight
    return best, second


def lead_lines(lines: list[Line], start: int) -> list[Line]:
    """Return the running lines that stand between the headline and the body: a summary set apart from the text."""
    found: list[Line] = []
    for line in reversed(lines[max(0, start - 12) : start]):
        if line.heading in {1, 2}:
            return found[::-1]
        if line.good and line.rule is None and line.weight > 0 and line.links == 0 and len(line.text) >= 30:
            found.append(line)
    return []
