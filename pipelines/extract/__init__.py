"""Find the article of a page: which element holds it, what its headline is, what stands around it."""

from dataclasses import replace

from lxml.html import HtmlElement

from pipelines.extract.attachments import attachments
from pipelines.extract.blocks import flatten
from pipelines.extract.body import choose, favour, lead_lines, weigh
from pipelines.extract.choice import Choice, path_of
from pipelines.extract.embedded import embedded_body
from pipelines.extract.fallback import second_opinion
from pipelines.extract.headline import Headline, choose_headline, confirmed_line
from pipelines.extract.lines import Flat, Line, Span
from pipelines.extract.override import told
from pipelines.extract.plain import extract_plain
from pipelines.extract.prune import clutter_rule, mark_captions, mark_clutter, mark_links, restore_captions
from pipelines.extract.titles import page_titles
from pipelines.extract.verdict import refuse_others
from pipelines.records import Draft, Evidence, Page, Reason, Skip, Trimmed

AROUND = 40  # lines kept before and after the body
FOREIGN = frozenset(("comment-box", "related-list", "advertisement"))  # nothing there is about this article


def lay_out(page: Page) -> Flat:
    """Return the page as the lines that a reader sees; none of a plain text, which has no layout."""
    return Flat([], [], [], []) if page.tree is None else flatten(page.tree, clutter_rule)


def extract(page: Page, layout: Flat | None = None) -> Draft:
    """Return what stands on the page as its article, with the headline and the lines around it.

    `layout` is the page laid out, where that is at hand. Raises Skip where a page holds no running text.
    """
    if page.tree is None:
        return extract_plain(page)
    lines, spans, fields, anchors = layout or lay_out(page)
    weigh(lines)
    titles = page_titles(page.heads)
    confirmed = confirmed_line(titles, lines)
    pruned = mark_clutter(lines, spans, confirmed)
    favour(lines, confirmed)
    choice = choose(lines, spans)
    if (named := told(page, spans)) is not None:
        lost = _lost(choice.rule, choice.body, "the outlet's file names another")
        choice = Choice(named, "outlet-override", lost)
    body, rule = choice.body, choice.rule
    visible = [line.text for line in lines[body.start : body.end] if line.good] if body else []
    data = embedded_body(page, visible)
    if data is not None:
        size = sum(map(len, visible))
        lost = _lost(rule, body, f"{size} characters, less than half of what the data hold")
        headline = choose_headline(titles, lines, body.start if body else len(lines))
        draft = _draft_of_data(page, lines, headline, data, lost)
        return replace(draft, pruned=pruned, named=tuple(fields), anchors=tuple(anchors))
    if body is None:
        refuse_others(lines, 0, [], confirmed)
        raise Skip(Reason.EMPTY, "no running text")
    inside = _mark(lines[body.start : body.end])
    if rule != "outlet-override":
        refuse_others(lines, body.start, inside, confirmed)
    headline = choose_headline(titles, lines, body.start)
    running = [index for index, line in enumerate(inside) if line.good and line.rule is None and len(line.text) > 30]
    first = body.start + (running[0] if running else 0)
    last = body.start + (running[-1] + 1 if running else len(inside))
    path, lost = path_of(body), choice.lost
    leads = lead_lines(lines, body.start) if rule != "outlet-override" else []
    text = tuple(line.text for line in (*leads, *inside) if line.rule is None)
    second = second_opinion(page.tree, sum(map(len, text)), len(page.text))
    if second and rule != "outlet-override":
        lost = _lost(rule, body, f"{sum(map(len, text))} characters, less than half of the second opinion")
        text, rule, path = second, "trafilatura", "the whole page"
    return Draft(
        page=page,
        title=headline.text,
        lines=text,
        head=_around(lines[max(0, body.start - AROUND) : first]),
        tail=_around(lines[last : body.end + AROUND]),
        trimmed=tuple(
            Trimmed(rule=line.rule, line=line.spaced) for line in inside if line.rule not in {None, "caption"}
        ),
        pruned=pruned,
        named=tuple(fields),
        anchors=tuple(anchors),
        captions=tuple(line.text for line in inside if line.rule == "caption"),
        attachments=attachments(page, body.element),
        evidence=(Evidence(field="text", rule=rule, value=path, won=True), *lost, *headline.evidence),
    )


def _lost(rule: str, span: Span | None, why: str) -> tuple[Evidence, ...]:
    """Return the evidence of an element that would have been the article but for another reading of the page."""
    return (Evidence(field="text", rule=rule, value=f"{path_of(span)}: {why}", won=False),) if span else ()


def _mark(inside: list[Line]) -> list[Line]:
    mark_captions(inside)
    mark_links(inside)
    restore_captions(inside)
    return inside


def _draft_of_data(
    page: Page, lines: list[Line], headline: Headline, data: HtmlElement, lost: tuple[Evidence, ...]
) -> Draft:
    """Return the draft of an article that the page carries as data; its fields stand around the visible headline."""
    place = max(0, headline.line)
    inside = flatten(data, clutter_rule).lines
    weigh(inside)
    _mark(inside)
    return Draft(
        page=page,
        title=headline.text,
        lines=tuple(line.text for line in inside if line.rule is None),
        head=_around(lines[max(0, place - 8) : place + 8]),
        trimmed=tuple(
            Trimmed(rule=line.rule, line=line.spaced) for line in inside if line.rule not in {None, "caption"}
        ),
        captions=tuple(line.text for line in inside if line.rule == "caption"),
        evidence=(Evidence(field="text", rule="embedded-data", value="script", won=True), *lost, *headline.evidence),
    )


def _around(lines: list[Line]) -> tuple[str, ...]:
    return tuple(line.spaced for line in lines if line.rule not in FOREIGN)
