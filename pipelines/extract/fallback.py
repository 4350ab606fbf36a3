"""Ask trafilatura where our own reading finds next to nothing under a headline that the page confirms."""

from copy import deepcopy

import trafilatura
from lxml.html import HtmlElement

from pipelines.extract.lines import squeeze

FEW = 60  # characters of text below which a second opinion is worth its time
ENOUGH = 80
LARGEST = 600_000  # characters of source that it is asked to read


def second_opinion(tree: HtmlElement, found: int, size: int) -> tuple[str, ...]:
    """Return the paragraphs that trafilatura reads, where they are clearly more than the characters we found; or none.

    `size` is the length of the page's source. It works on a copy, for it prunes what it is given.
    Never `deduplicate=True`: that keeps process-wide state.
    """
    if found >= FEW or size > LARGEST:
        return ()
    text = trafilatura.extract(deepcopy(tree), fast=True, include_comments=False, with_metadata=False) or ""
    lines = tuple(line for raw in text.split("\n") if (line := squeeze(raw)))
    return lines if sum(map(len, lines)) > max(ENOUGH, 2 * found) else ()
