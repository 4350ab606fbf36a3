"""Give every address its canonical form, and every article the id that is derived from it."""

import hashlib
import re
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.address import normalise
from crawler.outlet import Outlet

ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def canonical(url: str) -> str:
    """Return the form by which an address is known: http for https, host in lower case, parameters in order.

    Tracking parameters, session ids, default ports and fragments are dropped, escapes are written in one way. The
    result is an identity, which need not be fetched: a site may answer on https alone. Addresses that are not http's
    are only stripped.

    >>> canonical("HTTPS://Daily.Example:443/a.html?b=2&utm_source=x&a=1#top")
    'http://daily.example/a.html?a=1&b=2'
    >>> canonical(" file:///saved/a.html")
    'file:///saved/a.html'
    """
    address = normalise(url)
    if address is None:
        return url.strip()
    parts = urlsplit(address)
    query = _escaped(parts.query)
    if "=" in query:  # byte by byte: what is escaped may be GBK
        query = urlencode(sorted(parse_qsl(query, keep_blank_values=True, encoding="latin-1")), encoding="latin-1")
    return urlunsplit(("http", parts.netloc, _escaped(parts.path), query, ""))


def _escaped(text: str) -> str:
    """Write escapes in one way: in capitals, and none of what needs no escape (RFC 3986, 6.2.2)."""
    return ESCAPE.sub(lambda found: _plain(chr(int(found[1], 16))) or found[0].upper(), text)


def _plain(sign: str) -> str:
    return sign if sign.isascii() and (sign.isalnum() or sign in "-._~") else ""


def article_id(url: str) -> str:
    """Return the permanent id of the article at an address: 16 hex digits of the SHA-256 of its canonical form.

    >>> article_id("http://daily.example/a.html") == article_id("https://daily.example/a.html?spm=1#x")
    True
    """
    return hashlib.sha256(canonical(url).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def identity(url: str, outlet: Outlet | None, day: date) -> str:
    """Return the permanent id of the article at an address, what its outlet says about such addresses included.

    An outlet's mobile addresses and a domain that it moved to lead to the article that stood there first; see
    `crawler.outlet.Same`.
    """
    return article_id(outlet.known_as(canonical(url), day) if outlet else url)


def cleaned(url: str) -> str:
    """Return an address as it can be followed: its own scheme, without tracking parameters and fragment."""
    return normalise(url) or url.strip()
