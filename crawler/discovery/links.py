"""Take the links out of a page without deciding its charset: bytes stay bytes until a pattern is sought in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from urllib.parse import quote_from_bytes, urljoin, urlsplit

from lxml import etree

from crawler.address import normalise
from crawler.discovery.beside import GUESSES, day_beside

MAX_PAGE = 4_000_000  # bytes that are searched for links; list pages are a hundredth of it
WHITE = " \t\r\n"
GAPS = re.compile(
    r"[ \t\r\n]+"
)  # not str.split: 0x85 and 0xA0 are white space in Latin-1, and halves of characters here
HREF = re.compile(rb"""(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
# an address that needs nothing: no fragment, no empty query, nothing that is stripped
WHOLE = re.compile(r"https?://[\w.:-]+(?:/[^\s\x00-\x20#?;]*)?(?:\?[^\s\x00-\x20#;]+)?", re.ASCII)
# a path that is added to another as it is: no host, no dots to resolve besides
PLAIN = re.compile(
    r"/?(?:(?!\.{1,2}(?:/|\?|$))[\w.%~=&,+-]+(?:/|$))*(?:(?!\.{1,2}(?:/|\?|$))[\w.%~=&,+-]+\?[\w.%~=&,+-]+)?", re.ASCII
)
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
        url = None if TEMPLATE.search(href) else normalise(_written(href), origin)
        if url is not None:
            seen.setdefault(url, {})[words] = None
            if day is not None:
                days.setdefault(url, day)
    found = []
    for url, wordings in seen.items():
        first, *others = [words for words in wordings if words] or [""]
        found.append(Link(url, first, tuple(others), days.get(url)))
    return found


def addresses(body: bytes, base: str, pattern: re.Pattern[str]) -> list[str]:
    """Return the addresses in href or src of a page in which a pattern is found, each once: a look without a parse."""
    seen: dict[bytes, None] = {}
    for match in HREF.finditer(body, 0, MAX_PAGE):
        seen[match[1] or match[2] or match[3] or b""] = None
    found: dict[str, None] = {}
    for raw in seen:
        href = raw.decode("latin-1").replace("&amp;", "&")
        # most links of a page are others: bringing all of them into normal form cost more than parsing the page
        if not pattern.search(href) and not pattern.search(_joined(base, href)):
            continue
        url = normalise(_written(href), base)
        if url is not None:
            found[url] = None
    return list(found)


def _joined(base: str, href: str) -> str:
    """Return what `urljoin` does, for most links without asking it: it takes as long as fifty searches."""
    if WHOLE.fullmatch(href):
        return href
    if href and PLAIN.fullmatch(href):
        root, folder = _starts(base)
        if href[0] == "/":
            return root + href
        if folder:
            return folder + href
    try:
        return urljoin(base, href)
    except ValueError:
        return ""


@lru_cache(maxsize=64)
def _starts(base: str) -> tuple[str, str | None]:
    """Return what an address from the root, and one from the folder, are added to; None where that takes more."""
    parts = urlsplit(base)
    folder = parts.path.rpartition("/")[0] + "/"
    root = f"{parts.scheme}://{parts.netloc}"
    return root, root + folder if PLAIN.fullmatch(folder) else None


def _written(href: str) -> str:
    """Return an address as its author wrote it: browsers ask for paths in UTF-8, for queries in the page's bytes."""
    if href.isascii():
        return href
    wire = href.encode("latin-1", "ignore")
    try:
        return wire.decode("utf-8")
    except UnicodeDecodeError:
        path, mark, query = wire.partition(b"?")
        return path.decode("gb18030", "replace") + mark.decode() + quote_from_bytes(query, safe="=&%+/;:@,!$'()*~")


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
