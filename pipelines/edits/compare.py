"""Lay two versions of a text side by side, paragraph by paragraph, with the changed words marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# A Latin word or a number changes as a whole, in digits or in Han; any other Han character changes by itself.
HAN_NUMBER = "〇零一二两兩三四五六七八九十百千万萬亿億"
TOKENS = re.compile(rf"[A-Za-z]+|[0-9０-９]+(?:[.,:：，．][0-9０-９]+)*|[{HAN_NUMBER}]+|\s+|.", re.DOTALL)
ISLAND = 1  # tokens: so few that are the same between two changes are read as one change
ALIKE = 0.4  # below this share of common characters, two paragraphs are two paragraphs, not one that was edited
MOST = 40_000  # pairs of paragraphs that are held against each other; beyond it none is paired with an edited one
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


@dataclass(frozen=True, slots=True)
class Hunk:
    """A change within a paragraph: words of the old version, what took their place, where that is.

    `start` is where the words stand in `old`, the whole paragraph of the old version (characters).
    """

    before: str
    after: str
    start: int
    old: str
    new: str


def hunks(pair: Pair) -> Iterator[Hunk]:
    """Yield the changes of a pair, in reading order.

    >>> [hunk] = hunks(compare("共检查12家诊所", "共检查15家诊所")[0])
    >>> hunk.before, hunk.after, hunk.start
    ('12', '15', 3)
    """
    old, new = ("".join(part.text for part in side) for side in (pair.old, pair.new))
    olds, news = list(pair.old), list(pair.new)
    start = 0
    while olds or news:
        before = olds.pop(0).text if olds and olds[0].changed else ""
        after = news.pop(0).text if news and news[0].changed else ""
        if before or after:
            yield Hunk(before, after, start, old, new)
        start += len(before)
        if olds and not olds[0].changed:
            start += len(olds.pop(0).text)
            news.pop(0)


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
    few = len(olds) * len(news) <= MOST
    for old in olds:
        match = next((n for n in range(place, len(news)) if _alike(old, news[n])), None) if few else None
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
    for changed, a, b, c, d in _runs(left, right):
        if b > a:
            olds.append(Part("".join(left[a:b]), changed))
        if d > c:
            news.append(Part("".join(right[c:d]), changed))
    return Pair(tuple(olds), tuple(news))


def _runs(left: list[str], right: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Return runs of tokens: changed or not in turn, start and end on the left, start and end on the right."""
    runs: list[tuple[bool, int, int, int, int]] = []
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(codes):
        changed = tag != "equal" or (b - a <= ISLAND and 0 < place < len(codes) - 1)
        if runs and runs[-1][0] == changed:
            runs[-1] = (changed, runs[-1][1], b, runs[-1][3], d)
        else:
            runs.append((changed, a, b, c, d))
    return runs
