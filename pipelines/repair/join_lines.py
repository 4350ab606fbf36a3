"""Rule: join lines that were wrapped in mid-sentence, by a width or by the page breaks of the file they came from."""

import re
from collections.abc import Set as AbstractSet
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipelines.repair.chinese import is_pair
from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

_HEADING = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十百]{1,3}[)）、,，.．]|第[一二三四五六七八九十\d]{1,3}[章节節条條部篇]"
    r"|[(（]?\d{1,2}[)）、.．](?!\d)|[一二三四五六七八九十]是|[①-⑳●■◆★※·•*“「【《(（—]"
    r"|附[件:：]|来源|來源|责任|責任|编辑|編輯|记者|記者)"
)
_OPEN_END = re.compile(r"[\u3400-\u9fff\w,，、]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[。！？!?；;，,]")
_FULL_STOP = re.compile("[。！？!?；;]")
_LONG = 16  # characters: a line that was wrapped is long; shorter ones are headings, verses and names
_WORDS = 2  # breaks inside words that prove wrapping; one may be chance
_UNIFORM = 4  # lines of one width that prove wrapping
_SEARCHED = 300  # line ends that are looked for elsewhere on the page: each costs a search of all of it
_NARROW = 48  # columns: narrower columns of text are layout, such as verses and captions
_BY_COUNT = 24  # characters: shorter lines of one length are verses
_NEVER_FIRST = frozenset("，、。；：？！）》”’%％")  # no typesetter begins a line with these
_SLACK = 3.0  # columns that such lines differ in: a Han character takes two, and a mark may hang over


class _Seam(NamedTuple):
    """A line end in mid-sentence: where it stands, the width of its line, and what it shows."""

    start: int
    end: int
    width: int
    length: int  # of the line, in characters
    proven: bool  # the same words stand unbroken elsewhere on the page
    pair: str  # the characters on both sides of it, which may be a word; none where a line holds no sentence
    open_end: bool  # no comma before it, where an author may break a line too
    glue: str

    @property
    def in_word(self) -> bool:
        """Say whether the break falls inside a word, or before a mark that begins no line."""
        return self.pair[1:] in _NEVER_FIRST or is_pair(self.pair)


def may_be_wrapped(text: str, _odd: AbstractSet[str]) -> object:
    """Say whether there are lines at all."""
    return "\n" in text


def join_wrapped_lines(text: str, _survey: Survey) -> list[Edit]:
    """Join lines that end in mid-sentence with the next, on pages that prove to be wrapped.

    Proof is one of three: the words at a break stand unbroken in a second copy on the page; two breaks fall inside
    words or before a comma; four or more such lines have one width, in columns or in characters. Without it a line
    without a full stop is its author's choice.
    """
    seams = _seams(text)
    proven = any(seam.proven for seam in seams)
    uniform = _uniform(seams, text)
    count = _count(seams, text)
    if not (proven or uniform or count) and (len(seams) < _WORDS or sum(seam.in_word for seam in seams) < _WORDS):
        return []
    return [
        Edit(seam.start, seam.end, seam.glue, seam.proven or seam.in_word)
        for seam in seams
        if seam.proven or seam.open_end or uniform or seam.length == count
    ]


def _seams(text: str) -> list[_Seam]:
    seams: list[_Seam] = []
    place = 0
    for line, following in pairwise(text.split("\n")):
        place += len(line) + 1
        left = line.rstrip()
        if len(left) < _LONG or not _OPEN_END.match(left[-1]):
            continue
        right = following.lstrip()
        if not right or _HEADING.match(right):
            continue
        if _HEADING.match(left) and not _FULL_STOP.search(left):
            continue
        unbroken = left[-8:] + right[:8]
        both_ascii = left[-1].isascii() and right[0].isascii()
        seams.append(
            _Seam(
                start=place - 1 - (len(line) - len(left)),
                end=place + len(following) - len(right),
                width=_width(left),
                length=len(line.rstrip()),
                proven=len(seams) < _SEARCHED and len(unbroken) >= 12 and unbroken in text,
                pair=left[-1] + right[0] if right[0] in _NEVER_FIRST or _SENTENCE.search(left) else "",
                open_end=_HAN.match(left[-1]) is not None and _SENTENCE.search(left) is not None,
                glue=" " if both_ascii and left[-1].isalpha() else "",
            )
        )
    return seams


def _uniform(seams: list[_Seam], text: str) -> bool:
    """Say whether most lines that end in mid-sentence have one width, and no line is wider."""
    if len(seams) < _UNIFORM:
        return False
    middle = median(seam.width for seam in seams)
    if middle < _NARROW or any(_width(line) > middle + _SLACK for line in text.split("\n")):
        return False
    return sum(abs(seam.width - middle) <= _SLACK for seam in seams) >= max(_UNIFORM, 0.8 * len(seams))


def _count(seams: list[_Seam], text: str) -> int:
    """Return the number of characters after which lines were broken, whatever their width; 0 where there is none."""
    if len(seams) < _UNIFORM:
        return 0
    longest = max((len(line.rstrip()) for line in text.split("\n")), default=0)
    broken = sum(seam.length == longest for seam in seams)
    return longest if longest >= _BY_COUNT and broken >= max(_UNIFORM, 0.8 * len(seams)) else 0


def _width(line: str) -> int:
    return sum(1 + (character >= "\u1100") for character in line.strip())
