"""Say what a page shows of its injection: its list, its language, and what else stands on it."""

import re
from collections import Counter
from dataclasses import dataclass, field

from pipelines.decode.plausible import weight
from pipelines.repair.chinese import Context, simple_of
from pipelines.repair.pinyin.gbk import decode
from pipelines.repair.pinyin.marks import hit_by
from pipelines.repair.pinyin.readings import first_reading, is_toned, toneless

_AFTER_HAN = re.compile("([^\x00-\x7f])([\x00-\x7f])(?=(.))", re.DOTALL)
_SEARCHES = 2000  # of a few milliseconds at most; the worst page that was seen needs forty
_DOMINANT = 0.6  # of what follows in the same way: then it is guessed
_ENOUGH = 1
_SPARED = -2.0
_LISTED = 2.5
_TRADITIONAL = 2.0
_FIRST = 2.0
_RARE = 2.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What a page shows: the characters struck, those that stand there without a reading, and the language around."""

    listed: frozenset[str]
    context: Context
    spared: frozenset[str] = frozenset()
    toneless: bool = False  # readings without tone marks were injected too
    random: bool = False  # readings were injected that belong to no character before them
    doubtful: bool = False  # one reading is all there is: what is undone is a guess
    drops: bool = False  # pairs that are no character may be gone without a trace
    keeps_ascii: bool = False  # a question mark stands for one byte, and what followed it is there
    ascii_after: "AsciiAfter" = field(default_factory=lambda: AsciiAfter(""))
    budget: "Budget" = field(default_factory=lambda: Budget(_SEARCHES))

    def is_hit(self, tail: bytes, reading: str) -> bool:
        """Say whether a reading behind some bytes was injected: their character is read so, or any reading is."""
        if not is_toned(reading) and not (self.toneless or decode(tail) in simple_of()):
            return False  # a neutral tone fits particles such as 們 and 嗎; "(a)" behind anything else is a list
        return hit_by(tail, reading) or (self.random and not is_toned(reading))

    def fit(self, character: str, reading: str) -> float:
        """Return how well a character fits a list: seen on it, or common and traditional, in its first reading."""
        known = _LISTED if character in self.listed else _SPARED if character in self.spared else 0.0
        if weight(character) < 0:
            return known + _RARE * weight(character)
        first = first_reading(character)
        same = reading == first if is_toned(reading) else reading == toneless(first)
        return (known or _TRADITIONAL * (character in simple_of())) + _FIRST * same


class Budget:
    """How many searches for lost bytes a page is worth; one that wants more is made to take time."""

    def __init__(self, left: int) -> None:
        self._left = left

    def spend(self) -> bool:
        """Say whether one more may be made, and count it."""
        self._left -= 1
        return self._left >= 0


class AsciiAfter:
    """Which ASCII stands between a page's Chinese and what follows it: what a question mark may have swallowed."""

    def __init__(self, intact: str) -> None:
        self._counts: dict[tuple[str, str], Counter[str]] = {}
        for found in _AFTER_HAN.finditer(intact):
            self._counts.setdefault((_kind(found[1]), _kind(found[3])), Counter())[found[2]] += 1

    def likely(self, before: str, following: str) -> str | None:
        """Return the one that nearly always stands between two such characters, or None."""
        counts = self._counts.get((_kind(before), _kind(following)), Counter())
        if counts.total() < _ENOUGH:
            return None
        [(best, times)] = counts.most_common(1)
        return best if times >= _DOMINANT * counts.total() and not best.isalnum() else None


def _kind(following: str) -> str:
    if following.isdigit():
        return "0"
    if following.isascii():
        return "a" if following.isalpha() else following
    return "字" if following.isalpha() else "，"
