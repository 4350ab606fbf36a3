"""Read a page with and without the blocks beside its article, to learn which of them have no part in what is read."""

from collections.abc import Callable, Sequence

from lxml.html import HtmlElement

from crawler.capture import Capture
from crawler.outlet import Outlet
from crawler.template import Template
from pipelines.learn.names import is_telling, name_of
from pipelines.learn.place import Place, blocks_beside, follow, narrow, says_the_same, vouches, way_to
from pipelines.outcome import Block, Lesson
from pipelines.parse import parse
from pipelines.records import Article, Page, Skip
from pipelines.stages import Trail, article_in, decoded_page
from pipelines.versions import VERSIONS, Reach

MOST = 60  # readings of one page; what has not shown by then that it is idle counts as vital


def lesson(capture: Capture, outlet: Outlet) -> Lesson | None:
    """Return what a page teaches; None where it holds no article, or one that must be sought on the whole page."""
    decoded = decoded_page(capture, outlet, Trail())
    try:
        whole = article_in(parse(decoded), Trail())
    except Skip:
        return None
    tree = parse(decoded).tree
    container = _container(tree, whole) if tree is not None else None
    if tree is None or container is None:
        return None
    way = way_to(container)
    steps = follow(tree, way)
    blocks = sorted({(n, name_of(block)) for n, step in enumerate(steps) for block in step.getparent()})
    blocks = [(n, name) for n, name in blocks if is_telling(name) and name != way[n].partition("[")[0]]

    readings = 0

    def is_idle(some: Sequence[Block]) -> bool:
        nonlocal readings
        readings += 1
        if readings > MOST:
            return False
        article = _without(parse(decoded), way, some, capture)
        return article is not None and says_the_same(article, whole)

    if not is_idle(()):
        return None
    idle = frozenset(_idle(blocks, [], is_idle))
    return Lesson(way=way, idle=idle, vital=frozenset(blocks) - idle)


def _container(tree: HtmlElement, article: Article) -> HtmlElement | None:
    """Return the one element of a page that has the names of that in which its article was found."""
    told = next((one.value for one in article.evidence if one.field == "text" and one.won), "")
    tag = told.partition(" ")[0]
    if not tag.isalnum():
        return None
    found = [one for one in tree.iter(tag) if f"{tag} {one.get('class') or ''} {one.get('id') or ''}".strip() == told]
    return found[0] if len(found) == 1 else None


def _without(page: Page, way: Sequence[str], blocks: Sequence[Block], capture: Capture) -> Article | None:
    """Return the article as it is read without some blocks; None where there is doubt about it."""
    assert page.tree is not None  # noqa: S101  (it has had one before)
    steps = follow(page.tree, way)
    template = Template(
        way=tuple(way), furniture=tuple(blocks), pages=1, extractor=VERSIONS[Reach.PAGE], since=capture.fetched_at
    )
    place = Place(template, steps[-1], blocks_beside(steps, blocks))
    narrowed = narrow(page, place)
    if narrowed is None:
        return None
    try:
        article = article_in(narrowed, Trail())
    except Skip:
        return None
    return article if vouches(place, article) else None


def _idle(blocks: list[Block], before: list[Block], is_idle: Callable[[Sequence[Block]], bool]) -> list[Block]:
    """Return which of some blocks may go beside those that went before, by halves."""
    if not blocks or is_idle((*before, *blocks)):
        return blocks
    if len(blocks) == 1:
        return []
    middle = len(blocks) // 2
    first = _idle(blocks[:middle], before, is_idle)
    return first + _idle(blocks[middle:], [*before, *first], is_idle)
