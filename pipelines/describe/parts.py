"""Tell which page of a longer article a page is, and where its other pages are."""

from collections.abc import Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.parts import other_parts, part_of
from pipelines.extract.lines import squeeze
from pipelines.records import Page

LONGEST = 12  # characters of the words of a pager's link


def parts(page: Page) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return the number of this page in its article, from 1, and (number, absolute address) of the pages behind it.

    A page is a later one where its address says so and it links back to one before it.
    """
    if page.tree is None:
        return 1, ()
    url = page.capture.url
    others = other_parts(url, _links(page.tree, url))
    number = part_of(url).number
    if number > 1 and not any(other < number for other in others):
        return 1, ()
    return number, tuple((other, address) for other, address in others.items() if other > number)


def _links(tree: HtmlElement, url: str) -> Iterator[tuple[str, str]]:
    for link in tree.iter("a"):
        href = link.get("href")
        words = squeeze("".join(link.itertext())) if href else ""
        if href and 0 < len(words) <= LONGEST:
            try:
                yield urljoin(url, href.strip()), words
            except ValueError:
                continue
