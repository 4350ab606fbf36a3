"""Turn stored values into what a page prints: times with their offset, links that are links, calm text."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

# Direction overrides and isolates, and control characters: they would let one text disturb the line around it.
UNCALM = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
PRECISE = {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S"}


def calm(text: object) -> str:
    r"""Return a text without the characters that reach beyond it.

    >>> calm("a\u202eb\x07c"), calm(None)
    ('abc', '')
    """
    return "" if text is None else UNCALM.sub("", str(text))


def short(text: object, length: int = 120) -> str:
    """Return a text of at most `length` characters, cut with an ellipsis, on one line.

    >>> short("一二三四五六", 4)
    '一二三…'
    """
    line = " ".join(calm(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def visible(text: str, length: int = 60) -> str:
    r"""Return a stretch of text with what cannot be seen made visible: ↵ for a line feed, ∅ for nothing.

    >>> visible("一\n二"), visible("")
    ('一↵二', '∅')
    """
    return short(text.replace("\n", "↵").replace("\u3000", "␣"), length) or ("␣" if text else "∅")


def when(local: str | None, precision: str | None = "minute") -> str:
    """Return a stored time as printed, with its offset; a bare day without a clock time.

    >>> when("2022-03-04T10:20:00+08:00", "minute"), when("2022-03-04T00:00:00+08:00", "day")
    ('2022-03-04 10:20 +08:00', '2022-03-04 (+08:00)')
    """
    moment = parsed(local)
    if moment is None:
        return calm(local)
    printed = moment.strftime(PRECISE.get(precision or "minute", PRECISE["minute"]))
    offset = moment.strftime("%z")
    if not offset:
        return printed
    named = f"{offset[:3]}:{offset[3:5]}"
    return f"{printed} ({named})" if precision == "day" else f"{printed} {named}"


def moment(utc: str | None) -> str:
    """Return a stored UTC time for reading.

    >>> moment("2026-11-23T01:26:59Z")
    '2026-11-23 01:26 UTC'
    """
    value = parsed(utc)
    return calm(utc) if value is None else value.strftime("%Y-%m-%d %H:%M UTC")


def parsed(stored: str | None) -> datetime | None:
    """Return a stored time, or None where there is none or it is none."""
    try:
        return datetime.fromisoformat(stored) if stored else None
    except ValueError:
        return None


def web_link(address: str | None) -> str | None:
    """Return an address that a page may link to (http or https with a host), or None.

    >>> web_link("https://a.example/x"), web_link("javascript:alert(1)"), web_link("http://")
    ('https://a.example/x', None, None)
    """
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return address if parts.scheme.lower() in {"http", "https"} and parts.netloc else None


def listed(stored: str | None) -> list[Any]:
    """Return a stored JSON array; [] where it is none.

    >>> listed('["甲"]'), listed("no"), listed(None)
    (['甲'], [], [])
    """
    try:
        value = json.loads(stored) if stored else []
    except ValueError:
        return []
    return value if isinstance(value, list) else []


def mapped(stored: str | None) -> dict[str, Any]:
    """Return a stored JSON object; {} where it is none."""
    try:
        value = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
