"""Lay two versions of a text side by side, paragraph by paragraph, with the changed words marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# A Latin word or a number changes as a whole; a Han character changes by itself.
TOKENS = re.compile(r"[A-Za-z]+|[0-9０-９]+(?:[.,:][0-9]+)*|\s+|.", re.DOTALL)
ALIKE = 0.4  # below this share of common characters, two paragraphs are two paragraphs, not one that was edited
LONGEST = 20_000  # characters of a paragraph pair compared word by word; beyond it the pair is marked whole


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a paragraph: the same in both versions, or `changed`."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The same place in two versions; an empty side has nothing there."""

    old: tuple[Part, ...]
    new: tuple[Part, ...]

    @property
    def touched(self) -> bool:
        """Say whether the two sides differ."""
        return self.old != self.new


def compare(old: str, new: str) -> list[Pair]:
    """Return the paragraphs of two texts as pairs, in reading order.

    >>> [pair] = compare("共检查12家诊所", "共检查15家诊所")
    >>> [part.text for part in pair.old if part.changed], [part.text for part in pair.new if part.changed]
    (['12'], ['15'])
    """
    olds, news = old.split("\n"), new.split("\n")
    pairs: list[Pair] = []
    for tag, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [Pair((Part(line),), (Part(line),)) for line in olds[a:b]]
        else:
            pairs += _align(olds[a:b], news[c:d])
    return pairs


def _align(olds: list[str], news: list[str]) -> Iterator[Pair]:
    """Pair each old paragraph with the first new one that is like it; the others stand alone."""
    place = 0
    for old in olds:
        match = next((n for n in range(place, len(news)) if _alike(old, news[n])), None)
        if match is None:
            yield Pair((Part(old, changed=True),), ())
            continue
        for new in news[place:match]:
            yield Pair((), (Part(new, changed=True),))
        yield _words(old, news[match])
        place = match + 1
    for new in news[place:]:
        yield Pair((), (Part(new, changed=True),))


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return False
    return len(old) + len(new) > LONGEST or matcher.ratio() >= ALIKE


def _words(old: str, new: str) -> Pair:
    if len(old) + len(new) > LONGEST:
        return Pair((Part(old, changed=True),), (Part(new, changed=True),))
    left, right = TOKENS.findall(old), TOKENS.findall(new)
    olds: list[Part] = []
    news: list[Part] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        changed = tag != "equal"
        if b > a:
            olds.append(Part("".join(left[a:b]), changed))
        if d > c:
            news.append(Part("".join(right[c:d]), changed))
    return Pair(tuple(olds), tuple(news))
