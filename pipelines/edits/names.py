"""Find the people whom a paragraph names: a name behind a post or a trade, or before a verb of saying."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.edits.compare import Hunk
from pipelines.fold import fold
from pipelines.names import DOUBLE, SURNAMES, is_name

POSTS = (
    "记者|通讯员|作者|编辑|局长|书记|主任|县长|市长|区长|州长|省长|镇长|乡长|村长|村支书|院长|校长|站长|科长|处长|厅长|部长|所长|队长"
    "|社长|会长|行长|董事长|经理|理事长|秘书长|负责人|主席|委员|代表|教授|专家|医生|医师|护士|老师|教师|学生|家长|村民|市民|居民"
    "|职工|工人|司机|大户|农户|商户|患者|病人|死者|伤者|嫌疑人|被告人|被告|犯罪人|违法人员|当事人|法人|股东|传承人|技术员|民警"
)
SAYS = "说|表示|介绍|告诉|指出|强调|认为|透露|坦言|回忆|称|先生|女士|同志|一行"
FIRST = "".join(sorted(SURNAMES))
NAME = rf"(?:(?:{'|'.join(DOUBLE)})[\u4e00-\u9fff]{{1,2}}|[{FIRST}][\u4e00-\u9fff]{{1,2}}?)"
AFTER = rf"(?=[^\u4e00-\u9fff]|$|{SAYS}|站在|正在|等人)"
FOUND = (
    re.compile(rf"(?:{POSTS})[:： ]?(?P<name>{NAME}){AFTER}"),
    re.compile(rf"(?:^|[^\u4e00-\u9fff])(?P<name>{NAME})(?=(?:{SAYS})(?:[^\u4e00-\u9fff]|$))"),
)
NOT_IN_NAMES = re.compile(r"[地得着的了在是到也都就又们]")  # 高兴地说
SOMEBODY = re.compile(r"^某+(?:某|人)?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a paragraph, with where it stands (characters)."""

    name: str
    start: int
    end: int


def mentions(line: str) -> Iterator[Mention]:
    """Yield the names of people in a paragraph, as far as the words beside them show that they are names.

    >>> [one.name for one in mentions("种粮大户冉松年站在田埂上，高兴地说。站长逯春生介绍，天气好。")]
    ['冉松年', '逯春生']
    """
    folded = fold(line)
    for pattern in FOUND:
        for match in pattern.finditer(folded):
            if is_name(match["name"]) and not NOT_IN_NAMES.search(match["name"]):
                start, end = match.span("name")
                yield Mention(line[start:end], start, end)


def is_anonymised(hunk: Hunk) -> bool:
    """Say whether 某 took the place of a name, whole or in part: 李建国 became 李某 or 李某某."""
    if not SOMEBODY.match(hunk.after) or "某" in hunk.before:
        return False
    folded = fold(hunk.old)
    end = hunk.start + len(hunk.before)
    return any(is_name(folded[start:end]) for start in (hunk.start - 1, hunk.start) if start >= 0)
