"""Collect the documents that an article links to: PDF, Word, spreadsheets, archives."""

import re
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipelines.extract.blocks import DOCUMENT
from pipelines.extract.lines import squeeze
from pipelines.records import Page

MOST = 40
CHROME = re.compile(r"foot|nav|side|link|header|banner", re.IGNORECASE)


def attachments(page: Page, body: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Return (name, absolute URL) of each document linked from the body or just beside it, in page order, once."""
    parent = body.getparent()
    scope = parent if parent is not None and parent.tag not in {"body", "html"} else body
    base = page.capture.url
    if page.tree is not None:
        for element in page.tree.iter("base"):
            base = urljoin(base, element.get("href") or "")
            break
    found: dict[str, str] = {}
    for link in scope.iter("a"):
        href = (link.get("href") or "").strip()
        name = squeeze("".join(link.itertext())) or squeeze(link.get("title") or "") or href.rpartition("/")[2]
        if (
            not href
            or not (DOCUMENT.search(href) or DOCUMENT.search(name))
            or _in_chrome(link, scope)
            or len(found) >= MOST
        ):
            continue
        try:
            url = urljoin(base, href)
        except ValueError:
            continue
        found.setdefault(url, name)
    return tuple((name, url) for url, name in found.items())


def _in_chrome(link: HtmlElement, scope: HtmlElement) -> bool:
    """Say whether a link stands in the page's furniture between it and the scope."""
    for element in link.iterancestors():
        if element is scope:
            return False
        if CHROME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
    return False
