"""Read a page whose text was already taken out: lines without markup, the furniture still among them."""

from pipelines.extract.blocks import squeeze
from pipelines.records import Draft, Page, Reason, Skip


def extract_plain(page: Page) -> Draft:
    """Return every line of a plain text page; the furniture is trimmed by the next stage."""
    lines = tuple(text for line in page.text.splitlines() if (text := squeeze(line)))
    if not lines:
        raise Skip(Reason.EMPTY, "no line of text")
    return Draft(page=page, title=None, lines=lines)
