"""Read the article that a page carries as data in its scripts and draws only when a browser runs them."""

import html as entities
import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from lxml import etree, html
from lxml.html import HtmlElement

from pipelines.records import Page

HAN = re.compile(r"[\u3400-\u9fff]|\\u[3-9][0-9a-fA-F]{3}")
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\'')
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": ""}
TEXT_KEYS = re.compile(r"content|article_?body|abstract|body|text|paragraph|desc|summary", re.IGNORECASE)
LEAST = 120  # Han characters that make a literal worth reading
FEW = 60  # characters of visible text that are no article
OPENING = 12  # Han characters of the visible text that its data must begin with, somewhere near
PACKED = frozenset(("%7B", "%5B"))  # a brace and a bracket in percent signs
LOOK = 4000
LONGEST = 2_000_000


def embedded_body(page: Page, visible: Sequence[str]) -> HtmlElement | None:
    """Return the article of a page's scripts as an element; None where the visible lines are the article already.

    What scripts hold counts where it is more than twice the visible text, and either holds that text's beginning or
    stands against next to none: pages carry the data of other articles too.
    """
    size = sum(map(len, visible))
    openings = ["".join(HAN.findall(line))[:OPENING] for line in visible[:3]]
    best, most = None, max(2 * size, LEAST)
    for source in script_texts(page):
        if len(source) > LONGEST or _han(source) <= most:
            continue
        for text in _texts(source):
            count = _han(text)
            if count > most and (size < FEW or _begins(text, openings)):
                best, most = text, count
    if best is None:
        return None
    if "<" not in best:
        best = "".join(f"<p>{entities.escape(line)}</p>" for line in best.split("\n"))
    try:
        return html.fragment_fromstring(best, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def script_texts(page: Page) -> Iterator[str]:
    """Yield the source of each script of a page, out of the percent signs in which some pages pack their data."""
    for script in page.scripts:
        source: str = script.text or ""
        if script.tag == "script":
            yield unquote(source) if source.lstrip()[:3] in PACKED and len(source) <= LONGEST else source


def _begins(text: str, openings: Sequence[str]) -> bool:
    start = "".join(HAN.findall(text[:LOOK]))
    return any(opening in start for opening in openings)


def _han(text: str) -> int:
    return 0 if text.isascii() and "\\u" not in text else len(HAN.findall(text))


def _texts(source: str) -> Iterator[str]:
    stripped = source.strip()
    if stripped.startswith(("{", "[")):
        yield from _of_json(stripped)
    for found in LITERAL.finditer(source):
        literal = found.group()[1:-1]
        if len(literal) < LEAST or _han(literal) < LEAST:
            continue
        text = entities.unescape(ESCAPE.sub(_unescape, literal)).strip('"')
        if text.startswith(("{", "[")):
            yield from _of_json(text)
        else:
            yield ESCAPE.sub(_unescape, text)


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if code:
        return chr(int(code, 16))
    return PLAIN.get(found.group(3), found.group(3))


def _of_json(text: str) -> Iterator[str]:
    """Yield the text values of a JSON document: the longest under each key, and the lists of short ones joined."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    pending: list[tuple[str, object]] = [("", data)]
    while pending:
        key, value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.items())
        elif isinstance(value, list):
            words = [item for item in value if isinstance(item, str) and HAN.search(item)]
            if words and TEXT_KEYS.search(key):
                yield "\n".join(words)
            else:
                pending.extend((key, item) for item in value)
        elif isinstance(value, str) and TEXT_KEYS.search(key):
            yield value
