"""Tell which page of a longer article a page is, and where its other pages are."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from crawler.parts import pager_of, part_of, scripted_parts
from pipelines.extract.lines import squeeze
from pipelines.records import Draft

LONGEST = 12  # characters of the words of a pager's link
STEM = re.compile(r"[.?]")  # what ends the name that all parts of an article have in common


def parts(draft: Draft) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return the number of this page in its article, from 1, and (number, absolute address) of the pages behind it.

    A page is a later one where its address says so and it links back to one before it.
    """
    url = draft.page.capture.url
    number, others = pager_of(url, _links(draft, url, part_of(url).first))
    if number > 1 and not any(other < number for other in others):
        return 1, ()
    return number, tuple((other, address) for other, address in others.items() if other > number)


def _links(draft: Draft, url: str, first: str) -> Iterator[tuple[str, str]]:
    """Yield (absolute address, words) of the links that may lead to a part: they name the file, or a query alone."""
    scripts = "".join(script.text or "" for script in draft.page.scripts if "createPageHTML" in (script.text or ""))
    yield from scripted_parts(scripts, url)
    stem = STEM.split(first.rpartition("/")[2])[0]
    for link, href, _ in draft.anchors:
        if stem not in href and not href.lstrip().startswith("?"):
            continue
        words = squeeze("".join(link.itertext()))
        if 0 < len(words) <= LONGEST:
            try:
                yield urljoin(url, href.strip()), words
            except ValueError:
                continue
