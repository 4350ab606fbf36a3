"""Take the links out of a page without deciding its charset: bytes stay bytes until a pattern is sought in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lxml import etree

from crawler.address import normalise
from crawler.discovery.beside import GUESSES, day_beside
from crawler.discovery.hrefs import MAX_PAGE, as_written

WHITE = " \t\r\n"
GAPS = re.compile(
    r"[ \t\r\n]+"
)  # not str.split: 0x85 and 0xA0 are white space in Latin-1, and halves of characters here
TEMPLATE = re.compile(r"[{}]|\$\{|%7B", re.IGNORECASE)  # an address that a script was to fill in


@dataclass(frozen=True)
class Link:
    """A link: its address in normal form, and its words as the bytes of the page (each a character below 256).

    A page may link to one address in several words: the number of a page and "next page".
    """

    url: str
    words: str
    other_words: tuple[str, ...] = ()
    day: date | None = None  # that stands beside it, where it is a line of a list

    @cached_property
    def readings(self) -> tuple[str, ...]:
        """Return the words in every charset in which they can be read."""
        readings: dict[str, None] = {}
        for words in (self.words, *self.other_words):
            readings[words] = None
            wire = words.encode("latin-1", "ignore")
            for charset in GUESSES:
                try:
                    readings[wire.decode(charset)] = None
                except UnicodeDecodeError:
                    continue
        return tuple(readings)

    def matches(self, pattern: re.Pattern[str]) -> bool:
        """Say whether a pattern is found in the words, however they are encoded."""
        return any(pattern.search(reading) for reading in self.readings)


def links(body: bytes, base: str) -> list[Link]:
    """Return the links of a page in order, each address once, with all its words; a page that is none has none."""
    seen: dict[str, dict[str, None]] = {}
    days: dict[str, date] = {}
    for href, words, origin, day in _anchors(body, base):
        url = None if TEMPLATE.search(href) else normalise(as_written(href), origin)
        if url is not None:
            seen.setdefault(url, {})[words] = None
            if day is not None:
                days.setdefault(url, day)
    found = []
    for url, wordings in seen.items():
        first, *others = [words for words in wordings if words] or [""]
        found.append(Link(url, first, tuple(others), days.get(url)))
    return found


def _anchors(body: bytes, base: str) -> Iterator[tuple[str, str, str, date | None]]:
    """Yield address, words, base and the day beside it of every link."""
    # read as Latin-1, every byte becomes one character and can be had back, whatever the page's charset is
    parser = etree.HTMLParser(encoding="iso-8859-1", remove_comments=True, recover=True, huge_tree=False)
    parser.feed(body[:MAX_PAGE].replace(b"\x00", b"") or b"<html></html>")
    try:
        root = parser.close()
    except etree.XMLSyntaxError:
        return
    if root is None:
        return
    declared = root.find(".//base[@href]")
    origin = (normalise(declared.get("href") or "", base) if declared is not None else None) or base
    for element in root.iter("a", "area", "iframe", "frame"):
        href = element.get("href") or element.get("src")
        if href:
            words = "".join(str(piece) for piece in element.itertext())
            title = element.get("title") or ""
            yield href, " ".join(GAPS.split(words.strip(WHITE) or title)), origin, day_beside(element)
