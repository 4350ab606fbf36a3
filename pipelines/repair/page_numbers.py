"""Rule: drop page numbers and running heads of the paged file that a document was pasted from."""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

_LONGEST = 20  # characters of a line that is a page number
_DASH = "[-－—–―·~～]"
_FOLIO = re.compile(
    rf"{_DASH}+\s*\d{{1,3}}\s*{_DASH}+|\d{{1,3}}\s*[/／]\s*\d{{1,3}}"  # － 3 －, 3/8: section numbers and scores too
)
_COUNTED = re.compile(
    r"第\s*\d{1,3}\s*页[\s,，/／]*共\s*\d{1,3}\s*页|共\s*\d{1,3}\s*页[\s,，/／]*第\s*\d{1,3}\s*页|Page\s*\d{1,3}\s*of\s*\d{1,3}",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"[\u3400-\u9fff\w,，、]")
_HEADING = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,3}[章节節条條]")
_LONG = 16  # characters: a shorter line without a full stop is a heading
_TWICE = 2


class _Line(NamedTuple):
    """A line that holds something: where it stands, and what it says without the space around it."""

    start: int
    end: int
    text: str


def may_be_paged(text: str, _odd: AbstractSet[str]) -> object:
    """Say whether a line is a page number and nothing else."""
    return any(len(line) <= _LONGEST and _is_folio(line.strip()) for line in text.split("\n"))


def drop_page_numbers(text: str, _survey: Survey) -> list[Edit]:
    """Remove page numbers, the running heads beside them, and the line breaks where they cut a sentence.

    "第 3 页 共 8 页" is always one. "－ 3 －" and "3/8" may also number sections or tell a score: they go where one of
    them cuts a sentence. A running head is a line that stands beside two page numbers or more.
    """
    lines = list(_lines(text))
    folios = [number for number, line in enumerate(lines) if _is_folio(line.text)]
    beside = Counter(lines[near].text for number in folios for near in _near(number, lines) if near not in folios)
    heads = {line for line, times in beside.items() if times >= _TWICE}
    cuts = [_cut(number, lines, heads) for number in folios]
    sentence = any(_interrupts(*cut, lines) for cut in cuts)
    edits: list[Edit] = []
    for number, (before, after) in zip(folios, cuts, strict=True):
        if not (sentence or _COUNTED.fullmatch(lines[number].text)):
            continue
        start = lines[before].end if before >= 0 else 0
        end = lines[after].start if after < len(lines) else len(text)
        glue = "\n" if before >= 0 and after < len(lines) and not _interrupts(before, after, lines) else ""
        if not edits or edits[-1].end <= start:
            edits.append(Edit(start, end, glue))
    return edits


def _is_folio(line: str) -> bool:
    return bool(_FOLIO.fullmatch(line) or _COUNTED.fullmatch(line))


def _lines(text: str) -> Iterator[_Line]:
    place = 0
    for line in text.split("\n"):
        if held := line.strip():
            start = place + line.index(held)
            yield _Line(start, start + len(held), held)
        place += len(line) + 1


def _near(number: int, lines: list[_Line]) -> Iterator[int]:
    return (near for near in (number - 1, number + 1) if 0 <= near < len(lines))


def _cut(number: int, lines: list[_Line], heads: AbstractSet[str]) -> tuple[int, int]:
    """Return the numbers of the lines before and after a page number and its running heads."""
    before, after = number - 1, number + 1
    while before >= 0 and (lines[before].text in heads or _is_folio(lines[before].text)):
        before -= 1
    while after < len(lines) and (lines[after].text in heads or _is_folio(lines[after].text)):
        after += 1
    return before, after


def _interrupts(before: int, after: int, lines: list[_Line]) -> bool:
    """Say whether a sentence runs from one line to another."""
    if before < 0 or after >= len(lines):
        return False
    left, right = lines[before].text, lines[after].text
    return len(left) >= _LONG and _OPEN_END.match(left[-1]) is not None and not _HEADING.match(right)
