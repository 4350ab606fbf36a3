"""Know enough Chinese to rank guesses: which character is common, which stands beside which, what is converted."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from opencc import OpenCC

from pipelines.decode.plausible import weight

# what two characters on end are worth that are: in a common word; a phrase of the dictionary; a part of a longer one
_WORD, _PHRASE, _PART = 3.5, 2.0, 1.5
_OFTEN = 5  # phrases of the dictionary that one common word weighs, in counting characters


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
def simplified_only() -> frozenset[str]:
    """Return the characters that traditional text does not write: simplified forms that Big5 does not know."""
    return frozenset(other for other in simple_of().values() if not in_big5(other))


def in_big5(character: str) -> bool:
    """Say whether Big5 has a character."""
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _phrase_counts() -> tuple[Counter[str], Mapping[str, float]]:
    """Return how often characters stand in phrases, and what two characters that stand together in one are worth."""
    from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415  (loading it costs 0.3 s; few pages need it)

    singles: Counter[str] = Counter()
    pairs: dict[str, float] = {}
    for phrase in phrases_dict:
        singles.update(phrase)
        for pair in map("".join, pairwise(phrase)):
            pairs[pair] = max(pairs.get(pair, 0), _PHRASE if len(phrase) == len(pair) else _PART)
    for word in _words():
        singles.update(word * _OFTEN)
        pairs.update(dict.fromkeys(map("".join, pairwise(word)), _WORD))
    return singles, pairs


def _words() -> Iterator[str]:
    for line in Path(__file__).with_name("words.txt").read_text("utf-8").splitlines()[1:]:
        yield from line.split()


def is_pair(pair: str) -> bool:
    """Say whether two characters stand together in a word or phrase that is known, in either script."""
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
            total += pairs.get(pair, 0.0)
            if seen := self._pairs.get(pair):
                total += _seen(seen)
        return total

    def joint(self, pair: str) -> float:
        """Return what it is worth that two characters stand together: 0 where nothing is known of it."""
        plain = simplified(pair)
        seen = self._pairs.get(plain)
        return _phrase_counts()[1].get(plain, 0.0) + (_seen(seen) if seen else 0.0)

    def _character(self, own: str, plain: str, singles: Counter[str]) -> float:
        if own < "\x80":
            return 0.0
        value = 1.5 * weight(own) + 0.15 * math.log1p(singles[plain]) + 0.3 * math.log1p(self._singles[plain])
        return value - 1.0 if own in simplified_only() else value


def _seen(times: int) -> float:
    return 2.0 + min(2.0, 0.4 * times)
