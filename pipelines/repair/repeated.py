"""Rule: keep once what a document mill prints twice to look longer."""

import re
from collections.abc import Set as AbstractSet

from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

_LINES = 4  # a section is at least so many lines
_CHARACTERS = 300  # and so many Han characters: a slogan or a form's rows may stand twice in good faith


_HAN = re.compile("[\u3400-\u9fff]+")


def may_repeat(text: str, _characters: AbstractSet[str]) -> object:
    """Say whether the text is long enough to hold a section twice."""
    return len(text) > 2 * _CHARACTERS and text.count("\n") >= 2 * _LINES - 1


def keep_sections_once(text: str, _survey: Survey) -> list[Edit]:
    """Remove runs of lines that all stand, word for word, in the lines before the run."""
    lines = text.split("\n")
    seen = ""  # all kept lines, squeezed
    edits: list[Edit] = []
    run: list[str] = []
    place = start = 0
    for line in (*lines, None):
        squeezed = "".join(line.split()) if line is not None else ""
        if line is not None and squeezed and squeezed in seen:
            start = start if run else place
            run.append(squeezed)
        else:
            if len(run) >= _LINES and sum(map(_han, run)) >= _CHARACTERS:
                edits.append(Edit(start - 1, place - 1, ""))
            else:
                seen += "\n".join(run) and "\n" + "\n".join(run)
            run = []
            seen += "\n" + squeezed
        place += len(line) + 1 if line is not None else 0
    return edits


def _han(line: str) -> int:
    return sum(map(len, _HAN.findall(line)))
