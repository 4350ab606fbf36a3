"""Compare the names, places and other words that stand in the same place in two texts."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby, takewhile
from typing import NamedTuple

from pipelines.similar.difference import DATE, Difference, Kind, is_moved
from pipelines.similar.normal import ANCHOR, Normal

LONGEST = 24  # characters; a longer stretch is rewriting, not another name in the same place
UNEVEN = 4  # times; of two names neither is so much longer
MOVED = 2  # characters

_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百千万亿两]+")
_PLACE = re.compile(r"[省市县区旗州乡镇村街路]")
_LATIN = re.compile(r"[a-z]")
_NEAR = re.compile(r"[我本该今昨前近]|记者|通讯员|编辑|据悉|据了解")


class _Gap(NamedTuple):
    """A short stretch of one text that the other lacks, and the words before and after it that both have."""

    before: str
    here: str
    after: str


def compare_names(a: Normal, b: Normal) -> Iterator[Difference]:
    """Yield the short stretches that differ beside the same words of both texts and are no figures."""
    by_before: dict[str, str] = {}
    by_after: dict[str, str] = {}
    for gap in _gaps(a, b):
        by_before.setdefault(gap.before, gap.here)
        by_after.setdefault(gap.after, gap.here)
    seen = set()
    for gap in _gaps(b, a):
        ours, other = by_before.get(gap.before, ""), by_after.get(gap.after, "")
        if ours != other:  # beside the same words on one side alone: a paragraph has moved, or was put in
            ours = min(filter(None, (ours, other)), key=len)
            if max(len(ours), len(gap.here)) > LONGEST // 2:
                continue
        ours, here = _trimmed(ours, gap.here)
        if not ours or not here or any(rule(ours, here, a.masked, b.masked) for rule in EDITS):
            continue
        kind = _kind(ours, here, gap.after)
        if kind is Kind.PLACE or (ours, here) not in seen:
            seen.add((ours, here))
            yield Difference(kind, gap.before, ours, here)


def _gaps(text: Normal, other: Normal) -> Iterator[_Gap]:
    """Yield the short stretches of a text that no piece shared with the other covers, beside pieces that are shared."""
    whole, shared = text.masked, other.anchors
    missing = [start for start, piece in enumerate(text.pieces) if piece not in shared]
    for _, run in groupby(enumerate(missing), key=lambda item: item[1] - item[0]):
        starts = [start for _, start in run]
        start = starts[0] + ANCHOR - 1 if starts[0] else 0
        end = starts[-1] + 1 if starts[-1] + 1 < len(text.pieces) else len(whole)
        if 0 < end - start <= LONGEST and end - start < len(whole):
            yield _Gap(whole[max(0, start - ANCHOR) : start], whole[start:end], whole[end : end + ANCHOR])


def _trimmed(one: str, two: str) -> tuple[str, str]:
    """Return two stretches without the characters that both begin or end with."""
    start = _alike(one, two)
    end = _alike(one[start:][::-1], two[start:][::-1])
    return one[start : len(one) - end], two[start : len(two) - end]


def _alike(one: str, two: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def _kind(ours: str, theirs: str, after: str) -> Kind:
    if _NUMERAL.fullmatch(ours) and _NUMERAL.fullmatch(theirs):
        return Kind.DATE if DATE.match(after) else Kind.FIGURE
    if _PLACE.search(theirs + after[:2]):
        return Kind.PLACE
    return Kind.CHARACTER if len(ours) == len(theirs) == 1 else Kind.NAME


def _has_figures(ours: str, theirs: str, _a: str, _b: str) -> bool:
    """Leave figures to their own comparison."""
    return "#" in ours + theirs


def _is_left_out(ours: str, theirs: str, _a: str, _b: str) -> bool:
    """Words were left out of one text, or put in."""
    return ours in theirs or theirs in ours


def _is_elsewhere(ours: str, theirs: str, a: str, b: str) -> bool:
    """The same words stand in another place of the other text."""
    return (
        is_moved(ours, theirs, a, b, length=MOVED)
        or (len(ours) >= ANCHOR - 1 and ours in b)
        or (len(theirs) >= ANCHOR - 1 and theirs in a)
    )


def _is_damage(ours: str, theirs: str, _a: str, _b: str) -> bool:
    """One text has readings in place of characters."""
    return bool(_LATIN.search(ours)) != bool(_LATIN.search(theirs))


def _is_rewritten(ours: str, theirs: str, _a: str, _b: str) -> bool:
    """One text says it at much greater length."""
    return max(len(ours), len(theirs)) > UNEVEN * min(len(ours), len(theirs))


def _is_nearer(ours: str, theirs: str, _a: str, _b: str) -> bool:
    """One text says it from nearby, as a reprinter puts right: our county, yesterday, this paper's reporter."""
    return bool(_NEAR.search(ours) or _NEAR.search(theirs))


# reasons for which copies of one text differ; each is asked with both readings and both whole texts
EDITS: tuple[Callable[[str, str, str, str], bool], ...] = (
    _has_figures,
    _is_left_out,
    _is_elsewhere,
    _is_damage,
    _is_rewritten,
    _is_nearer,
)
