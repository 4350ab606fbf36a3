"""Flatten a parsed page into the lines a reader sees, and remember which element holds which lines."""

import re
from collections.abc import Callable

from lxml.html import HtmlElement

from pipelines.extract.figures import is_data_row
from pipelines.extract.lines import Line, Span, squeeze

# fmt: off
DROPPED = frozenset((
    "script", "style", "noscript", "template", "iframe", "frame", "object", "embed", "applet", "svg", "math", "canvas",
    "audio", "video", "map", "select", "option", "textarea", "button", "input", "link", "meta", "base", "head", "title",
    "datalist", "param", "source", "track",
))
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr", "img", "o:p", "st1:chsdate", "st1:personname", "v:shape",
))
NAMED = frozenset(("span", "label", "img", "s", "del", "time", "data"))  # inline, and named where they are furniture
PARTS = frozenset(("a", "span", "em", "i", "label", "time"))  # what labels and values stand in, side by side
# fmt: on
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|txt)(?:[?#]|$)", re.IGNORECASE)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
EDGE = "\x1f"  # marks the edge of a span, a link or a named inline element while a line is gathered
MAX_LINES = 60_000


def flatten(root: HtmlElement, is_clutter: Callable[[str], object]) -> tuple[list[Line], list[Span]]:
    """Return the lines of a tree in page order, and a span for every element that breaks lines.

    `is_clutter` is asked about the class and id of inline elements: such an element stands on a line of its own.
    Iterative, so that the depth of a page never matters; a page of more than `MAX_LINES` lines is cut there.
    """
    walk = _Walk(is_clutter)
    say = walk.say
    pending: list[HtmlElement | tuple[HtmlElement, str, str, Span | None]] = [root]
    while pending:
        entry = pending.pop()
        if isinstance(entry, tuple):
            walk.leave(*entry[1:])
            tail = entry[0].tail
        elif not isinstance(tag := entry.tag, str) or tag in DROPPED or len(walk.lines) > MAX_LINES:
            tail = entry.tail
        elif tag == "br":
            walk.break_line()
            tail = entry.tail
        else:
            names, ident = entry.get("class"), entry.get("id")
            attrs = f"{names or ''} {ident or ''}" if names or ident else ""
            pending.append((entry, tag, attrs, walk.enter(entry, tag, attrs)))
            if len(entry):
                pending.extend(reversed(entry))
            tail = entry.text
        if tail:
            say(tail)
    walk.flush()
    return walk.lines, walk.spans


class _Walk:
    """The state of one walk through a tree."""

    def __init__(self, is_clutter: Callable[[str], object]) -> None:
        self.is_clutter = is_clutter
        self.lines: list[Line] = []
        self.spans: list[Span] = []
        self.owners: list[tuple[str, str, bool]] = [("body", "", False)]
        self.buffer: list[str] = []
        self.linked = 0  # characters of links in the buffer
        self.links = 0  # depth of <a>
        self.rows = 0  # depth of data rows, whose cells stand on one line
        self.heading = 0
        self.picture = False  # a picture stands in this block, before what is gathered now
        self.follows = False  # a block that held a picture and no words has just ended
        self.attached = 0
        self.inner = ""  # the names of the inline element that what is gathered now begins with
        self.blank = False  # nothing but blanks were said since the last line

    def say(self, text: str) -> None:
        if not self.buffer and text.isspace():  # the blanks between two tags, most of all texts
            self.blank = True
            return
        self.buffer.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        if not self.buffer:
            self.linked = 0
            if self.blank:
                self.blank, self.attached = False, 0
            return
        raw = "".join(self.buffer)
        self.buffer.clear()
        self.blank = False
        text = "" if raw.isspace() else squeeze(raw.replace(EDGE, ""))
        if text:
            tag, attrs, centred = self.owners[-1]
            spaced = squeeze(raw.replace(EDGE, " ")) if EDGE in raw else text
            line = Line(text, spaced, min(self.linked, len(text)), tag, self.heading, attrs)
            line.picture, line.follows, line.centred = self.picture, self.follows, centred
            line.attached, line.inner = self.attached, self.inner
            self.lines.append(line)
            self.follows = self.picture = False
        self.linked = self.attached = 0
        self.inner = ""

    def break_line(self) -> None:
        if self.heading or self.rows:
            self.buffer.append(" ")
        else:
            self.flush()

    def enter(self, element: HtmlElement, tag: str, attrs: str) -> Span | None:
        if tag == "a":
            self.links += 1
            self.attached += bool(DOCUMENT.search(element.get("href") or ""))
        elif tag == "img":
            self.picture = True
        if tag in INLINE and not (attrs and tag in NAMED and self.is_clutter(attrs)):
            self.enter_inline(tag, attrs)
            return None
        if self.rows and tag != "tr":
            self.buffer.append(" ")
        elif self.buffer or self.blank:
            self.flush()
        else:
            self.linked = 0
        self.follows |= self.picture
        self.picture = False
        style = element.get("style") or ""
        hidden = bool(style and HIDDEN.search(style))
        centred = (
            self.owners[-1][2]
            or tag == "center"
            or (tag != "table" and (element.get("align") or "").lower() == "center")
        )
        if style and "text-align" in style.lower():
            centred = bool(CENTRED.search(style))
        span = Span(element, attrs, len(self.lines), len(self.lines), hidden)
        self.spans.append(span)
        self.owners.append((tag, attrs, centred))
        if tag in HEADINGS:
            self.heading = HEADINGS[tag]
        elif tag == "tr" and (self.rows or is_data_row(element)):
            self.rows += 1
        return span

    def enter_inline(self, tag: str, attrs: str) -> None:
        if attrs and not self.inner and all(map(str.isspace, self.buffer)):
            self.inner = attrs
        if attrs or tag in PARTS:
            self.buffer.append(EDGE)

    def leave(self, tag: str, attrs: str, span: Span | None) -> None:
        if tag == "a":
            self.links -= 1
        if span is None:
            if attrs or tag in PARTS:
                self.buffer.append(EDGE)
            return
        if self.rows and tag != "tr":
            self.buffer.append(" ")
        elif self.buffer or self.blank:
            self.flush()
        else:
            self.linked = 0
        span.end = len(self.lines)
        self.owners.pop()
        if tag in HEADINGS:
            self.heading = 0
        elif tag == "tr" and self.rows:
            self.rows -= 1
