"""Parse a decoded page once, within bounds, for every stage that follows."""

import re
from dataclasses import replace

from lxml import etree, html
from lxml.html import HtmlElement

from pipelines.records import Page, Reason, Skip

MAX_CHARACTERS = 8_000_000  # the largest page of 252 real ones has 1.3 million
ENDS = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)  # libxml2 drops what follows the first; some pages have two
# one class for all: lxml.html chooses among nine in Python, each time that an element is touched again
ELEMENTS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
# what old editors open for every paragraph and never close: it carries letters, and no structure
FORMATTING = re.compile(
    rb"</?(?:font|b|i|u|s|big|small|strong|em|strike|center|nobr)(?:\s[^<>]{0,2000})?>", re.IGNORECASE
)
SCRIPTS = frozenset(("script", "style"))
DEEP = "Excessive depth in document"  # what libxml2 notes when it gives up on the rest of a page


def parse(page: Page) -> Page:
    """Return the page with its tree, the scripts and the heads in it; a plain text has none.

    Raises Skip where the source is too large, is nested too deep even without the tags that only paint, or holds no
    element at all.
    """
    if page.media != "text/html":
        return page
    if len(page.text) > MAX_CHARACTERS:
        raise Skip(Reason.TOO_LARGE, f"{len(page.text)} characters, at most {MAX_CHARACTERS} are read")
    # bytes in and UTF-8 named: a str with an encoding declaration is refused by lxml, and a wrong <meta> would win
    text = page.text.replace("\x00", "")
    try:
        source = text.encode()
    except UnicodeEncodeError:  # half a pair of surrogates
        source = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()
    source = ENDS.sub(b"", source)
    tree, too_deep = _tree(source)
    if too_deep:  # read once more without the tags that only paint
        tree, too_deep = _tree(FORMATTING.sub(b"", source))
    if too_deep:
        raise Skip(Reason.TOO_DEEP, "elements nested more than 256 deep")
    scripts: list[HtmlElement] = []
    heads: list[HtmlElement] = []
    for element in tree.iter("script", "style", "title", "meta", "link"):
        (scripts if element.tag in SCRIPTS else heads).append(element)
    return replace(page, tree=tree, scripts=tuple(scripts), heads=tuple(heads))


def _tree(source: bytes) -> tuple[HtmlElement, bool]:
    """Return the tree of a page in UTF-8, and whether the parser gave up on its rest for its depth."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(ELEMENTS)
    try:
        tree = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Skip(Reason.EMPTY, f"no element in the page: {error}") from None
    return tree, DEEP in str(parser.error_log)
