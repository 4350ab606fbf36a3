"""Rule: undo pinyin that was injected at the level of bytes."""

from pipelines.repair.edit import Edit
from pipelines.repair.pinyin.restore import PLACE, Restorer
from pipelines.repair.survey import Survey


def may_have_pinyin(text: str) -> object:
    """Say whether a reading in parentheses, or behind a question mark, stands anywhere."""
    return ("(" in text or "?" in text or "\ufffd" in text) and PLACE.search(text)


def undo_pinyin(text: str, survey: Survey) -> list[Edit]:
    """Remove injected readings and put back in step what they shifted, on pages that show an injection."""
    profile = survey.injection
    return Restorer(text, profile).run() if profile else []
