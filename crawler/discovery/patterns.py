"""Guess from the links of a page which of them lead to articles, and write that as URL rules."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.address import day_of
from crawler.discovery.links import Link

HEADLINE = 9  # characters; names of columns are shorter, headlines longer
PAGE = re.compile(r"\.(?:s?html?|aspx?|php|jsp)$|/\d+/?$|/$")
PART = re.compile(r"[0-9a-f]{32}|\d+|[A-Za-z][A-Za-z_-]*|_|[^\w]+|\w")
DATES = re.compile(r"(?:19|20)\d{2}(?:\d{2}){0,2}|[01]\d[0-3]\d|[01]\d|[0-3]\d")
LISTS = re.compile(r"/(?:index|list|node|page|channel|default|more)[\w-]*\.\w+$|/$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A way in which addresses of articles are built: the rule, how many links follow it, some of them, and why."""

    rule: str
    count: int
    examples: tuple[str, ...]
    why: str


def article_shapes(links: Iterable[Link], *, least: int = 3) -> list[Shape]:
    """Return the shapes that articles probably have, the surest first.

    Addresses that are alike but for their numbers count as one shape. A shape is one of articles where its links are
    worded like headlines and its addresses carry a number or a day.
    """
    groups: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in links:
        path = urlsplit(link.url).path
        if not LISTS.search(path) and PAGE.search(path) and re.search(r"\d", _tail(link.url)):
            groups[_key(link.url)].append(link)
    shapes = []
    for key, group in groups.items():
        headlines = sum(_is_headline(link) for link in group)
        if len(group) < least or headlines < len(group) / 2:
            continue
        dated = sum(day_of(link.url) is not None for link in group)
        why = f"{headlines} of {len(group)} links are worded like headlines"
        why += f", {dated} addresses carry a day" if dated else ""
        rule = _rule(key, [_parts(link.url) for link in group])
        examples = tuple(link.url for link in group[:3])
        shapes.append(Shape(rule=rule, count=len(group), examples=examples, why=why))
    return sorted(shapes, key=lambda shape: -shape.count)


def _is_headline(link: Link) -> bool:
    return any(len(reading) >= HEADLINE and not reading.isascii() for reading in link.readings[1:] or link.readings)


def _tail(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _parts(url: str) -> list[str]:
    return PART.findall(_tail(url))


def _key(url: str) -> tuple[str, ...]:
    """Return what is alike in addresses of one shape: numbers and names of folders do not count, other parts do."""
    parts = _parts(url)
    return tuple(_class(part, number, len(parts)) for number, part in enumerate(parts))


def _class(part: str, number: int, total: int) -> str:
    if re.fullmatch(r"[0-9a-f]{32}", part):
        return "hex"
    if part.isdigit():
        return "number"
    # a name that begins the path is a column; near the end it belongs to the shape ("content_", "html")
    if re.fullmatch(r"[A-Za-z][A-Za-z_-]*", part) and number < total - 4:
        return "name"
    return part


def _rule(key: tuple[str, ...], addresses: list[list[str]]) -> str:
    pieces = []
    for number, kind in enumerate(key):
        values = {address[number] for address in addresses}
        if kind == "hex":
            pieces.append("[0-9a-f]{32}")
        elif kind == "number":
            width = len(next(iter(values)))
            # parts of a date keep their length; other numbers grow
            is_date = "?" not in pieces and all(len(value) == width and DATES.fullmatch(value) for value in values)
            pieces.append(rf"\d{{{width}}}" if is_date else r"\d+")
        elif kind == "name" and len(values) > 1:
            pieces.append(r"[\w-]+")
        else:
            pieces.append(re.escape(next(iter(values))))
            pieces += ["?"] if "?" in next(iter(values)) else []
    return "".join(piece for piece in pieces if piece != "?").replace(r"\-", "-") + "$"
