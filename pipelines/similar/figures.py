"""Compare the figures that stand in the same place in two texts."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pipelines.similar.difference import DATE, Difference, Kind, is_moved
from pipelines.similar.normal import FIGURE, Normal

AROUND = 8  # characters beside a figure that say which figure it is
MOVED = 4  # digits
KEPT = 512  # texts whose figures are kept in memory: some are compared again and again


class _Figure(NamedTuple):
    """A figure with the words before and after it."""

    value: str
    before: str
    after: str

    def by_before(self) -> tuple[str, str] | None:
        """Address it by what stands before it, and a little of what follows: the unit."""
        return self.before, self.after[: 2 if len(self.before) == AROUND else AROUND]

    def by_after(self) -> tuple[str, str] | None:
        """Address it by what follows, where it opens a paragraph that stands elsewhere in the other text."""
        return (self.before[-1], self.after) if self.before and len(self.after) == AROUND else None


def compare_figures(a: Normal, b: Normal) -> tuple[list[Difference], int]:
    """Return the figures that differ between the same words of both texts, and the number of those that agree."""
    ours, theirs = _marked(a), _marked(b)
    found = {}
    agreeing = 0
    for address in (_Figure.by_before, _Figure.by_after):
        one, two = _grouped(ours, address), _grouped(theirs, address)
        both = one.keys() & two.keys()
        for words in sorted(both):
            agreeing += (one[words] & two[words]).total()
            left, right = one[words] - two[words], two[words] - one[words]
            # a figure too many on one side was cut from the other: only pairs differ
            kind = Kind.DATE if DATE.match(words[1]) else Kind.FIGURE
            for row in zip(left.elements(), right.elements(), strict=False):
                for pair in _unlike(*row):
                    if not is_moved(*pair, a.plain, b.plain, length=MOVED):
                        found[words[0], *pair] = Difference(kind, words[0], *pair)
        ours, theirs = (tuple(figure for figure in side if address(figure) not in both) for side in (ours, theirs))
    return list(found.values()), agreeing


def _unlike(one: str, two: str) -> list[tuple[str, str]]:
    """Return the figures that differ between two rows of figures; the whole rows where one is longer."""
    ours, theirs = one.split(","), two.split(",")
    if len(ours) != len(theirs):
        return [(one, two)]
    return [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]


@lru_cache(KEPT)
def _marked(text: Normal) -> tuple[_Figure, ...]:

    masked = text.masked
    marks = re.finditer("#", masked)
    return tuple(
        _Figure(value, masked[max(0, mark.start() - AROUND) : mark.start()], masked[mark.end() : mark.end() + AROUND])
        for value, mark in zip(FIGURE.findall(text.plain), marks, strict=True)
    )


def _grouped(
    figures: tuple[_Figure, ...], address: Callable[[_Figure], tuple[str, str] | None]
) -> dict[tuple[str, str], Counter[str]]:
    grouped: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for figure in figures:
        if (words := address(figure)) is not None:
            grouped[words][figure.value] += 1
    return grouped
