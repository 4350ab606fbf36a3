"""Read a page whose text was already taken out: lines without markup, the furniture still among them."""

import re

from pipelines.extract.body import is_meta, is_running
from pipelines.extract.fold import simplify
from pipelines.extract.lines import squeeze
from pipelines.extract.titles import clean_title
from pipelines.records import Draft, Evidence, Page, Reason, Skip

SUMMARY = re.compile(r"^\W*(?:摘要|内容摘要|内容提要|核心提示|导读|提要)\s*[:\]】]")
FURNITURE = re.compile(
    r"^(?:首页|登录|注册|您?(?:当前|现在)?的?位置|导航|搜索|分享|返回|关闭|打印|[\W\d_]+$)|(?:账号|帐号)$|[>»]|^https?:|^www\."
)
SPAM = re.compile(
    r"_.{2,30}_|免费(?:视频|观看|看)|国产|欧美|久久|精品视频|在线观看|成人|亚洲|日韩|一区二区|av\b", re.IGNORECASE
)
SENTENCE_END = re.compile(r"[。;…]$|[^“\"”]\.$")
TOP = 25  # the headline stands within the first lines
AROUND = 40


def extract_plain(page: Page) -> Draft:
    """Return every line of a plain text page, with the headline that stands above its text.

    The furniture stays among the lines for the next stage to trim and to record. Raises Skip where no line is text.
    """
    lines = tuple(text for line in page.text.splitlines() if (text := squeeze(line)))
    folded = [simplify(line) for line in lines]
    running = [index for index, line in enumerate(folded) if _is_text(line)]
    running = running or [index for index, line in enumerate(folded) if is_running(line) and not is_meta(line)]
    if not running:
        raise Skip(Reason.EMPTY, "no running text")
    first, last = running[0], running[-1]
    title, rule = _headline(lines, folded, first)
    evidence: tuple[Evidence, ...] = ()
    if title:
        title, taken = clean_title(title)
        evidence = (Evidence(field="title", rule=rule, value=title, won=True), *taken)
    end = next((index for index in range(last, 0, -1) if len(lines[index]) > 60), last)
    return Draft(
        page=page,
        title=title,
        lines=lines,
        head=lines[:first][-AROUND:],
        tail=lines[end + 1 :][:AROUND],
        evidence=(Evidence(field="text", rule="plain-lines", value=f"{len(lines)} lines", won=True), *evidence),
    )


def _is_text(line: str) -> bool:
    return (
        len(line) > 30
        and is_running(line)
        and not is_meta(line)
        and not SUMMARY.match(line)
        and not SPAM.search(line[:80])
    )


def _headline(lines: tuple[str, ...], folded: list[str], first: int) -> tuple[str | None, str]:
    """Return the nearest headline above the line of date and source, else above the text, and the rule."""
    top = range(min(first, TOP))
    meta = next((index for index in top if is_meta(folded[index])), None)
    for rule, below in (("above-dateline", meta), ("above-text", first)):
        if below is None:
            continue
        for index in range(min(below, TOP) - 1, -1, -1):
            if _is_headline(folded[index]):
                return lines[index], rule
    return None, ""


def _is_headline(line: str) -> bool:
    return (
        5 <= len(line) <= 90
        and not SUMMARY.match(line)
        and not is_meta(line)
        and not FURNITURE.search(line)
        and not SPAM.search(line)
        and not SENTENCE_END.search(line)
    )
