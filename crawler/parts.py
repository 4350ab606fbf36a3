"""Tell by their addresses and the words of their links the pages over which one article is spread."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from crawler.address import MAX_LENGTH

MOST = 60  # parts of one article; what counts further is a calendar
# how an address counts the pages of an article; each has the number as `n`, what stands before and behind it
FORMS = (
    re.compile(r"^(?P<before>.*\w)[_-](?P<n>[1-9]\d?)(?P<behind>\.(?:s?html?|aspx?|php|jsp)(?:\?.*)?)$"),
    re.compile(r"^(?P<before>.*)[?&](?:page|pn|p|pageno|page_no|curpage)=(?P<n>[1-9]\d?)(?P<behind>)$", re.IGNORECASE),
)
# what one of them looks like within any address
COUNTED = re.compile(
    r"[_-][1-9]\d?\.(?:s?html?|aspx?|php|jsp)|[?&](?:page|pn|p|pageno|page_no|curpage)=[1-9]", re.IGNORECASE
)
# the words of a link to another page of the article; 下一篇 leads to another article
WORDS = re.compile(
    r"^\W*(?:第?\s*(?P<n>[1-9]\d?)\s*[页頁]?|(?:上|下|前|后|後)一?[页頁]|[首尾末][页頁]|最后一[页頁]|(?:阅读|閱讀|查看|余下|剩余)?(?:全文|余下全文))\W*$"
)


class Part(NamedTuple):
    """A page of an article: the address of the article's first page, and which page this is, from 1."""

    first: str
    number: int


def part_of(url: str) -> Part:
    """Return which part of which article an address leads to, if it counts parts at all; else it is a first one.

    >>> part_of("http://daily.example/fk/991_2.html")
    Part(first='http://daily.example/fk/991.html', number=2)
    >>> part_of("http://daily.example/fk/991.html").number
    1
    """
    for form in FORMS if len(url) <= MAX_LENGTH else ():
        found = form.match(url)
        if found:
            return Part(found["before"] + found["behind"], int(found["n"]))
    return Part(url, 1)


def other_parts(url: str, links: Iterable[tuple[str, str]]) -> dict[int, str]:
    """Return the addresses of an article's other parts by their number, out of a page's links (address, words).

    A link counts where its address is one of this very article's, and its words are those of a pager: the number that
    the address has, or such as 下一页. Other articles, whose links bear their names, are none.
    """
    here = part_of(url)
    found: dict[int, str] = {}
    for address, words in links:
        there = part_of(address)
        match = WORDS.match(words)
        if there.first != here.first or there.number == here.number or match is None:
            continue
        if there.number <= MOST and match["n"] in {None, str(there.number)}:
            found.setdefault(there.number, address)
    return dict(sorted(found.items()))
