"""Tell by their addresses and the words of their links the pages over which one article is spread."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urljoin

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


# TRS, the commonest publishing system of Chinese offices, writes its pager by script:
# createPageHTML(pages, this page, name, extension), whose pages are name, name_1, name_2 …
SCRIPTED = re.compile(
    r"""createPageHTML\(\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*["']([\w-]{1,60})["']\s*,\s*["'](\w{1,6})["']"""
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


def scripted_parts(source: str, url: str) -> list[tuple[str, str]]:
    """Return (address, number) of all parts that a script of TRS writes a pager to; the page itself is among them.

    >>> scripted_parts('createPageHTML(2, 0, "t2017_9", "html");', "http://a.example/x/t2017_9.html")
    [('http://a.example/x/t2017_9.html', '1'), ('http://a.example/x/t2017_9_1.html', '2')]
    """
    found = SCRIPTED.search(source)
    if found is None:
        return []
    pages = range(min(int(found[1]), MOST))
    return [(urljoin(url, f"{found[3]}{f'_{n}' if n else ''}.{found[4]}"), str(n + 1)) for n in pages]


class Pager(NamedTuple):
    """What the pager on a page of an article says: which page this is, from 1, and the others' addresses by number."""

    number: int
    others: dict[int, str]


def pager_of(url: str, links: Iterable[tuple[str, str]]) -> Pager:
    """Return what a page's links (address, words) say of the pages of its article.

    A link counts where its address is one of this very article's, and its words are those of a pager: the number of
    the page, or such as 下一页. Other articles, whose links bear their names, are none. Most sites call the second page
    _2, some (TRS among them) _1: then the words of a link are one ahead of its address.

    >>> pager_of("http://a.example/1.html", [("http://a.example/1_1.html", "2"), ("http://a.example/1_2.html", "3")])
    Pager(number=1, others={2: 'http://a.example/1_1.html', 3: 'http://a.example/1_2.html'})
    """
    here = part_of(url)
    found: list[tuple[str, Part, int | None]] = []
    for address, words in links:
        there, match = part_of(address), WORDS.match(words)
        if match and there.first == here.first and address != url:
            found.append((address, there, int(match["n"]) if match["n"] else None))
    ahead = {said - there.number for address, there, said in found if said and there.first != address}
    ends_in_1 = any(part.number == 1 and part.first != one for one, part, _ in [(url, here, None), *found])
    # an address that ends in _1, and words one ahead of theirs, or no words that count beside the bare first address
    shift = int(ends_in_1 and 0 not in ahead and (1 in ahead or (not ahead and here.first == url)))

    def number_of(address: str, part: Part) -> int:
        return part.number + (shift if part.first != address else 0)

    number = number_of(url, here)
    others: dict[int, str] = {}
    for address, there, said in found:
        counted = number_of(address, there)
        if counted != number and counted <= MOST and said in {None, counted}:
            others.setdefault(counted, address)
    return Pager(number, dict(sorted(others.items())))
