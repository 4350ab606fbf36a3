"""Rule: undo UTF-8 that was read as a Western charset; ftfy knows how."""

import re
from collections.abc import Set as AbstractSet

import ftfy

from pipelines.repair.edit import Edit
from pipelines.repair.odd import places_of
from pipelines.repair.survey import Survey

# the first byte of a UTF-8 character read as Latin-1, and a continuation byte read as Latin-1 or windows-1252
_PAIR = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_FIRST = frozenset(map(chr, range(0xC2, 0xF5)))
_STRETCH = re.compile(
    "[^\n\u2e80-\u9fff\uf900-\ufaff\uff01-\uffef]+"
)  # between Han text: ftfy weighs a stretch at a time
# nothing but the encoding: quotes, widths and forms are the publisher's
_CONFIG = ftfy.TextFixerConfig(unescape_html=False, restore_byte_a0=True, replace_lossy_sequences=False, explain=True)
_LONGEST = 20_000  # characters; ftfy's own measure is a million, and it is not linear


def may_be_latin_mojibake(text: str, odd: AbstractSet[str]) -> object:
    """Say whether a pair of characters looks like two bytes of UTF-8."""
    return any(_PAIR.match(text, place) for place in places_of(odd & _FIRST, text))


def undo_latin_mojibake(text: str, _survey: Survey) -> list[Edit]:
    """Undo it in every stretch that shows it; what was lost stays lost."""
    edits = []
    for stretch in _STRETCH.finditer(text):
        if len(stretch[0]) > _LONGEST or not _PAIR.search(stretch[0]):
            continue
        fixed = ftfy.fix_encoding_and_explain(stretch[0], _CONFIG).text
        if fixed != stretch[0]:
            edits.append(trimmed(Edit(stretch.start(), stretch.end(), fixed), stretch[0]))
    return edits


def trimmed(edit: Edit, before: str) -> Edit:
    """Return an edit without what it leaves alone at its ends."""
    start, end, after, certain = edit
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return Edit(start + head, end - tail, after[head : len(after) - tail], certain)
