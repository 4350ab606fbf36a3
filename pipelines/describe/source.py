"""Read the 来源: the outlet that a page names as the origin of its text."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipelines.describe.moments import FORMS
from pipelines.describe.naming import ADDRESS, MEDIA, OWN, bare_name, upto_label, without_labels
from pipelines.describe.scene import Scene, Zone
from pipelines.describe.scripts import sources_in_scripts
from pipelines.extract.fold import simplify
from pipelines.names import is_byline_name, is_name
from pipelines.records import Evidence

LABEL = re.compile(
    r"(?<![\u3400-\u9fffA-Za-z_])(?:本文|文章|稿件|信息|新闻|资讯|消息|内容|原文|文字)?(?:来源|稿源|来源于|出处|转自|转载自|摘自|来自|供稿单位|信息提供)(?:网站|媒体|单位|地址)?\s*(?:[:丨|/]|\s(?=\S)|$)\s*"
    r"|^\W{0,2}(?:本文)?(?:转载自|转自|摘自)(?=[《“\u3400-\u9fff])"
)
IN_LINE = re.compile(
    r"(?<![\u3400-\u9fffA-Za-z_])(?:本文|文章|稿件|信息|新闻)?(?:来源|稿源|转自|转载自|摘自)\s*[:丨|]\s*"
    r"|^\W{0,2}(?:本文)?(?:转载自|转自|摘自)(?=[《“\u3400-\u9fff].{2,20}$)"
)
PICTURE = re.compile(r"(?:图片|图|资料|数据|视频|素材|封面|配图|题图|照片)\s*$")
DISPATCH = re.compile(r"^[\s【\[(]*(?P<name>[\u3400-\u9fffA-Za-z·]{2,16}?)(?:讯|\s*消息)(?=[\s:,(（【]|$)")
DISPATCH_NAME = re.compile(r"(?:网|报|社|台|日报|晚报|新闻|在线|客户端|时刻|传媒|融媒|频道|科技|财经|体育|娱乐|热线)$")
WORDS = re.compile(r"[\s|｜丨()（）\[\]]+")
SIGNED = re.compile(
    r"(?:^|[\s【〔(\[])(?P<name>[\u4e00-\u9fff]{2,10})[/╱]\s*(?:记者|特派员|通讯员)"
)  # 某报╱记者某人／某地报导
# words beside a date that name no outlet: the day of the week, who reports from where
NO_SOURCE = re.compile(r"^(?:星期|周)[一二三四五六日天]$|[:。]|(?:[/╱].*|^.{0,3})报[导道]\W*$|(?:记者|通讯员)$")
BESIDE_STOP = re.compile(
    r"[/╱].{0,6}报[导道]|^.{0,3}报[导道]|回应|讨论|记者|通讯员|作者|编辑|[文图]/|分享|打印|字|评论|微|扫|收藏|关闭|转发|[大中小]$|\d|[:]|浏览|阅读|举报|摘要|登录|手机|日期|时间|有效|文号|机构|索引|分类"
)
BESIDE_NOISE = re.compile(
    r"[\d:：/|\-.()\[\]【】,，]+|更新|修改|讨论|回应|回复|原创|转载|来源|发布|作者|编辑|点击|浏览|阅读|评论|收藏|分享|字号|打印|大|中|小|人参与|我有话说|举报|次"
)
PRESS = re.compile(r"(?:报|网|社|台|在线|周刊|杂志|客户端|发布)$")  # who publishes, and no column such as 健康新闻
ISSUER = re.compile(r"(?:发布机构|发布单位|发文机关|发布者)\s*[:丨]\s*(?=\S)")
SOURCE_NAME = re.compile(r"source|laiyuan|media|(?:^|[\W_])ly|nick_?name|js_name|(?:account|author)_?name")
# the rules that read a label: near the headline, behind the text, at its end, at its beginning
LABELS = ("label", "label-after", "label-closing", "label-opening")
META = ("source", "contentsource", "mediaid", "article:source", "og:article:source")


class Found(NamedTuple):
    """A value with the rule that found it."""

    rule: str
    value: str


def source(scene: Scene) -> tuple[str | None, tuple[Evidence, ...]]:
    """Return the outlet that the page names as its source, without label, and what else was offered.

    本网, 本站 and 本报 become the outlet's own name. A label with nothing behind it, or with 网络 or 未知, says that
    the page names none: nothing is then guessed from what stands beside the date.
    """
    found: list[Found] = []
    refused = False
    for rule, value in _labels(scene):
        name = bare_name(value, scene)
        refused |= name is None
        if name:
            found.append(Found(rule, name))
    for rule, guessed, look in OTHERS:
        if not (refused and guessed):
            found.extend(Found(rule, name) for value in look(scene) if (name := bare_name(value, scene)))
    told = {row.value: row for row in reversed(found)}  # each value once, by the rule that found it first
    evidence = tuple(
        Evidence(field="source", rule=row.rule, value=row.value, won=row is found[0])
        for row in sorted(told.values(), key=found.index)[:6]
    )
    return (found[0].value if found else None), evidence


def _labels(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield (rule, value) of every 来源 and its like, nearest the headline first."""
    zones = (scene.near, scene.after, scene.closing, scene.opening)
    for rule, zone in zip(LABELS, zones, strict=True):
        yield from ((rule, value) for value in _labelled(zone, strict=zone is not scene.near))


