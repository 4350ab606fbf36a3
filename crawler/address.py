"""Bring addresses into the one form by which they are known, and read the day that they carry."""

import re
from datetime import date
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

MAX_LENGTH = 2000  # characters; longer ones are traps
# parameters that say who shared a link, never what it leads to
TRACKING = re.compile(r"^(?:utm_\w+|spm|from|isappinstalled|share_token|fbclid|gclid)$")
FROM_SHARES = {"timeline", "groupmessage", "singlemessage"}  # the values by which WeChat's "from" gives itself away
FRONT = re.compile(r"https?://[^/?#]+(?:/[^?#\d]*/|/)?(?:(?:index|default|main)[\w-]*\.\w+)?", re.IGNORECASE)
SESSION = re.compile(r";jsessionid=[^?#]*", re.IGNORECASE)
# the ways in which addresses of Chinese news carry their day, the most exact first
DAYS = (
    re.compile(r"/t(20\d{2})([01]\d)([0-3]\d)_\d+"),
    re.compile(r"/(20\d{2})[-_/]([01]?\d)[-_/]([0-3]?\d)(?=[/_.-])"),
    re.compile(r"/(20\d{2})[-_/]?([01]\d)/?([0-3]\d)(?=[/_.-]|$)"),
    re.compile(r"/(20\d{2})([01]\d)([0-3]\d)\d*\.\w+$"),
)


def normalise(url: str, base: str = "") -> str | None:
    """Return the address by which a link is known, or None where it is none that can be fetched over HTTP.

    >>> normalise("../b.html?utm_source=x&id=3#top", "http://Daily.Example:80/a/c.html")
    'http://daily.example/b.html?id=3'
    >>> normalise("/a#b", "http://[2001:db8::1]:8080/")
    'http://[2001:db8::1]:8080/a'
    >>> normalise("javascript:void(0)", "http://daily.example/") is None
    True
    """
    try:
        joined = urldefrag(urljoin(base, url.strip()))[0]
        parts = urlsplit(joined)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or len(joined) > MAX_LENGTH:
        return None
    written = f"[{host}]" if ":" in host else host  # of IP version 6
    netloc = written if port in (None, 80 if parts.scheme == "http" else 443) else f"{written}:{port}"
    # pair by pair, as they are written: what is escaped need not be UTF-8
    query = "&".join(pair for pair in parts.query.split("&") if not _is_tracking(*pair.partition("=")[::2]))
    path = SESSION.sub("", parts.path) or "/"
    if "/." in path:
        path = urlsplit(urljoin("http://host/", path)).path
    try:
        return safe_url_string(urlunsplit((parts.scheme, netloc, path, query, "")))
    except ValueError:
        return None


def host_of(url: str) -> str:
    """Return host and port of an address, the unit of politeness."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def name_of(host: str) -> str:
    """Return the name or IP address in what `host_of` returns.

    >>> name_of("daily.example:8080"), name_of("[::1]:8080"), name_of("[::1]")
    ('daily.example', '::1', '::1')
    """
    return urlsplit(f"//{host}").hostname or ""


def day_of(url: str) -> date | None:
    """Return the day that an address carries, or None.

    >>> day_of("http://a.example/html/2022-04/13/content_7.htm")
    datetime.date(2022, 4, 13)
    >>> day_of("http://a.example/zwgk/202309/t20230915_88.html")
    datetime.date(2023, 9, 15)
    >>> day_of("http://a.example/yaowen/2026/0302/117.html")
    datetime.date(2026, 3, 2)
    """
    for pattern in DAYS:
        if match := pattern.search(urlsplit(url).path):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None


def _is_tracking(name: str, value: str) -> bool:
    return bool(TRACKING.match(name)) and (name != "from" or value in FROM_SHARES)


def is_front(url: str) -> bool:
    """Say whether an address is that of a home page or a section; careless templates name it as every page's own.

    >>> is_front("http://a.example/"), is_front("http://a.example/news/index.html"), is_front("http://a.example/n/1.html")
    (True, True, False)
    """
    return FRONT.fullmatch(url) is not None
