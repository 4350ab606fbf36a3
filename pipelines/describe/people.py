"""Read who wrote an article and who edited it."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from pipelines.describe.moments import FORMS
from pipelines.describe.naming import without_labels
from pipelines.describe.scene import Scene
from pipelines.describe.scripts import authors_in_scripts
from pipelines.extract.body import is_meta, is_running
from pipelines.extract.fold import simplify
from pipelines.extract.titles import fold
from pipelines.names import BODIES, CODE, NOBODY, TITLES, is_byline_name, is_name, is_pen_name, split_names
from pipelines.records import Evidence

ROLE = r"(?:记者|通讯员|实习生|特约撰稿人|撰稿人|特约记者|评论员|特派员|主播)"
WRITER = rf"(?:作者|撰文|撰稿|采写|执笔|文字|文/图|文|文图|图文|供稿人?|{ROLE})"
# what ends a list of names: the end, a bracket, the next label
NEXT = (
    r"(?:(?:文章|稿件|信息|新闻|本文)?来源|稿源|时间|日期|编辑|责编|责任编辑|校对|审核|[一二三]审|摄影|摄像|图/|图片|制图|编审|监制|统筹|点击|浏览|阅读"
    r"|字号|字体|发布|文字大小|记者|通讯员|实习生|[:\d【\[(|《])"
)
# a label with nothing behind it is followed by the next label
FILLED = (
    r"(?!\s*(?:来源|稿源|时间|日期|编辑|责编|责任编辑|校对|审核|点击|浏览|阅读|人气|字号|字体"
    r"|发布|发表|更新|分享|打印|评论))"
)
NAMES = r"(?P<names>[\u4e00-\u9fffA-Za-z·•、,，&＆/／\s]{2,60}?)"
EDITOR = re.compile(
    rf"(?:(?:责任|本文|网络|网站|值班|执行|实习|本期|版面|本版|文字)?编辑|责编|编审|[一二三初终]审)\s*[:/|丨\s]{FILLED}\s*"
    r"(?P<names>[^:()\[\]【】]{2,50}?)(?=$|[)\]】)]|\s*(?:来源|时间|日期|作者|记者|编辑|责编|责任编辑|校对|审核"
    r"|[一二三初终]审|摄影|编审|监制|统筹|点击|浏览|阅读|字号|发布|标签|【|\[|[:(]))"
)
AUTHOR = re.compile(
    rf"(?:^|(?<=[\s(\[【|》])|(?=作者\s*:))(?:本文)?{WRITER}\s*(?:[:/丨|\\]+|\s(?=[\u4e00-\u9fff])){FILLED}\s*{NAMES}"
    rf"(?=$|[)\]】)。;]|\s*{NEXT})"
)
JOINT = re.compile(
    rf"{ROLE}\s*[:/]?\s*(?P<names>[\u4e00-\u9fff·•]{{2,12}}?(?:[、,，\s]+(?!(?:通讯员|实习生|记者|摄影|编辑|责编|责任|校对|审核|来源))[\u4e00-\u9fff·•]{{2,8}}?)*)(?=$|[)\]】)(。,，;:]|\s*(?:{ROLE}|文|图|摄|报道|报导|专访|综合|专电|特稿|发自|/|／|编辑|\d))"
)
OPENING = re.compile(r"^[^。]{0,40}?[(\[【〔（][^)\]】〕）]{0,60}[)\]】〕）]")
CLOSING = re.compile(r"[(\[【（](?P<inside>[^()\[\]【】（）]{2,60})[)\]】）][。.\s]*$")
REPORT = re.compile(
    rf"{ROLE}(?P<rest>[\u4e00-\u9fff]{{2,7}}?)(?:[／/][\u4e00-\u9fff]{{2,6}})?(?:(?:综合)?报[道导]|\d{{1,2}}日\w{{0,2}}电)(?=[)\]】〕）])"
)
# who signs with the place: 【陈小明／台北报导】, 某报╱记者陈小明／台北报导
SIGNED = re.compile(
    r"(?:^|[【〔\[(]|[报社网台]\s*[/╱])\s*(?:记者)?\s*(?P<names>[\u4e00-\u9fff]{2,4}(?:[、,\s][\u4e00-\u9fff]{2,4})*)\s*[/╱]\s*"
    r"[\u4e00-\u9fff]{2,8}?(?:报导|报道|电|特稿|专访)\s*(?=[】〕\])]|$)"
)
LEADING_ROLE = re.compile(r"^(?:本报|本网|特约|见习|实习|首席)?(?:记者|通讯员|实习生)")
WORDS = re.compile(r"[\s|｜丨]+")
CREDIT = re.compile(r"^(?:文/?图|图/?文|文字|撰文|供稿|来稿|文)\s*[:/]?\s*")
# how an author is found; the evidence says before "label" and "role" in which zone of the page
RULES = (
    *("names-only", "named-element", "label", "signed", "role", "opening-bracket", "closing-bracket", "alone"),
    "script",
)
EDITOR_RULES = ("near", "closing", "after")  # in which zone of the page an editor's label stands
AUTHOR_NAME = re.compile(r"author|zuozhe|reporter")
PHOTO = re.compile(r"^\s*(?:[摄攝](?!影\s*[:/|])|供[图圖]|[图圖](?![/片:]))")


def people(scene: Scene) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Evidence, ...]]:
    """Return (authors, editors, evidence): names as printed, each once, in the order of the page."""
    authors: dict[str, str] = {}
    editors: dict[str, str] = {}
    for name, rule in _authors(scene):
        authors.setdefault(name, rule)
    if not authors:
        authors = dict.fromkeys(islice(_alone(scene), 1), "alone")
    if not authors:
        authors = dict.fromkeys((name for name in authors_in_scripts(scene) if is_name(simplify(name))), "script")
    for name, rule in _editors(scene):
        editors.setdefault(name, rule)
    evidence = (
        *(Evidence(field="authors", rule=rule, value=name, won=True) for name, rule in authors.items()),
        *(Evidence(field="editors", rule=rule, value=name, won=True) for name, rule in editors.items()),
    )
    return tuple(authors), tuple(editors), evidence


def _authors(scene: Scene) -> Iterator[tuple[str, str]]:
    bylines = [line for item in scene.draft.trimmed if item.rule == "names-only" for line in split_names(item.line)]
    yield from ((name, "names-only") for name in bylines)
    named = [text for name, text in scene.named if AUTHOR_NAME.search(name)]
    yield from ((text, "named-element") for text in named if is_name(simplify(text)))
    for zone in (scene.near, scene.opening, scene.closing, scene.after):
        for line, folded in zone.pairs:
            if zone is scene.opening:
                yield from ((name, "opening-bracket") for name in _in_opening(line, folded))
            if len(line) <= 120 and not (zone is scene.after and is_running(line) and not _tells(folded)):
                found = [(place, name, "label") for place, name in _from(AUTHOR, line, folded, is_pen_name)]
                found += [(place, name, "signed") for place, name in _from(SIGNED, line, folded, is_name)]
                if len(line) <= 60:
                    found += [(place, name, "role") for place, name in _from(JOINT, line, folded, is_name)]
                yield from ((name, f"{zone.name}-{rule}") for _, name, rule in sorted(found, key=lambda row: row[0]))
            if zone is scene.closing:
                yield from ((name, "closing-bracket") for name in _in_closing(line, folded))


def _tells(folded: str) -> bool:
    """Say whether a line tells about the article rather than being of its text."""
    return is_meta(folded) or bool(EDITOR.search(folded))


def _alone(scene: Scene) -> Iterator[str]:
    """Yield the name that is a line of its own below the headline, or stands beside the date without a label."""
    headline = fold(scene.draft.title or "")
    below = [fold(line) for line in scene.near.lines]
    start = below.index(headline) + 1 if headline in below else 0
    for line, folded in scene.near.pairs[start:]:
        dated = any(form.pattern.search(folded) for form in FORMS[:3])
        words = [word for word in WORDS.split(without_labels(line)) if word and simplify(word) not in NOBODY]
        if dated or len(words) == 1:
            yield from [word for word in words if is_byline_name(simplify(word))][:1]


def _in_opening(line: str, folded: str) -> Iterator[str]:
    """Yield the names in the brackets that open a report: 本报讯（记者 … 通讯员 …）, 【記者…台北報導】."""
    head = OPENING.match(folded)
    if head:
        yield from _roles(line[: head.end()], folded[: head.end()])


def _in_closing(line: str, folded: str) -> Iterator[str]:
    """Yield the names in the brackets that close a report: after 记者 or 通讯员, after an office, or alone."""
    tail = CLOSING.search(folded)
    if tail is None:
        return
    start, end = tail.span("inside")
    yield from _roles(line[start:end], folded[start:end])
    credit = CREDIT.match(folded[start:end])
    start += credit.end() if credit else 0
    words = split_names(folded[start:end])
    if all(is_name(word) or (index < len(words) - 1 and BODIES.search(word)) for index, word in enumerate(words)):
        yield from (word for word in split_names(line[start:end]) if is_name(simplify(word)))


def _roles(line: str, folded: str) -> Iterator[str]:
    """Yield the names behind 记者 and 通讯员; where a place and 报导 follow without a sign, the name alone."""
    reports = list(REPORT.finditer(folded))
    for match in reports:
        rest = match.group("rest")
        size = 2 if len(rest) in {2, 4} else 3
        if is_name(rest[:size]):
            yield line[match.start("rest") : match.start("rest") + size]
    if not reports:
        yield from (name for _, name in _from(JOINT, line, folded, is_name))


def _editors(scene: Scene) -> Iterator[tuple[str, str]]:
    for rule, zone in zip(EDITOR_RULES, (scene.near, scene.closing, scene.after), strict=True):
        for line, folded in zone.pairs:
            last = -60 if rule == "closing" else 0  # of a paragraph of the text, its end alone
            yield from ((name, rule) for _, name in _from(EDITOR, line[last:], folded[last:], is_pen_name))


def _from(pattern: re.Pattern[str], line: str, folded: str, accept: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """Yield (place, name) of the lists of names that a pattern finds, but for those of photographers."""
    for match in pattern.finditer(folded):
        start, end = match.span("names")
        if PHOTO.match(folded[end:]):
            continue
        yield from ((start, name) for name in _split(line[start:end], accept))


def _split(text: str, accept: Callable[[str], bool]) -> Iterator[str]:
    """Yield the names of a list; a Latin name keeps its blank."""
    parts = [text] if re.fullmatch(r"[A-Za-z.\- ]+", text.strip()) else split_names(text)
    for part in parts:
        name = CODE.sub("", part.strip(" 　:：._-—")).strip("_")
        folded = TITLES.sub("", simplify(name)) if len(name) > 3 else simplify(name)
        titled = len(folded) < len(name)
        start = LEADING_ROLE.match(folded)
        begin = start.end() if start else 0
        name, folded = name[begin : len(folded)], folded[begin:]
        if name and folded not in NOBODY and (is_name(folded) if titled else accept(folded)):
            yield name
