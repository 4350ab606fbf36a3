"""Rules for what mirrors do to pages besides pinyin: marks doubled or led by dirt, look-alikes for common words."""

import re
from collections import Counter
from collections.abc import Set as AbstractSet

from pipelines.decode.plausible import RARE_HAN, weight
from pipelines.repair.edit import Edit
from pipelines.repair.odd import DOUBLED, places_of
from pipelines.repair.script import script_of
from pipelines.repair.survey import Survey

_DOUBLED = re.compile("([，。、；：])\\1+")
_STOPS = frozenset("，。")
_MARKS = frozenset("，。、；：？！")
_LED = re.compile("([\u3400-\u9fff])(?=[，。、；：？！])")
_REGULAR = 0.6  # of the marks of a page are so: typing errors are far fewer
_ENOUGH = 5
_SHORT = 500
# characters that look like common ones and that no text of today holds, with what they stand for
_ALIKE = dict(zip("衕昰咊旳囯囻伱卟涐鈊倳佷甡冇亾彵", "同是和的国国你不我心事很生有亡他", strict=True))
_ALIKE_CLASS = re.compile(f"[{''.join(_ALIKE)}]")


def may_be_doubled(text: str, odd: AbstractSet[str]) -> object:
    """Say whether a mark stands twice."""
    if len(text) < _SHORT:
        return _DOUBLED.search(text)
    return any(pair in text for pair in odd & DOUBLED)  # where any mark of a long text is doubled, these are


def undouble_marks(text: str, survey: Survey) -> list[Edit]:
    """Write marks once on pages where most of them are doubled."""
    whole = survey.text
    doubled = Counter(found[1] for found in _DOUBLED.finditer(whole))
    bad = {mark for mark, times in doubled.items() if times >= _ENOUGH and times >= _REGULAR * _runs(mark, whole)}
    return [Edit(found.start(), found.end(), found[1]) for found in _DOUBLED.finditer(text) if found[1] in bad]


def _runs(mark: str, text: str) -> int:
    return len(re.findall(f"{mark}+", text))


def may_be_led(text: str, odd: AbstractSet[str]) -> object:
    """Say whether a rare character stands before a mark."""
    return any(text[place + 1 : place + 2] in _STOPS for place in places_of(odd & RARE_HAN, text))


def drop_dirt_before_marks(text: str, survey: Survey) -> list[Edit]:
    """Remove rare characters before marks on pages where most marks have one."""
    whole = survey.text
    rare = sum(whole[place + 1 : place + 2] in _MARKS for place in places_of(survey.odd & RARE_HAN, whole))
    if rare < _ENOUGH or rare < _REGULAR * len(_LED.findall(whole)):
        return []
    return [
        Edit(found.start(), found.end(), "", certain=False) for found in _LED.finditer(text) if weight(found[1]) < 0
    ]


def may_look_alike(_text: str, odd: AbstractSet[str]) -> object:
    """Say whether a look-alike is there."""
    return not odd.isdisjoint(_ALIKE)


def write_look_alikes(text: str, survey: Survey) -> list[Edit]:
    """Write the common characters again on pages that hold several look-alikes, or pinyin besides."""
    found = _ALIKE_CLASS.findall(survey.text)
    if not survey.was_injected and (len(found) < _ENOUGH or len(set(found)) < 2):
        return []
    nation = "國" if script_of(survey.text).startswith("zh-Hant") else "国"
    return [
        Edit(one.start(), one.end(), nation if _ALIKE[one[0]] == "国" else _ALIKE[one[0]])
        for one in _ALIKE_CLASS.finditer(text)
    ]
