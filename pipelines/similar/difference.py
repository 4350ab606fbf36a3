"""Name one place where two texts say different things."""

import re
from dataclasses import dataclass
from enum import StrEnum

DATE = re.compile(r"[年月日号时点周]")  # what follows a figure of a date


class Kind(StrEnum):
    """Name what differs."""

    FIGURE = "figure"
    DATE = "date"
    PLACE = "place"
    NAME = "name"
    CHARACTER = "character"  # one character for another: mostly a misprint


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two texts say different things: the words before it (normal form) and both readings."""

    kind: Kind
    before: str
    a: str
    b: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.before}[{self.a} | {self.b}]"


def is_moved(ours: str, theirs: str, a: str, b: str, *, length: int) -> bool:
    """Say whether either of two readings stands in the other text as well, being too long to do so by chance."""
    return min(len(ours), len(theirs)) >= length and ours in b and theirs in a
