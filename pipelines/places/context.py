"""Weigh a mention by what stands around it: a town that acts counts more than one that somebody comes from."""

import math
import re
from dataclasses import dataclass
from typing import Literal

from pipelines.fold import fold
from pipelines.places.names import Form
from pipelines.places.resolve import Mention

REACH = 14  # characters looked at on either side


@dataclass(frozen=True, slots=True)
class Rule:
    """Multiply the weight of a mention by `factor` where `pattern` stands right before it, or right behind it."""

    name: str
    side: Literal["before", "behind"]
    pattern: re.Pattern[str]
    factor: float
    forms: frozenset[Form] = frozenset(Form)


def _rule(
    name: str, side: Literal["before", "behind"], pattern: str, factor: float, forms: frozenset[Form] = frozenset(Form)
) -> Rule:
    return Rule(name, side, re.compile(fold(pattern) + ("$" if side == "before" else "")), factor, forms)


_BARE = frozenset({Form.SHORT, Form.AMBIGUOUS})

# all that hold are multiplied
RULES = (
    _rule(
        "street",
        "behind",
        "[东西南北中]?[一二三四五]?(?:路|街|大道|大街|巷|胡同|里弄|大桥|立交|公路)(?!过)",
        0.0,
        _BARE,
    ),
    _rule("word goes on", "behind", "(?:域经济|级市|级以|域内|域医)", 0.0, frozenset({Form.FULL, Form.FORMER})),
    _rule("paper's own line", "behind", "(?:日报|晚报|都市报|网|新闻网|广播网|在线|电视台|发布)?讯", 1.5),
    _rule(
        "paper that is quoted", "behind", "(?:日报|晚报|晨报|商报|时报|都市报|青年报|卫视|电视台|新闻网|网)(?!讯)", 0.15
    ),
    _rule(
        "institution",
        "behind",
        "(?:大学|学院|师范|理工|协和|交通大|证券|证交所|交易所|银行|股份|集团|医药|药业|航空|国安|申花|恒大|队)",
        0.3,
    ),
    _rule(
        "authority",
        "behind",
        "(?:省|市|州|县|区)?(?:人民)?(?:政府|委|人大|政协|纪委|法院|检察院|公安|警方|[^，。、]{1,6}局)",
        1.4,
    ),
    _rule(
        "comes from, goes to",
        "before",
        "(?:来自|(?<!记者)从|自|飞往|开往|前往|(?<!送)往|飞|赴|去过|到过|途经|途径|原籍|支援|驰援|借鉴|学习)",
        0.4,
    ),
    _rule("for example", "before", "(?:特别是|尤其是|其中|包括|比如|例如|以及|和|与)", 0.7),
    _rule("people from there", "behind", "(?:返乡|返回|务工|户籍|籍|来|返|话|菜|口音)", 0.3),
    _rule("one of several", "behind", "(?:等(?!级)|、)", 0.5),
    _rule("one of several", "before", "、", 0.5),
    _rule("where the author lives", "before", "作者[：:]?[^，。]{0,9}", 0.1),
)
# an agency's dateline says where the news was written down: of the capital's it says nothing
_DATELINE = re.compile(
    fold(
        "(?:新华社|新华网|中新社|中新网|中广网|中评社|人民网|法新社|路透社|中央社|本报|记者|新闻网|电台)(?:记者)?(?:[^，。]{0,6})$"
    )
)
_CAPITAL = "110000"
DATELINE_FACTOR = 0.2


# 江苏 in 江苏南通 only says which 南通
QUALIFIES = 0.25


def factor(mention: Mention, folded: str, *, qualifies: bool) -> tuple[float, tuple[str, ...]]:
    """Return the factor for a mention and the names of the rules that made it.

    `qualifies` says that the mention only tells where the place named right behind it lies.
    """
    before = folded[max(0, mention.hit.start - REACH) : mention.hit.start]
    behind = folded[mention.hit.end : mention.hit.end + REACH]
    held = [
        rule
        for rule in RULES
        if mention.hit.name.form in rule.forms
        and (rule.pattern.search(before) if rule.side == "before" else rule.pattern.match(behind))
    ]
    reasons = [(rule.name, rule.factor) for rule in held]
    if qualifies:
        reasons.append(("says where the next lies", QUALIFIES))
    if mention.code == _CAPITAL and _DATELINE.search(before):
        reasons.append(("dateline of the capital", DATELINE_FACTOR))
    return math.prod(times for _, times in reasons), tuple(name for name, _ in reasons)
