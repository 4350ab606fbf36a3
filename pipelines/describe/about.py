"""Read what a page says its article is about: the column it stands in, its keywords, its summary."""

import re

from pipelines.describe.scene import Scene
from pipelines.extract.fold import simplify
from pipelines.extract.titles import fold

PLACE = re.compile(r"^.{0,8}(?:位置|您在|你在|现在位置|导航)\s*(?:是|为)?\s*[:丨]?\s*")
STEP = re.compile(r"\s*(?:>{1,2}|»|›|→|\\|/|::|—+|-(?=\S)|·)\s*")
NO_SECTION = frozenset(
    (
        "首页",
        "网站首页",
        "正文",
        "详情",
        "内容",
        "文章",
        "新闻详情",
        "内容详情",
        "文章正文",
        "详细内容",
        "列表",
        "当前位置",
        "",
    )
)
KEYWORDS = re.compile(r"^[\[(]?\s*(?:本文)?(?:关键[词字]|标签|tags?|热词|文章标签|主题词)\s*[:|丨]\s*", re.IGNORECASE)
SUMMARY = re.compile(r"^\W{0,2}(?:内容)?(?:摘要|提要|核心提示|导读|导语)\s*[:\]】]\s*")
SPLIT = re.compile(r"[\s,，;；、|｜/]+")
MOST = 12
FEW = 6  # so few words in a page's head are its own where the article uses one; more are the site's


def section(scene: Scene) -> str | None:
    """Return the column that the page's breadcrumb ends in, without the article's own name."""
    title = fold(scene.draft.title or "")
    for line, folded in reversed((*scene.above.pairs, *scene.near.pairs)):
        place = PLACE.match(folded)
        begin = place.end() if place else 0
        steps = [step.strip(" >»›:：[]") for step in STEP.split(line[begin:])]
        if len(line) > 80 or len(steps) < (1 if place else 3) or (not place and simplify(steps[0]) not in NO_SECTION):
            continue
        names = [step for step in steps if simplify(step) not in NO_SECTION and fold(step) != title and len(step) <= 16]
        if names:
            return names[-1]
    return None


def keywords(scene: Scene) -> tuple[str, ...]:
    """Return the printed keywords, else those of the page's head, where its article uses them."""
    for line, folded in (*scene.after.pairs, *scene.near.pairs, *scene.closing.pairs):
        label = KEYWORDS.match(folded)
        if label:
            words = [word for word in SPLIT.split(line[label.end() :].strip(" ])】）")) if 1 < len(word) <= 20]
            if words:
                return tuple(dict.fromkeys(words))[:MOST]
    text = (scene.draft.title or "") + "".join(scene.draft.lines)
    words = [word for word in SPLIT.split(scene.meta.get("keywords", "")) if 1 < len(word) <= 20]
    used = [word for word in words if word in text]
    return tuple(dict.fromkeys(words if used and len(words) <= FEW else used))[:MOST]


def lead(scene: Scene) -> str | None:
    """Return the summary that the page prints under a label such as 摘要 or 核心提示."""
    trimmed = tuple(item.line for item in scene.draft.trimmed if item.rule == "summary")
    for line in (*trimmed, *scene.draft.lines[:3], *scene.near.lines):
        label = SUMMARY.match(simplify(line[:20]))
        if label and len(line) > label.end() + 10:
            return line[label.end() :].strip()
    return None
