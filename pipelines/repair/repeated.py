"""Rule: keep once what a document mill prints twice to look longer."""

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

_LINES = 4  # a section is at least so many lines
_CHARACTERS = 200  # and so many Han characters: a slogan or a form's rows may stand twice in good faith
# right behind its own copy, a section that has a number of its own is one, however short: nobody counts to three twice
_NUMBERED = re.compile("(?:[一二三四五六七八九十]{1,3}[、,，.．]|[(（][一二三四五六七八九十]{1,3}[)）])")
_NEXT_LINES = 2
_NEXT_CHARACTERS = 40
_HEAD = 12  # characters that two lines must begin with alike before anything is looked for
_SEARCHED = 1000  # lines: in longer texts a line is only looked for as a whole
_HAN = re.compile("[\u3400-\u9fff]+")


def may_repeat(text: str, _odd: AbstractSet[str]) -> object:
    """Say whether two lines of some length begin alike."""
    return _begin_alike(text)


@lru_cache(maxsize=1)  # two rules on end ask it of one text
def _begin_alike(text: str) -> bool:
    heads = [head for line in text.split("\n") if len(head := line.strip()[:_HEAD]) == _HEAD]
    return len(set(heads)) < len(heads)


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
            if _is_section(run) or (_is_numbered(run) and seen.ends_with(run)):
                edits.append(Edit(start - 1, place - 1, ""))
            elif run:
                seen.add(*run)
            run = []
            if squeezed:
                seen.add(squeezed)
        place += len(line) + 1
    return edits


def _is_section(run: list[str]) -> bool:
    return len(run) >= _LINES and sum(map(_han, run)) >= _CHARACTERS


def _is_numbered(run: list[str]) -> bool:
    if len(run) < _NEXT_LINES or not _NUMBERED.match(run[0]):
        return False
    return sum(map(_han, run)) >= _NEXT_CHARACTERS


class _Seen:
    """The lines that were kept so far; in a text of few lines, a line may also stand within one of them."""

    def __init__(self, lines: list[str]) -> None:
        self._kept: list[str] = []
        self._lines: set[str] = set()
        self._text = "" if len(lines) <= _SEARCHED else None

    def add(self, *lines: str) -> None:
        """Take up lines that were kept."""
        self._kept += lines
        self._lines.update(lines)
        if self._text is not None:
            self._text += "".join("\n" + line for line in lines)

    def ends_with(self, run: list[str]) -> bool:
        """Say whether a run is what was kept last."""
        return self._kept[-len(run) :] == run

    def __contains__(self, line: str) -> bool:
        """Say whether a line stood there before."""
        return line in self._lines or (self._text is not None and line in self._text)


def _han(line: str) -> int:
    return sum(map(len, _HAN.findall(line)))
