"""Tell a row of figures or words from a row of a layout, so that its cells stay on one line."""

from lxml.html import HtmlElement

CELLS = frozenset(("td", "th"))
LAYOUT = frozenset(("table", "div", "ul", "ol", "dl", "p", "h1", "h2", "h3", "h4", "form", "section", "article", "a"))
NEVER_IN_DATA = frozenset(("table", "form", "ul"))


def is_data_row(row: HtmlElement) -> bool:
    """Say whether a table row holds figures or words, not a layout: several cells, each short and plain."""
    cells = [cell for cell in row if cell.tag in CELLS]
    if len(cells) < 2:
        return False
    for cell in cells:
        if sum(len(text) for text in cell.itertext()) > 400:
            return False
        blocks = [child.tag for child in cell.iterdescendants() if child.tag in LAYOUT]
        if len(blocks) > 2 or not NEVER_IN_DATA.isdisjoint(blocks):
            return False
    return True