def _labelled(zone: Zone, *, strict: bool) -> Iterator[str]:
    pattern = IN_LINE if strict else LABEL
    for index, (line, folded) in enumerate(zone.pairs):
        for match in pattern.finditer(folded):
            if PICTURE.search(folded[: match.start()]) or (
                strict and len(folded) > 400 and match.start() < len(folded) - 60
            ):
                continue
            rest = line[match.end() :]
            if not rest.strip() and not strict and index + 1 < len(zone.lines) and _is_value(zone.folded[index + 1]):
                rest = zone.lines[index + 1]
            yield upto_label(rest)
            break


def _is_value(line: str) -> bool:
    """Say whether a line (simplified) may be what the label on the line above it names."""
    return len(line) <= 20 and not LABEL.search(line) and not any(form.pattern.search(line) for form in FORMS[:3])


def _after_label(text: str) -> str:
    match = LABEL.search(simplify(text))
    return upto_label(text[match.end() :] if match else text)


def _beside_date(scene: Scene) -> Iterator[str]:
    """Yield the name that stands on the line of the date with nothing else, or alone on the line below it."""
    text, folded = "\n".join(scene.near.lines), "\n".join(scene.near.folded)
    for match in (found for form in FORMS[:3] for found in form.pattern.finditer(folded)):
        begin, end = folded.rfind("\n", 0, match.start()) + 1, folded.find("\n", match.end())
        end = len(folded) if end < 0 else end
        if end - match.end() > 80 or match.start() - begin > 60 or (match["hour"] is None and end - begin > 40):
            continue
        sides = (text[match.end() : end], text[begin : match.start()])  # what follows the date is nearer to it
        rest = " ".join(ADDRESS.sub(" ", without_labels(side)) for side in sides)
        if signed := SIGNED.search(simplify(rest)):
            yield rest[signed.start("name") : signed.end("name")]
            return
        words = [word for word in WORDS.split(rest) if 2 <= len(word) <= 24 and BESIDE_NOISE.sub("", simplify(word))]
        words = [word for word in words if not NO_SOURCE.search(simplify(word)) and not is_byline_name(simplify(word))]
        trusted = [word for word in words if MEDIA.search(simplify(word))]
        if trusted or len(words) == 1:
            yield max(trusted or words, key=lambda word: bool(PRESS.search(simplify(word))))
            return
        following = text[end + 1 :].partition("\n")[0]
        if not words and 2 <= len(following) <= 12 and not BESIDE_STOP.search(simplify(following)):
            yield following
            return


def _dispatch(scene: Scene) -> Iterator[str]:
    """Yield the outlet whose 讯 opens the text: 驻马店网讯, 红网时刻10月13日讯."""
    for line, folded in scene.opening.pairs:
        match = DISPATCH.search(folded[:40])
        if match:
            name = line[match.start("name") : match.end("name")]
            if DISPATCH_NAME.search(simplify(name)) and simplify(name) not in OWN:
                yield name
                return


def _named(scene: Scene) -> Iterator[str]:
    """Yield what stands in the elements that call themselves source or media."""
    found = (_after_label(text) for name, text in scene.named if SOURCE_NAME.search(name))
    return (text for text in found if not is_name(simplify(text)))


def _meta(scene: Scene) -> Iterator[str]:
    """Yield what the page's head names as the source."""
    return (_after_label(scene.meta[name]) for name in META if scene.meta.get(name))


def _issuers(scene: Scene) -> Iterator[str]:
    """Yield who published an office's notice, where it names no source."""
    for line, folded in (*scene.near.pairs, *scene.after.pairs):
        match = ISSUER.search(folded)
        if match:
            yield upto_label(line[match.end() :])


# where a source is sought behind its labels: rule, whether it is a guess that an empty label forbids, and who looks;
# the first that finds a name wins
OTHERS: tuple[tuple[str, bool, Callable[[Scene], Iterator[str]]], ...] = (
    ("beside-date", True, _beside_date),
    ("dispatch", True, _dispatch),
    ("named-element", True, _named),
    ("meta", False, _meta),
    ("script", True, sources_in_scripts),
    ("issuer-label", True, _issuers),
)
