"""Tell where two texts that run alike say different things: another figure, date, place or name in the same place.

This is what parts two notices that an office wrote on one form, though most of their text is the same. The words
around a place are its address, so that a paragraph may stand anywhere in either text.
"""

from dataclasses import dataclass, replace

from pipelines.similar.difference import Difference
from pipelines.similar.figures import compare_figures
from pipelines.similar.names import compare_names
from pipelines.similar.normal import Normal


@dataclass(frozen=True, slots=True)
class Compared:
    """What stands in the same place in two texts: where they differ, and how many figures agree."""

    differences: tuple[Difference, ...]
    agreeing: int


def compare(a: Normal, b: Normal) -> Compared:
    """Return what differs and what agrees between two texts that have much in common.

    >>> one, two = Normal.of("截至昨日，全县累计报告病例12例。"), Normal.of("截至昨日，全县累计报告病例15例。")
    >>> print(*compare(one, two).differences)
    figure: 全县累计报告病例[12 | 15]
    """
    if (len(b.plain), b.plain) > (len(a.plain), a.plain):  # one answer for both orders; a cut copy is the second
        turned = compare(b, a)
        return replace(turned, differences=tuple(replace(one, a=one.b, b=one.a) for one in turned.differences))
    figures, agreeing = compare_figures(a, b)
    return Compared((*figures, *compare_names(a, b)), agreeing)
