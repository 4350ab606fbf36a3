"""Read the 来源: the outlet that a page names as the origin of its text."""

import re
from typing import NamedTuple

from pipelines.describe.moments import FORMS
from pipelines.describe.scene import Scene, Zone
from pipelines.extract.fold import simplify
from pipelines.records import Evidence

LABEL = re.compile(
    r"(?<![\w])(?:本文|文章|稿件|信息|新闻|资讯|消息|内容|原文|文字)?(?:来源|稿源|来源于|出处|转自|转载自|摘自|来自|供稿单位|信息提供)(?:网站|媒体|单位|地址)?\s*(?:[:丨|]|\s(?=\S)|$)\s*"
)
IN_LINE = re.compile(r"(?:本文|文章|稿件|信息|新闻)?(?:来源|稿源|转自|转载自|摘自)\s*[:丨|]\s*")
PICTURE = re.compile(r"(?:图片|图|资料|数据|视频|素材|封面|配图|题图|照片)\s*$")
NEXT_LABEL = re.compile(
    r"\s*(?:(?:作者|记者|通讯员|责任编辑|编辑|责编|编审|审核|摄影|校对|点击|浏览|阅读|字号|字体|字级|分享|评论|人气|访问|关键[词字]|标签"
    r"|(?:发布|发表|更新)?(?:时间|日期)|发布|发表|更新)\s*[:丨]|(?:点击|浏览|阅读|访问)\S{0,2}\s*\d|有\d+人|我有话说|手机看|举报|收藏|【"
    r"|\d{4}[-年/])"
)
JUNK = frozenset(
    (
        "网络",
        "互联网",
        "未知",
        "佚名",
        "不详",
        "无",
        "网络整理",
        "网上",
        "综合",
        "本地",
        "转载",
        "网络转载",
        "admin",
        "原创",
        "其它",
        "其他",
        "网友",
        "投稿",
        "资料",
        "资料图",
        "XXX",
        "xxx",
    )
)
OWN = frozenset(
    (
        "本网",
        "本站",
        "本报",
        "本网站",
        "本刊",
        "本社",
        "本台",
        "本网讯",
        "本站原创",
        "本网原创",
        "本报讯",
        "原创",
        "本站讯",
        "本网专稿",
        "站内",
        "本单位",
        "本局",
        "本委",
    )
)
NOISE = re.compile(r"https?://\S+|www\.\S+|(?:[\w-]+\.)+(?:com|cn|net|org|tw|hk|gov)\S*", re.IGNORECASE)
DISPATCH = re.compile(r"^[\s【\[(]*(?P<name>[\u3400-\u9fffA-Za-z·]{2,16}?)(?:讯|\s*消息)(?=[\s:,(（【]|$)")
DISPATCH_NAME = re.compile(r"(?:网|报|社|台|日报|晚报|新闻|在线|客户端|时刻|传媒|融媒|频道|科技|财经|体育|娱乐|热线)$")
MEDIA = re.compile(
    r"(?:网|报|社|台|在线|新闻|日报|晚报|晨报|早报|周刊|杂志|客户端|传媒|融媒|融媒体|发布|频道|公众号|微信公号|时报|商报|都市报|电视|广播|号|刊|办|局|委|部|政府|中心|协会|财经|科技)$"
)
WORDS = re.compile(r"[\s|｜丨()（）\[\]]+")
WEEKDAY = re.compile(r"^(?:星期|周)[一二三四五六日天]$")
BESIDE_STOP = re.compile(r"分享|打印|字|评论|微|扫|收藏|关闭|转发|[大中小]$|\d|[:]|浏览|阅读|举报|摘要|登录|手机")
BESIDE_NOISE = re.compile(
    r"[\d:：/|\-.()\[\]【】,，]+|原创|转载|来源|发布|作者|编辑|点击|浏览|阅读|评论|收藏|分享|字号|打印|大|中|小|人参与|我有话说|举报|次"
)


ISSUER = re.compile(r"(?:发布机构|发布单位|发文机关|发布者)\s*[:丨]\s*(?=\S)")
SOURCE_NAME = re.compile(r"source|laiyuan|media|(?:^|[\W_])ly")


class Found(NamedTuple):
    """A value with the rule that found it; the first that is no refusal wins."""

    rule: str
    value: str


def source(scene: Scene) -> tuple[str | None, tuple[Evidence, ...]]:
    """Return the outlet that the page names as its source, without label, and what else was offered.

    本网, 本站 and 本报 become the outlet's own name. A label with nothing behind it, or with 网络 or 未知, says that
    the page names none: nothing is then guessed from what stands beside the date.
    """
    found: list[Found] = []
    refused = False
    for rule, zone in (
        ("label", scene.near),
        ("label-after", scene.after),
        ("label-closing", scene.closing),
        ("label-opening", scene.opening),
    ):
        for value in _labelled(zone, strict=zone is not scene.near):
            cleaned = _clean(value, scene)
            if cleaned:
                found.append(Found(rule, cleaned))
            else:
                refused = True
    if not refused:
        found.extend(_beside_date(scene))
        found.extend(_dispatch(scene))
        found.extend(_named(scene))
    for name in ("source", "contentsource", "mediaid", "article:source", "og:article:source"):
        if scene.meta.get(name):
            cleaned = _clean(_after_label(scene.meta[name]), scene)
            if cleaned:
                found.append(Found(f"meta-{name}", cleaned))
    if not refused:
        found.extend(Found("issuer-label", value) for value in _issuers(scene))
    told = {row.value: row for row in reversed(found)}  # each value once, by the rule that found it first
    evidence = tuple(
        Evidence(field="source", rule=row.rule, value=row.value, won=row is found[0])
        for row in sorted(told.values(), key=found.index)[:6]
    )
    return (found[0].value if found else None), evidence


