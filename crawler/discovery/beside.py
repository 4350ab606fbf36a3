"""Read the day that stands beside a link in a list, in bytes whose charset nobody has decided."""

import re
from datetime import date
from itertools import islice

from lxml import etree

GUESSES = ("utf-8", "gb18030", "big5hkscs")  # in one of these the words of a link can be read
LINES = {"li", "tr", "dd", "dt", "p"}  # what a line of a list stands in
LEVELS, PIECES = 4, 40  # elements upwards, pieces of text downwards: more is no line


def _any(characters: str) -> str:
    """Return a pattern for any of some characters as the bytes of any charset, each byte a character."""
    wires = {character.encode(charset).decode("latin-1") for character in characters for charset in GUESSES}
    return f"(?:{'|'.join(map(re.escape, sorted(wires)))})"


# a day and nothing else, perhaps in brackets, perhaps with a time
DAY = re.compile(
    rf"\s*{_any('[(（【')}?\s*(20\d{{2}}){_any('-/.年')}(\d{{1,2}}){_any('-/.月')}(\d{{1,2}}){_any('日')}?"
    rf"(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*{_any('])）】')}?\s*"
)


def day_beside(element: etree._Element) -> date | None:
    """Return the day that stands by itself in the line of a list in which a link stands; None for none or several."""
    line = next((one for one in islice(element.iterancestors(), LEVELS) if one.tag in LINES), None)
    if line is None:
        return None
    texts = (str(text) for text in islice(line.itertext(), PIECES + 1))
    days = {match.groups() for text in texts if (match := DAY.fullmatch(text))}
    try:
        return date(*map(int, days.pop())) if len(days) == 1 else None
    except ValueError:
        return None
