"""Rule: part a heading from the paragraph that it was run into, where a second copy on the page keeps them apart."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise

from pipelines.repair.edit import Edit
from pipelines.repair.repeated import may_repeat
from pipelines.repair.survey import Survey

_RUN_IN = re.compile(
    r"^[ \t\u3000\xa0]*(?P<heading>[(（]?[一二三四五六七八九十]{1,3}[)）、.．][^\s，。；：？！,;:?!]{2,20})"
    r"[ \t\u3000\xa0]+(?=\S)",
    re.MULTILINE,
)
_BLANKS = " \t\u3000\xa0"
_BEGINS = 8  # characters of the paragraph that must stand behind the heading in the other copy too


def may_be_run_in(text: str, odd: AbstractSet[str]) -> object:
    """Say whether a numbered heading and a blank begin a line, on a page that repeats itself."""
    return may_repeat(text, odd) and _RUN_IN.search(text)


def part_headings(text: str, _survey: Survey) -> list[Edit]:
    """Put a line end in place of the blank behind such a heading, where the same words stand so on the page.

    Without a second copy nothing is done: people print run-in headings too.
    """
    apart = frozenset(_parted(text))
    return [
        Edit(found.end("heading"), found.end(), "\n")
        for found in _RUN_IN.finditer(text)
        if (found["heading"], text[found.end() : found.end() + _BEGINS]) in apart
    ]


def _parted(text: str) -> Iterator[tuple[str, str]]:
    """Yield every line with the beginning of the next."""
    lines = [line.strip(_BLANKS) for line in text.split("\n")]
    for line, following in pairwise(lines):
        yield line, following[:_BEGINS]
