"""Take the body that an outlet's file names, on the days for which it does."""

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extract.lines import Span
from pipelines.records import Page


def told(page: Page, spans: list[Span]) -> Span | None:
    """Return the span of the outlet's own XPath, or None where there is none or it finds none."""
    if page.outlet is None or page.tree is None:
        return None
    override = page.outlet.override(page.capture.fetched_at.date())
    if override is None or override.body is None:
        return None
    try:
        found = page.tree.xpath(override.body)
    except etree.XPathError:
        return None
    elements = [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    taken = {id(element) for element in elements}
    inside = [span for span in spans if id(span.element) in taken and span.end > span.start]
    return max(inside, key=lambda span: span.end - span.start, default=None)
