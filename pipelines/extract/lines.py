"""Name what a page is flattened into: lines as a reader sees them, and the elements that hold them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.records import Anchor

SPACES = re.compile(r"[\s\u00a0\u3000\u200b-\u200d\u2060\ufeff\u00ad]+")
INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")  # of these, what str.split does not know
BEFORE = 8  # pieces of a line that are kept with a link behind them
EDGE = "\x1f"  # marks the edge of a span, a link or a named inline element while a line is gathered


@dataclass(slots=True)
class Line:
    """One visual line: its text, how many of its characters are links, and what holds it.

    `raw` is the text as gathered, with an EDGE wherever a span, a link or a named inline element begins or ends: a
    date, a source and a name may be kept apart by the style sheet alone. `heading` is 1 to 6, or 0. `picture` says
    that a picture stands in the same block before it, `follows` that one stands just before that block; `centred`
    that the block is set in the middle. `attached` counts the links of it that lead to documents. `inner` is the
    class and id of the inline element that the line begins with. `rule` names the furniture.
    """

    text: str
    raw: str
    links: int
    tag: str
    heading: int
    attrs: str
    picture: bool = False
    follows: bool = False
    centred: bool = False
    attached: int = 0
    inner: str = ""
    rule: str | None = None
    weight: float = 0.0
    good: bool = False

    @property
    def spaced(self) -> str:
        """Return the text with a blank wherever an edge is."""
        return squeeze(self.raw.replace(EDGE, " ")) if EDGE in self.raw else self.text


@dataclass(slots=True)
class Span:
    """An element and the half-open range of lines that stand in it."""

    element: HtmlElement
    attrs: str
    start: int
    end: int
    hidden: bool


def squeeze(text: str) -> str:
    r"""Fold every run of white space, wide and invisible ones too, into one blank.

    >>> squeeze("\u3000\u3000本报讯\xa0 \n今天")
    '本报讯 今天'
    """
    if not text.isascii() and INVISIBLE.search(text):
        return SPACES.sub(" ", text).strip(" ")
    return " ".join(text.split())


class Flat(NamedTuple):
    """A page as flattened: its lines in order, and what is seen on the way.

    `spans` are its elements that break lines, `named` those that call themselves a field, `anchors` its links.
    """

    lines: list[Line]
    spans: list[Span]
    named: list[HtmlElement]
    anchors: list[Anchor]

    @property
    def text(self) -> str:
        """Return all that is said, a line each, with every character that stands in the source."""
        return "\n".join([line.raw for line in self.lines]).replace(EDGE, "")
