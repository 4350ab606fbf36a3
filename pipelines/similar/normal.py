"""Bring a text to the form that is compared, and cut it into shingles."""

import re
from dataclasses import dataclass
from functools import cached_property

from pipelines.fold import WORD, fold

GRAM = 5  # characters; unrelated Chinese articles have 1 to 3 % of these in common
ANCHOR = 6  # characters that say where in a text one is

FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_NOISE = re.compile(rf"(?<=[0-9])([^{WORD}]+)(?=[0-9])|[^{WORD}]+")
_THOUSAND = re.compile(r"[0-9]{3}(?![0-9])")


@dataclass(frozen=True)
class Normal:
    r"""A text without script, width, case, spaces and punctuation; `masked` has `#` for every figure or row of figures.

    >>> text = Normal.of("我縣新增１,２００例，增長\n3.5％、2％。")
    >>> text.plain, text.masked
    ('我县新增1200例增长3.5,2', '我县新增#例增长#')
    """

    plain: str

    @classmethod
    def of(cls, text: str) -> "Normal":
        """Return the normal form of a text: its words and figures, and a mark between figures or inside a decimal."""
        return cls(_NOISE.sub(_squeezed, fold(text)))

    @cached_property
    def masked(self) -> str:
        """Return the text with `#` in place of each figure or row of figures (a date, a row of a table)."""
        return FIGURE.sub("#", self.plain)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """Return the set of overlapping pieces of GRAM characters; of a shorter text, the text itself."""
        return frozenset(pieces(self.plain, GRAM))

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Return the set of overlapping pieces of ANCHOR characters of the masked text."""
        return frozenset(self.pieces)

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Return the overlapping pieces of ANCHOR characters of the masked text, in order."""
        return pieces(self.masked, ANCHOR)


def pieces(text: str, size: int) -> tuple[str, ...]:
    """Return the overlapping pieces of a text of so many characters; the text itself where it is shorter.

    >>> pieces("方志记录", 3), pieces("方", 3), pieces("", 3)
    (('方志记', '志记录'), ('方',), ())
    """
    return tuple([text[start : start + size] for start in range(max(len(text) - size + 1, min(1, len(text))))])


def _squeezed(noise: re.Match[str]) -> str:
    """Return what stands for a stretch that is no word: nothing, or what keeps two figures apart."""
    between = (noise[1] or "").strip()  # a line may be wrapped inside a figure
    if not between or (between == "," and _THOUSAND.match(noise.string, noise.end())):
        return ""
    return "." if between == "." else ","
