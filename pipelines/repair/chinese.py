"""Know enough Chinese to rank guesses: which character is common, which stands beside which, what is converted."""

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from opencc import OpenCC

from pipelines.decode.plausible import weight


@cache
def simplifier() -> OpenCC:
    """Return the converter from traditional to simplified, made once a process."""
    return OpenCC("t2s")


@cache
def simple_of() -> Mapping[str, str]:
    """Return the simplified form of every character that has one of its own, character by character."""
    characters = [chr(code) for code in (*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FFF))]
    simple = simplifier().convert("\n".join(characters)).split("\n")
    return {one: other for one, other in zip(characters, simple, strict=True) if one != other}


def simplified(text: str) -> str:
    """Return a text with each character in its simplified form: for comparing, not for reading."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    return {ord(one): other for one, other in simple_of().items()}


@cache
def _simplified_only() -> frozenset[str]:
    """Return the characters that traditional text does not write: simplified forms that Big5 does not know."""
    return frozenset(other for other in simple_of().values() if not _in_big5(other))


def _in_big5(character: str) -> bool:
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _phrase_counts() -> tuple[Counter[str], frozenset[str]]:
    from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415  (loading it costs 0.3 s; few pages need it)

    singles: Counter[str] = Counter()
    pairs: set[str] = set()
    for phrase in phrases_dict:
        singles.update(phrase)
        pairs.update(map("".join, pairwise(phrase)))
    return singles, frozenset(pairs)


def is_pair(pair: str) -> bool:
    """Say whether two characters stand together in a phrase of the dictionary, in either script."""
    return simplified(pair) in _phrase_counts()[1]


class Context:
    """Rank readings of damaged places by the language and by the intact text of the same page."""

    def __init__(self, intact: str = "") -> None:
        plain = simplified(intact)
        self._pairs = Counter(map("".join, pairwise(plain)))
        self._singles = Counter(plain)

    def score(self, text: str) -> float:
        """Return how likely a short text is, as a sum of hints; only comparisons between near texts mean anything."""
        plain = simplified(text)
        singles, pairs = _phrase_counts()
        total = 0.0
        for own, character in zip(text, plain, strict=True):
            total += self._character(own, character, singles)
        for pair in map("".join, pairwise(plain)):
            if pair in pairs:
                total += 2.5
            if seen := self._pairs.get(pair):
                total += 2.0 + min(2.0, 0.4 * seen)
        return total

    def _character(self, own: str, plain: str, singles: Counter[str]) -> float:
        if own < "\x80":
            return 0.0
        value = 1.5 * weight(own) + 0.15 * math.log1p(singles[plain]) + 0.3 * math.log1p(self._singles[plain])
        return value - 1.0 if own in _simplified_only() else value
