"""Rule: keep once what a document mill prints twice to look longer."""

import re
from collections.abc import Set as AbstractSet

from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

_LINES = 4  # a section is at least so many lines
_CHARACTERS = 200  # and so many Han characters: a slogan or a form's rows may stand twice in good faith


_SEARCHED = 1000  # lines: in longer texts a line is only looked for as a whole
_HAN = re.compile("[\u3400-\u9fff]+")


def may_repeat(text: str, _characters: AbstractSet[str]) -> object:
    """Say whether the text is long enough to hold a section twice."""
    return len(text) > 2 * _CHARACTERS and text.count("\n") >= 2 * _LINES - 1


def keep_sections_once(text: str, _survey: Survey) -> list[Edit]:
    """Remove runs of lines that all stand, word for word, in the lines before the run."""
    lines = text.split("\n")
    seen = _Seen(lines)
    edits: list[Edit] = []
    run: list[str] = []
    place = start = 0
    for line in (*lines, ""):
        squeezed = "".join(line.split())
        if squeezed and squeezed in seen:
            start = start if run else place
            run.append(squeezed)
        else:
            if len(run) >= _LINES and sum(map(_han, run)) >= _CHARACTERS:
                edits.append(Edit(start - 1, place - 1, ""))
            else:
                seen.add(*run)
            run = []
            seen.add(squeezed)
        place += len(line) + 1
    return edits


class _Seen:
    """The lines that were kept so far; in a text of few lines, a line may also stand within one of them."""

    def __init__(self, lines: list[str]) -> None:
        self._lines: set[str] = set()
        self._text = "" if len(lines) <= _SEARCHED else None

    def add(self, *lines: str) -> None:
        """Take up lines that were kept."""
        self._lines.update(lines)
        if self._text is not None:
            self._text += "".join("\n" + line for line in lines)

    def __contains__(self, line: str) -> bool:
        """Say whether a line stood there before."""
        return line in self._lines or (self._text is not None and line in self._text)


def _han(line: str) -> int:
    return sum(map(len, _HAN.findall(line)))
