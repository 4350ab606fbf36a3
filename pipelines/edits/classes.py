"""Class the edits between two versions by visible rules: RULES, the first that fits names the edit.

To add a rule, write a function and a row of RULES, with cases for and against it in tests/cases/edits.json.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipelines.edits.compare import HAN_NUMBER, Hunk, Pair, compare, hunks
from pipelines.edits.names import is_anonymised, mentions
from pipelines.edits.numbers import value_of
from pipelines.fold import WORD, fold

Content = tuple[str | None, str]  # headline and text

MOVED = 6  # word characters; fewer may stand elsewhere by chance
KEPT = 200  # characters of each side that an edit keeps as its sample
UNITS = "人名例个個家户戶元万萬亿億成倍岁歲年月日时時分秒点點吨噸亩畝公米千斤件次场場条條项項所座辆輛头頭只隻台套"
FIGURE = re.compile(rf"[0-9０-９]+(?:[.,:：，．][0-9０-９]+)*|[{HAN_NUMBER}]+")
RANGE = re.compile(r"[—–\-~～至到]+")  # between two numbers
COUNTING = re.compile(r"[(（]?[0-9０-９]{1,2}[.．、)）]")
VAGUE = frozenset(("多", "数", "數", "若干", "部分", "少数", "少數", "一些", "有关", "有關", "近百", "上百"))
CORRECTED = re.compile(r"^(?:【?(?:更正|勘误|勘誤|订正|訂正|致歉)|编者按?.{0,20}更正)|(?:特此|现予|現予|予以)更正")

_NO_WORD = re.compile(f"[^{WORD}]+")


class Kind(StrEnum):
    """Name what an edit does to an article."""

    HEADLINE = "headline"
    CORRECTION = "correction"
    FIGURE = "figure"
    NAME = "name"
    CUT = "cut"
    ADDED = "added"
    MOVED = "moved"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: its kind, the words before and after it (the first KEPT characters)."""

    kind: Kind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edits:
    """All edits between two versions; `changed` is the share of the characters of both that is not in the other."""

    changed: float
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What the rules look at: words that changed, within which paragraphs, within which texts (without punctuation)."""

    hunk: Hunk
    in_title: bool
    old: str
    new: str


def is_headline(change: Change) -> bool:
    """The headline changed."""
    return change.in_title


def is_correction(change: Change) -> bool:
    """The outlet says itself that it put something right."""
    return bool(CORRECTED.search(change.hunk.after)) and not CORRECTED.search(change.hunk.before)


def is_figure(change: Change) -> bool:
    """Another number stands between the same words, or a vague word in its place; the number of a list is none.

    A number that is written otherwise, 三百一十二 for 312, is not another.
    """
    before, after = change.hunk.before, change.hunk.after
    if not (FIGURE.search(before) and all(_counts(change.hunk, match) for match in FIGURE.finditer(before))):
        return False
    if FIGURE.fullmatch(before) and after in VAGUE:
        return True
    numbers, others = (list(map(value_of, FIGURE.findall(side))) for side in (before, after))
    return RANGE.sub("", FIGURE.sub("#", before)) == RANGE.sub("", FIGURE.sub("#", after)) and numbers != others


def is_name(change: Change) -> bool:
    """A person who was named is named nowhere any more, while the paragraph is still there."""
    hunk = change.hunk
    if not hunk.new:
        return False
    if is_anonymised(hunk):
        return True
    end = hunk.start + len(hunk.before)
    touched = (one for one in mentions(hunk.old) if one.start < end and hunk.start < one.end)
    return any(fold(one.name)[:2] not in change.new for one in touched)  # two: where it ends is uncertain


def is_moved(change: Change) -> bool:
    """The words stand elsewhere in the other version: a paragraph was moved, parted or joined."""
    before, after = _words(change.hunk.before), _words(change.hunk.after)
    return max(len(before), len(after)) >= MOVED and before in change.new and after in change.old


def is_cut(change: Change) -> bool:
    """A paragraph is there no more."""
    return not change.hunk.new


def is_added(change: Change) -> bool:
    """A paragraph is new."""
    return not change.hunk.old


def is_wording(change: Change) -> bool:
    """Anything else."""
    return bool(change.hunk.before or change.hunk.after)


RULES: tuple[tuple[Kind, Callable[[Change], bool]], ...] = (
    (Kind.HEADLINE, is_headline),
    (Kind.CORRECTION, is_correction),
    (Kind.FIGURE, is_figure),
    (Kind.NAME, is_name),
    (Kind.MOVED, is_moved),
    (Kind.CUT, is_cut),
    (Kind.ADDED, is_added),
    (Kind.WORDING, is_wording),
)


@lru_cache(maxsize=64)  # a version's share and its edits are asked for one after the other
def edits_between(old: Content, new: Content) -> Edits:
    """Return what was edited between two versions, the headline first, then in reading order.

    >>> found = edits_between((None, "共检查诊所86家。"), (None, "共检查诊所82家。"))
    >>> [(edit.kind.value, edit.before, edit.after) for edit in found.edits], found.changed
    ([('figure', '86', '82')], 0.2222)
    """
    titles, texts = compare(old[0] or "", new[0] or ""), compare(old[1], new[1])
    edits = tuple(_edit(change) for change in (*_changes(titles, old, new, True), *_changes(texts, old, new, False)))
    sizes = [(len(part.text), part.changed) for pair in (*titles, *texts) for part in (*pair.old, *pair.new)]
    whole = sum(size for size, _ in sizes)
    return Edits(round(sum(size for size, changed in sizes if changed) / max(whole, 1), 4), edits)


def _changes(pairs: list[Pair], old: Content, new: Content, in_title: bool) -> Iterator[Change]:
    before, after = _words(old[1]), _words(new[1])
    for pair in pairs:
        if pair.touched and in_title:  # a headline is edited as a whole
            yield Change(Hunk(old[0] or "", new[0] or "", 0, old[0] or "", new[0] or ""), in_title, before, after)
        elif pair.touched:
            yield from (Change(hunk, in_title, before, after) for hunk in hunks(pair))


def _edit(change: Change) -> Edit:
    kind = next(kind for kind, rule in RULES if rule(change))
    return Edit(kind, change.hunk.before[:KEPT], change.hunk.after[:KEPT])


def _words(text: str) -> str:
    return _NO_WORD.sub("", fold(text))


def _counts(hunk: Hunk, match: re.Match[str]) -> bool:
    """Say whether a number counts or dates something: it is none of a list, and in Han it has a unit."""
    start, end = hunk.start + match.start(), hunk.start + match.end()
    if COUNTING.match(hunk.old) and start <= 1:
        return False
    if match[0][0] not in HAN_NUMBER:
        return True
    behind = hunk.old[end : end + 1]
    return hunk.old[max(0, start - 1) : start] not in ("第", "（", "(") and (len(match[0]) > 1 or behind in UNITS)
