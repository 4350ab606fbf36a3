"""Repair every text of a page: the nodes of its tree and the attributes that describe it, or its plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree
from lxml.html import HtmlElement

from pipelines.parse import parse
from pipelines.records import Page
from pipelines.repair.engine import Rule, apply_rules, apply_to_all
from pipelines.repair.locate import PlacedRepair, placed, placed_in_lines
from pipelines.repair.pinyin.tags import is_broken, mended
from pipelines.repair.survey import Survey

_NO_TEXT = frozenset({"script", "style", "noscript", "template", "svg", "iframe"})
_SPOKEN = ("content", "title", "alt")  # attributes that hold text: meta descriptions, tool tips, picture captions


def repair_tree(page: Page, rules: Sequence[Rule], seen: str) -> Page:
    """Return the page with the rules applied to each of its texts, decided by all of them together.

    Where neither what a reader has `seen` of it nor its head shows anything, it is the very page that came in.
    """
    if page.tree is None:
        text, log = apply_rules(page.text, rules)
        return replace(page, text=text, repairs=(*page.repairs, *(placed_in_lines(repair, text) for repair in log)))
    survey = Survey(_all_seen(page.heads, seen))
    if not _finds_any(rules, survey):
        return page
    if survey.injection and is_broken(page.text):
        page = parse(replace(page, text=mended(page.text)))
    places = list(_texts(page.tree))
    texts, logs = apply_to_all([text for _, _, text in places], rules)
    repairs: list[PlacedRepair] = []
    for (element, where, before), text, log in zip(places, texts, logs, strict=True):
        if text != before:
            _put(element, where, text)
            repairs += (placed(repair, text) for repair in log)
    return replace(page, repairs=(*page.repairs, *repairs))


def _finds_any(rules: Sequence[Rule], survey: Survey) -> bool:
    """Say whether any of the rules finds anything in a text."""
    return any(rule.may_apply(survey.text, survey.odd) and rule.edits(survey.text, survey) for rule in rules)


def _all_seen(heads: Sequence[HtmlElement], seen: str) -> str:
    """Return the titles of a page, what is seen of it, and its descriptions, a line each."""
    texts, descriptions = [], []
    for element in heads:
        if described := element.get("content"):
            if not described.isascii():
                descriptions.append(described)
        elif title := element.text:  # a <meta> has none
            texts.append(title)
    return "\n".join((*texts, seen, *descriptions))


def _texts(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str, str]]:
    """Yield (element, "text", "tail" or an attribute's name, the text), in document order."""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            if element.tail and not element.tail.isspace() and element is not tree:
                yield element, "tail", element.tail
            continue
        if not isinstance(element.tag, str):
            continue
        if element.tag not in _NO_TEXT and element.text and not element.text.isspace():
            yield element, "text", element.text
        for name in _SPOKEN:
            if (value := element.get(name)) and not value.isascii():
                yield element, name, value


def _put(element: HtmlElement, where: str, text: str) -> None:
    if where == "text":
        element.text = text
    elif where == "tail":
        element.tail = text
    else:
        element.set(where, text)