def _labelled(zone: Zone, *, strict: bool) -> list[str]:
    values = []
    pattern = IN_LINE if strict else LABEL
    for index, (line, folded) in enumerate(zone.pairs):
        for match in pattern.finditer(folded):
            if PICTURE.search(folded[: match.start()]) or (
                strict and len(folded) > 400 and match.start() < len(folded) - 60
            ):
                continue
            rest, plain = line[match.end() :], folded[match.end() :]
            if not plain.strip() and not strict and index + 1 < len(zone.lines):
                following = zone.lines[index + 1]
                if (
                    len(following) <= 20
                    and not LABEL.search(zone.folded[index + 1])
                    and not any(form.pattern.search(zone.folded[index + 1]) for form in FORMS[:2])
                ):
                    rest, plain = following, zone.folded[index + 1]
            stop = NEXT_LABEL.search(plain)
            values.append(rest[: stop.start()] if stop else rest)
            break
    return values


def _after_label(text: str) -> str:
    match = LABEL.search(simplify(text))
    rest = text[match.end() :] if match else text
    stop = NEXT_LABEL.search(simplify(rest))
    return rest[: stop.start()] if stop else rest


def _clean(value: str, scene: Scene) -> str | None:
    """Return a source's bare name, or None where it names nobody."""
    value = NOISE.sub("", value).strip(" \u3000:：|丨—-–·*【[(（《“\"'")
    value = re.split(r"[\s|｜丨【\[(（)）\]】，,；;。》”\"]", value, maxsplit=1)[0].strip("-—–:：·")
    folded = simplify(value)
    if folded in OWN:
        return _own_name(scene)
    if not 1 < len(value) <= 30 or folded in JUNK or not re.search(r"[\u3400-\u9fffA-Za-z]", value):
        return None
    return value


def _own_name(scene: Scene) -> str | None:
    outlet = scene.draft.page.outlet
    if outlet is not None:
        return outlet.name
    for name in ("og:site_name", "sitename", "site_name"):
        if scene.meta.get(name):
            return scene.meta[name]
    return None


def _issuers(scene: Scene) -> list[str]:
    """Find who published an office's notice, where it names no source."""
    found = []
    for line, folded in (*scene.near.pairs, *scene.after.pairs):
        match = ISSUER.search(folded)
        value = _clean(line[match.end() :], scene) if match else None
        if value:
            found.append(value)
    return found


def _named(scene: Scene) -> list[Found]:
    found = []
    for name, text in scene.named:
        if SOURCE_NAME.search(name):
            cleaned = _clean(_after_label(text), scene)
            if cleaned:
                found.append(Found("named-element", cleaned))
    return found


def _beside_date(scene: Scene) -> list[Found]:
    """Find a name that stands on the line of the date, or on the line next to it, and nothing else with it."""
    text, folded = "\n".join(scene.near.lines), "\n".join(scene.near.folded)
    for match in (found for form in FORMS[:2] for found in form.pattern.finditer(folded)):
        begin, end = folded.rfind("\n", 0, match.start()) + 1, folded.find("\n", match.end())
        end = len(folded) if end < 0 else end
        if end - match.end() > 80 or match.start() - begin > 60 or (match["hour"] is None and end - begin > 40):
            continue
        rest = NOISE.sub(" ", text[begin : match.start()]) + " " + NOISE.sub(" ", text[match.end() : end])
        words = [word for word in WORDS.split(rest) if 2 <= len(word) <= 24 and BESIDE_NOISE.sub("", simplify(word))]
        words = [word for word in words if not re.search(r"[:：。]", word) and not WEEKDAY.match(simplify(word))]
        trusted = [word for word in words if MEDIA.search(simplify(word))]
        if trusted or len(words) == 1:
            value = _clean((trusted or words)[0], scene)
            return [Found("beside-date", value)] if value else []
        following = text[end + 1 :].partition("\n")[0]
        if not words and 2 <= len(following) <= 12 and not BESIDE_STOP.search(simplify(following)):
            value = _clean(following, scene)
            return [Found("below-date", value)] if value else []
    return []


def _dispatch(scene: Scene) -> list[Found]:
    """Find the outlet whose 讯 opens the text: 驻马店网讯, 红网时刻10月13日讯."""
    for line, folded in scene.opening.pairs:
        match = DISPATCH.search(folded[:40])
        if match:
            name = line[match.start("name") : match.end("name")]
            if DISPATCH_NAME.search(simplify(name)) and simplify(name) not in OWN:
                return [Found("dispatch", name)]
    return []
