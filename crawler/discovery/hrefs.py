"""Find the addresses that a page writes in href and src: a look without a parse, for what is sought by its address."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from urllib.parse import quote_from_bytes, urljoin, urlsplit

from crawler.address import normalise

MAX_PAGE = 4_000_000  # bytes that are searched for links; list pages are a hundredth of it
VALUE = rb"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
# sought in lower case, and one by one: each begins with plain letters then, which is five times as fast
WRITTEN = tuple(re.compile(name + VALUE) for name in (b"href", b"src"))
# an address that needs nothing: no fragment, no empty query, nothing that is stripped
WHOLE = re.compile(r"https?://[\w.:-]+(?:/[^\s\x00-\x20#?;]*)?(?:\?[^\s\x00-\x20#;]+)?", re.ASCII)
# a path that is added to another as it is: no host, no dots to resolve besides
PLAIN = re.compile(
    r"/?(?:(?!\.{1,2}(?:/|\?|$))[\w.%~=&,+-]+(?:/|$))*(?:(?!\.{1,2}(?:/|\?|$))[\w.%~=&,+-]+\?[\w.%~=&,+-]+)?", re.ASCII
)


def hrefs(body: bytes, base: str) -> dict[str, str]:
    """Return what stands in href and src of a page, in order, each with the address (not in normal form) it leads to.

    Each character of what stands there is a byte of the page.

    >>> hrefs(b"<A HREF='b.pdf'>x</A><img src=/c.png>", "http://p.example/a/")
    {'b.pdf': 'http://p.example/a/b.pdf', '/c.png': 'http://p.example/c.png'}
    """
    written = dict.fromkeys(_written(body[:MAX_PAGE]))
    found = (raw.decode("latin-1").replace("&amp;", "&") for raw in written)
    return {href: _joined(base, href) for href in found}


def matching(found: Mapping[str, str], base: str, pattern: re.Pattern[str]) -> list[str]:
    """Return in normal form, each once, those of some `hrefs` in whose address a pattern is found."""
    # most links of a page are others: bringing all of them into normal form cost more than parsing the page
    wanted = (as_written(href) for href, address in found.items() if pattern.search(address))
    return list(dict.fromkeys(url for href in wanted if (url := normalise(href, base)) is not None))


def as_written(href: str) -> str:
    """Return an address as its author wrote it: browsers ask for paths in UTF-8, for queries in the page's bytes."""
    if href.isascii():
        return href
    wire = href.encode("latin-1", "ignore")
    try:
        return wire.decode("utf-8")
    except UnicodeDecodeError:
        path, mark, query = wire.partition(b"?")
        return path.decode("gb18030", "replace") + mark.decode() + quote_from_bytes(query, safe="=&%+/;:@,!$'()*~")


def _written(body: bytes) -> Iterator[bytes]:
    """Yield the values of href and src; what looks like one inside of another is none."""
    lower, end = body.lower(), 0
    matches = chain.from_iterable(pattern.finditer(lower) for pattern in WRITTEN)
    for match in sorted(matches, key=re.Match.start):
        if match.start() >= end:
            yield body[slice(*match.span(match.lastindex or 0))]
            end = match.end()


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
