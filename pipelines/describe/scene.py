"""Gather what stands around an article's text, where its fields are printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from lxml.html import HtmlElement

from pipelines.extract.body import FIRST_POST, is_running
from pipelines.extract.fold import simplify
from pipelines.extract.lines import squeeze
from pipelines.extract.titles import fold
from pipelines.records import Draft
from pipelines.trim import begins_foreign

# lines trimmed by these rules are other people's words: neither date nor name in them is the article's
FOREIGN = frozenset(
    ("comment-box", "related-list", "link-line", "neighbours", "advertisement", "navigation", "legal-line")
)
LONGEST = 400  # characters of a line, and lines of a zone, in which fields are sought
MOST = 80
OURS = re.compile(
    r"^[\[(]?\s*(?:本文来源|责任编辑|责编|编辑|文章来源|稿件来源)\s*[:/]"
)  # stands below lists of others too
BEFORE_HEADLINE = 4  # a date or a column's name often stands just above the headline


@dataclass(frozen=True)
class Zone:
    """Some lines of the page, as they stand and simplified; both have the same offsets."""

    name: str
    lines: tuple[str, ...]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """Return the lines in simplified characters and narrow signs."""
        return tuple(simplify(line) for line in self.lines)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return (line as it stands, line simplified)."""
        return tuple(zip(self.lines, self.folded, strict=True))


@dataclass(frozen=True)
class Scene:
    """The places where fields are sought, nearest first.

    `near`: from just above the headline to the first running text. `opening` and `closing`: the first and the last
    lines of the text itself. `after`: what was cut from the text or follows it. `above`: what stands before the
    headline. `meta`: the names and contents of the page's <meta>. `named`: elements called source, author, editor.
    """

    draft: Draft
    near: Zone
    opening: Zone
    closing: Zone
    after: Zone
    above: Zone
    meta: dict[str, str]
    named: tuple[tuple[str, str], ...]


def survey(draft: Draft) -> Scene:
    """Return the scene of a draft."""
    key = fold(draft.title or "")
    spots = [index for index, line in enumerate(draft.head) if key and fold(line) == key]
    start = max(0, (spots[-1] if spots else len(draft.head) - 15) - BEFORE_HEADLINE)
    if len(spots) > 1 and spots[-1] - spots[-2] < 8:
        start = max(0, spots[-2] - BEFORE_HEADLINE)
    foreign = {item.line for item in draft.trimmed if item.rule in FOREIGN and not OURS.match(simplify(item.line))}
    tail = tuple(takewhile(lambda line: not begins_foreign(line), draft.tail[:20]))
    tail = tuple(line for line in tail if line not in foreign)
    if any(item.rule == FIRST_POST and item.won for item in draft.evidence):
        tail = ()  # the posts of others
    trimmed = tuple(item.line for item in draft.trimmed if item.line not in foreign)
    running = [index for index, line in enumerate(draft.lines[:12]) if is_running(line) and len(line) > 30]
    opening = tuple(line for index, line in enumerate(draft.lines[:8]) if len(line) <= 40 or index in running[:1])
    ours = tuple(line for line in (*trimmed, *draft.tail) if OURS.match(simplify(line)))
    return Scene(
        draft=draft,
        near=_zone("near", draft.head[start:]),
        opening=_zone("opening", opening),
        closing=Zone("closing", tuple(line[-LONGEST:] for line in draft.lines[-3:])),
        after=_zone("after", (*ours, *trimmed, *tail)),
        above=_zone("above", draft.head[:start]),
        meta=_meta(draft.page.heads),
        named=_named(draft.named, "".join(draft.head[start:])),
    )


def _zone(name: str, lines: tuple[str, ...]) -> Zone:
    return Zone(name, tuple(line[:LONGEST] for line in lines[:MOST]))


def _meta(heads: Sequence[HtmlElement]) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in heads:
        name = element.get("name") or element.get("property") or element.get("itemprop")
        content = squeeze(element.get("content") or "")
        if name and content:
            found.setdefault(squeeze(name).lower().replace(" ", ""), content)
    return found


def _named(elements: Sequence[HtmlElement], near: str) -> tuple[tuple[str, str], ...]:
    """Return (name, text) of the elements that call themselves source, author or editor.

    An element counts where its words stand near the headline, or where it is one that no reader sees.
    """
    found = []
    for element in elements:
        text = squeeze("".join(element.itertext())) if len(element) < 4 else ""
        if 1 < len(text) < 60 and (element.tag == "textarea" or text in near):
            name = f"{element.get('class') or ''} {element.get('id') or ''}"
            found.append((name.strip().lower(), text))
    return tuple(found[:12])
