"""Name the elements of a page, so that those of another page of the same make are known again."""

import re
from functools import lru_cache

from lxml.html import HtmlElement

NUMBERS = re.compile(r"\d{4,}")  # the number of an article in a class or an id: another on every page


def name_of(element: HtmlElement) -> str:
    """Return an element's name: its tag with its classes and its id, long numbers in them as 0."""
    return _name(element.tag, element.get("class"), element.get("id"))


@lru_cache(maxsize=8192)  # the same few names on every page of a site
def _name(tag: str, classes: str | None, ident: str | None) -> str:
    """Write a name.

    >>> _name("div", " main  wide", "doc_20260301"), _name("li", None, None)
    ('div.main.wide#doc_0', 'li')
    """
    name = "".join((tag, *(f".{one}" for one in (classes or "").split()), f"#{ident.strip()}" if ident else ""))
    return NUMBERS.sub("0", name)


def is_telling(name: str) -> bool:
    """Say whether a name tells an element from others of its tag: it has a class or an id.

    >>> is_telling("div.side"), is_telling("td")
    (True, False)
    """
    return "." in name or "#" in name
