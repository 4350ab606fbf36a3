"""Find the article of a page by what was learnt of pages of its make, and take the furniture around it away."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from crawler.capture import Capture
from crawler.template import Template
from pipelines.learn.names import name_of
from pipelines.records import Article, Page
from pipelines.versions import VERSIONS, Reach

STOP = "。".encode()
CHECKED = 8  # of 256: the share of pages that are read both ways
MANY = 8  # sentences of one block that may be an article: more than the article's, and it is
LEAST = 60  # characters of an article; shorter ones are looked for on the whole page
KEPT = ("script", "style", "title", "meta", "link")  # wherever it stands, it may tell what the page prints nowhere


class Place(NamedTuple):
    """Where the article of a page stands by a template: the element that holds it, the furniture beside its way."""

    template: Template
    container: HtmlElement
    furniture: list[HtmlElement]


def find_place(page: Page) -> Place | None:
    """Return where a page has its article by one of its outlet's templates; None where none fits it."""
    if page.outlet is None or page.tree is None:
        return None
    moment = page.capture.fetched_at
    for template in page.outlet.learnt:
        if (
            template.extractor == VERSIONS[Reach.PAGE]
            and template.holds(moment)
            and (steps := follow(page.tree, template.way))
        ):
            return Place(template, steps[-1], blocks_beside(steps, template.furniture))
    return None


def follow(tree: HtmlElement, way: Sequence[str]) -> list[HtmlElement]:
    """Return the elements of a way, from the first below <body>; none where a step is missing."""
    steps: list[HtmlElement] = []
    here = tree.find("body")
    for step in way if here is not None else ():
        name, _, number = step.partition("[")
        alike = [child for child in here if name_of(child) == name]
        place = int(number[:-1]) if number else len(alike)  # a step without a number is the only one of its name
        if not alike or place > len(alike) or (not number and place > 1):
            return []
        here = alike[place - 1]
        steps.append(here)
    return steps


def way_to(element: HtmlElement) -> tuple[str, ...]:
    """Return the steps from the first below <body> down to an element, each by its name, and its number among alike."""
    steps = []
    here: HtmlElement | None = element
    while here is not None and (parent := here.getparent()) is not None and here.tag != "body":
        name = name_of(here)
        alike = [child for child in parent if name_of(child) == name]
        steps.append(name if len(alike) == 1 else f"{name}[{alike.index(here) + 1}]")
        here = parent
    return tuple(reversed(steps))


def blocks_beside(steps: Sequence[HtmlElement], names: Sequence[tuple[int, str]]) -> list[HtmlElement]:
    """Return the blocks beside a way that have one of the names, each at its step."""
    wanted = frozenset(names)
    return [
        block
        for number, step in enumerate(steps)
        for block in step.getparent()
        if block is not step and block.tag not in KEPT and (number, name_of(block)) in wanted
    ]


def narrow(page: Page, place: Place) -> Page | None:
    """Return the page without the furniture; None where that says more than the article: the page may be another now.

    Its tree is changed in any case. What is no block stays, in its head.
    """
    tree = page.tree
    assert tree is not None  # noqa: S101  (says so to mypy: a place is one in a tree)
    home = tree.find("head")
    home = tree if home is None else home
    most = 0
    for block in place.furniture:
        most = max(most, _sentences(block))
        for kept in tuple(block.iter(*KEPT)):
            kept.tail = None
            home.append(kept)
        _take_away(block)
    return page if most <= MANY or most <= _sentences(place.container) else None


def vouches(place: Place, article: Article) -> bool:
    """Say whether an article was read where the template has it, with headline and date and without any damage."""
    names = f"{place.container.get('class') or ''} {place.container.get('id') or ''}"
    body = next((one.value for one in article.evidence if one.field == "text" and one.won), "")
    return bool(
        body == f"{place.container.tag} {names}".strip()
        and article.title
        and article.published_at
        and not article.repairs
        and len(article.text) >= LEAST
    )


def says_the_same(article: Article, whole: Article) -> bool:
    """Say whether an article is the one that was read from the whole page; what else that page offered is not asked."""
    return _said(article) == _said(whole)


def _said(article: Article) -> Article:
    return replace(article, pruned=(), evidence=tuple(one for one in article.evidence if one.won))


def is_checked(capture: Capture) -> bool:
    """Say whether a page is one of those that are read both ways, as its bytes decide."""
    return bool(capture.sha256) and int(capture.sha256[:2], 16) < CHECKED


def _sentences(element: HtmlElement) -> int:
    return etree.tostring(element, method="text", encoding="utf-8", with_tail=False).count(STOP)


def _take_away(block: HtmlElement) -> None:
    """Remove an element; the text behind it stays."""
    if block.tail and not block.tail.isspace():
        before, parent = block.getprevious(), block.getparent()
        if before is None:
            parent.text = (parent.text or "") + block.tail
        else:
            before.tail = (before.tail or "") + block.tail
    block.getparent().remove(block)
