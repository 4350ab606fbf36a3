"""Flatten a parsed page into the lines a reader sees, and remember which element holds which lines."""

import re
from collections.abc import Callable

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extract.figures import is_data_row
from pipelines.extract.lines import BEFORE, EDGE, Flat, Line, Span, squeeze
from pipelines.extract.named import HOLDERS, names_a_field
from pipelines.records import Anchor

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
MAX_LINES = 60_000


def flatten(root: HtmlElement, is_clutter: Callable[[str], object]) -> Flat:
    """Return the lines of a tree in page order, and what else is seen on the way.

    `is_clutter` is asked about the class and id of inline elements: such an element stands on a line of its own.
    Iterative, so that the depth of a page never matters; a page of more than `MAX_LINES` lines is cut there.
    """
    walk = _Walk(is_clutter)
    say, buffer = walk.say, walk.buffer
    opened: list[Span | str] = []  # what ends with each open element: a span, the edge of an inline one, nothing
    steps = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in steps:
        if event == "start":
            tag = element.tag
            if tag in DROPPED or len(walk.lines) > MAX_LINES:
                steps.skip_subtree()
                opened.append("")
                if tag == "textarea" and names_a_field(_names_of(element)):  # what no reader sees, and scripts read
                    walk.named.append(element)
                continue
            if tag == "br":
                walk.break_line()
                opened.append("")
            else:
                opened.append(walk.enter(element, tag))
            text = element.text
        else:
            if event == "end" and (open_ := opened.pop()):
                walk.leave(element.tag, open_)
            text = element.tail
        if text:
            if buffer or not text.isspace():
                say(text)
            else:  # the blanks between two tags, most of all texts
                walk.blank = True
    walk.flush()
    return Flat(walk.lines, walk.spans, walk.named, walk.anchors)


class _Walk:
    """The state of one walk through a tree."""

    def __init__(self, is_clutter: Callable[[str], object]) -> None:
        self.is_clutter = is_clutter
        self.lines: list[Line] = []
        self.spans: list[Span] = []
        self.named: list[HtmlElement] = []
        self.anchors: list[Anchor] = []
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
            line = Line(text, raw, min(self.linked, len(text)), tag, self.heading, attrs)
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

    def enter(self, element: HtmlElement, tag: str) -> Span | str:
        """Begin an element; return what `leave` is to be told: its span, or for an inline one its edge or nothing."""
        attrs = _names_of(element)
        if attrs and names_a_field(attrs) and tag in HOLDERS:
            self.named.append(element)
        if tag in INLINE and not (attrs and tag in NAMED and self.is_clutter(attrs)):
            return self.enter_inline(element, tag, attrs)
        return self.enter_block(element, tag, attrs)

    def enter_inline(self, element: HtmlElement, tag: str, attrs: str) -> str:
        if tag == "a":
            self.links += 1
            if href := element.get("href"):
                before = "".join(self.buffer[-BEFORE:]).replace(EDGE, "") if self.buffer else ""
                self.anchors.append(Anchor(element, href, before))
                self.attached += bool(DOCUMENT.search(href))
        elif tag == "img":
            self.picture = True
        if attrs and not self.inner and all(map(str.isspace, self.buffer)):
            self.inner = attrs
        if attrs or tag in PARTS:
            self.buffer.append(EDGE)
            return EDGE
        return ""

    def enter_block(self, element: HtmlElement, tag: str, attrs: str) -> Span:
        self.picture |= tag == "img"
        self.end_block(tag)
        self.follows |= self.picture
        self.picture = False
        style = element.get("style")
        centred = self.owners[-1][2] or tag == "center"
        if not centred and tag != "table" and (align := element.get("align")):
            centred = align.lower() == "center"
        if style and "text-align" in style.lower():
            centred = bool(CENTRED.search(style))
        place = len(self.lines)
        span = Span(element, attrs, place, place, bool(style and HIDDEN.search(style)))
        self.spans.append(span)
        self.owners.append((tag, attrs, centred))
        if tag in HEADINGS:
            self.heading = HEADINGS[tag]
        elif tag == "tr" and (self.rows or is_data_row(element)):
            self.rows += 1
        return span

    def end_block(self, tag: str) -> None:
        """End the line where a block begins or ends; the cells of a data row stand on one."""
        if self.rows and tag != "tr":
            self.buffer.append(" ")
        elif self.buffer or self.blank:
            self.flush()
        else:
            self.linked = 0

    def leave(self, tag: str, opened: Span | str) -> None:
        """End an element of which `enter` returned anything."""
        if isinstance(opened, str):
            self.links -= tag == "a"
            self.buffer.append(opened)
            return
        self.end_block(tag)
        opened.end = len(self.lines)
        self.owners.pop()
        if tag in HEADINGS:
            self.heading = 0
        elif tag == "tr" and self.rows:
            self.rows -= 1


def _names_of(element: HtmlElement) -> str:
    """Return the class and the id of an element, with a blank between; "" where it has neither."""
    names, ident = element.get("class"), element.get("id")
    return f"{names or ''} {ident or ''}" if names or ident else ""
