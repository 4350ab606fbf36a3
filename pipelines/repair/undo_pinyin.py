"""Rule: undo pinyin that was injected at the level of bytes."""

from collections.abc import Set as AbstractSet

from pipelines.repair.edit import Edit
from pipelines.repair.odd import places_of
from pipelines.repair.pinyin.marks import PLACE, TONED, TONELESS
from pipelines.repair.pinyin.restore import Restorer
from pipelines.repair.survey import Survey

_MARKS = frozenset("(?\ufffd")


def may_have_pinyin(text: str, odd: AbstractSet[str]) -> object:
    """Say whether a reading in parentheses, or behind a question mark, stands anywhere."""
    if not odd.isdisjoint(TONED):
        return PLACE.search(text)
    return any(TONELESS.match(text, place) for place in places_of(odd & _MARKS, text))


def undo_pinyin(text: str, survey: Survey) -> list[Edit]:
    """Remove injected readings and put back in step what they shifted, on pages that show an injection."""
    profile = survey.injection
    return Restorer(text, profile).run() if profile else []
