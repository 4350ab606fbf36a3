"""Rule: write characters that stand in for others as the ones they stand for."""

import re
import unicodedata
from collections.abc import Set as AbstractSet

from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

# radicals and compatibility ideographs out of PDF files, Latin ligatures, and private places of GB 18030-2000
_STAND_IN = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f\ufb00-\ufb06\ue78d-\ue796\ue7c7]")
_PRIVATE = {0xE78D + number: 0xFE10 + place for number, place in enumerate((0, 2, 1, 3, 4, 5, 6, 7, 8, 9))}
_PRIVATE[0xE7C7] = 0x1E3F
# digits of both widths in one number: one of them is an accident
_MIXED = re.compile("[0-9][０-９][0-9０-９]*|[０-９]+[0-9][0-9０-９]*")
_WIDE = frozenset("０１２３４５６７８９")
_STANDING_IN = frozenset(character for code in range(0x2E80, 0x10000) if _STAND_IN.match(character := chr(code)))
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def may_stand_in(text: str, odd: AbstractSet[str]) -> object:
    """Say whether any such character, or a number in two widths, is there."""
    return not odd.isdisjoint(_STANDING_IN) or (not odd.isdisjoint(_WIDE) and _MIXED.search(text))


def write_plainly(text: str, _survey: Survey) -> list[Edit]:
    """Replace radicals, compatibility ideographs and ligatures; numbers in mixed widths become ASCII.

    Numbers that are full-width throughout stay: that is how some papers print.
    """
    edits = [
        Edit(found.start(), found.end(), _plain(found[0]))
        for found in _STAND_IN.finditer(text)
        if _plain(found[0]) != found[0]
    ]
    edits += [Edit(found.start(), found.end(), found[0].translate(_DIGITS)) for found in _MIXED.finditer(text)]
    return sorted(edits)


def _plain(character: str) -> str:
    return (
        unicodedata.normalize("NFKC", character.translate(_PRIVATE))
        if ord(character) not in _PRIVATE
        else (chr(_PRIVATE[ord(character)]))
    )
