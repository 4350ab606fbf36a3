"""Read the box that government pages print above a notice: 索引号, 发文字号, 发布机构, 主题分类, 成文日期, 有效性."""

import re
from datetime import UTC
from itertools import zip_longest

from pipelines.describe.moments import moments
from pipelines.describe.scene import Scene
from pipelines.records import Document, Evidence
from pipelines.trim.words import DOCUMENT_NUMBER

# each field of the box with its labels; a row more is a label more
LABELS = (
    ("index", r"(?:信息)?索\s*引\s*号|索取号"),
    ("number", r"发\s*文\s*字\s*号|发文文号|发文号|公文文号|文\s*号"),
    ("issuer", r"发布机构|发文机关|制发机关|发文机构|发文单位|制文机关|公开机构|公开责任部门|发布单位|信息来源部门"),
    ("dated", r"成文日期|生成日期|成文时间|发文日期|发文时间|制发日期|印发日期"),
    ("topic", r"主\s*题\s*分\s*类|主题类别"),
    ("released", r"发\s*布\s*日\s*期|发布时间|公开日期|公开时间"),
    ("validity", r"有\s*效\s*性|效力状态|时\s*效\s*性|时效|是否有效|有效状态"),
)
OTHERS = (  # labels of the box that we do not keep, and that end a value
    r"体裁分类|组配分类|信息分类|主题词|主\s*题|关\s*键\s*[词字]|公开方式|公开范围|公开时限|公开形式"
    r"|发文机关代字|标\s*题|名\s*称|信息名称|内容概述|废止日期|失效日期|失效时间|实施日期|生效日期|施行日期|有效期|分\s*类|语\s*种|来\s*源"
    r"|浏览次数|点击数|字\s*体|字\s*号|服务对象|载体类型|记录形式|责任编辑|登记号|统一编号|统一登记号"
)
_LABEL = re.compile(
    rf"(?<![\w])(?:{'|'.join(f'(?P<{name}>{labels})' for name, labels in LABELS)}|{OTHERS})"
    r"\s*[\])】]?\s*(?:[:丨|]|\s(?=\S)|$)"
)
NUMBER_LINE = re.compile(DOCUMENT_NUMBER)
EVERYWHERE = frozenset(("released",))  # labels that ordinary news print too
EMPTY = frozenset(("", "无", "-", "--", "/", "暂无", "无文号", "空", "————", "—"))


def document(scene: Scene) -> tuple[Document | None, tuple[Evidence, ...]]:
    """Return the box of a government page with its attachments, and the evidence; None where it prints none.

    Two labels make a box, since 文号 or 有效性 alone is a word of the text, and 发布日期 stands on any page. A document
    number that stands on a line of its own above the text counts too.
    """
    found = _boxed(scene)
    values = found if len(found.keys() - EVERYWHERE) > 1 else {}
    if "number" not in values:
        for line, folded in (*scene.near.pairs, *scene.opening.pairs, *scene.after.pairs):
            if NUMBER_LINE.match(folded):
                values = {**values, "number": line}
                break
    attachments = scene.draft.attachments
    if not values and not attachments:
        return None, ()
    evidence = tuple(Evidence(field=name, rule="document-box", value=value, won=True) for name, value in values.items())
    return Document(
        number=values.get("number"),
        index=values.get("index"),
        issuer=values.get("issuer"),
        dated=_iso_day(values.get("dated"), scene),
        released=_iso_day(values.get("released"), scene),
        topic=values.get("topic"),
        validity=values.get("validity"),
        attachments=attachments,
    ), evidence


def _boxed(scene: Scene) -> dict[str, str]:
    """Return the first value of each label in the lines above the text and among those trimmed from it."""
    values: dict[str, str] = {}
    lines = (*scene.above.pairs, *scene.near.pairs, *scene.after.pairs)
    for index, (line, folded) in enumerate(lines):
        matches = list(_LABEL.finditer(folded))
        for match, following in zip_longest(matches, matches[1:]):
            if match is None or match.lastgroup is None:
                continue
            value = line[match.end() : following.start() if following else len(line)].strip(" :：|丨[]【】")
            below = lines[index + 1] if index + 1 < len(lines) else ("", "")
            if not value and following is None and not _LABEL.search(below[1]) and len(below[0]) < 60:
                value = below[0].strip(" :：")
            if value not in EMPTY and len(value) < 80:
                values.setdefault(match.lastgroup, value)
    return values


def _iso_day(text: str | None, scene: Scene) -> str | None:
    """Return a printed day as ISO, or None."""
    if not text:
        return None
    now = scene.draft.page.capture.fetched_at
    for moment in moments(text, now if now.tzinfo else now.replace(tzinfo=UTC), UTC):
        return moment.when.date().isoformat()
    return None
