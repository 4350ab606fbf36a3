"""Find what everyday Chinese does not hold: rare characters, doubled marks. Most repairs look for it alone."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby

from pipelines.decode.plausible import weight

_EVERYDAY = 0.2  # more than that weighs what people write: the first levels of both standards, and marks
DOUBLED = frozenset(("，，", "。。"))
_PLAIN = "".join({"\t", "\n", "\r", *map(chr, range(0x20, 0x7F))} - {*"&\\%(?"})  # ASCII that no repair begins with
_SCRIPTS = (range(0x370, 0x500), range(0x3041, 0x3130))  # Greek, Cyrillic and kana: known to both, and no Chinese


@cache
def _pattern() -> re.Pattern[str]:
    everyday = (
        code
        for code in range(0x80, 0x10000)
        if weight(chr(code)) > _EVERYDAY and not any(code in script for script in _SCRIPTS)
    )
    return re.compile(f"[^{re.escape(_PLAIN)}\\xa0{ranges(everyday)}]")


def ranges(codes: Iterable[int]) -> str:
    r"""Return code points, in order, as the inside of a character class.

    >>> ranges([0x4E00, 0x4E01, 0x4E02, 0x5000])
    '\\u4e00-\\u4e02\\u5000'
    """
    runs = [[code for _, code in group] for _, group in groupby(enumerate(codes), lambda pair: pair[1] - pair[0])]
    return "".join(f"\\u{run[0]:04x}" + (f"-\\u{run[-1]:04x}" if len(run) > 1 else "") for run in runs)


def places_of(characters: Iterable[str], text: str) -> list[int]:
    """Return where any of a few characters stands, in order: faster than a pattern of them where they are rare.

    >>> places_of("溪县", "云溪县溪")
    [1, 2, 3]
    """
    places = []
    for character in characters:
        place = text.find(character)
        while place >= 0:
            places.append(place)
            place = text.find(character, place + 1)
    return sorted(places)


def odd_in(text: str) -> frozenset[str]:
    """Return what is odd in a text: rare characters, foreign letters, full-width Latin, invisible ones, controls.

    The ASCII that escapes and readings begin with counts as odd; so do the commonest marks, written twice.

    >>> sorted(odd_in("云溪县(xiàn)衛生局１２月召开会议，"))
    ['(', 'à', '１', '２']
    """
    return frozenset(_pattern().findall(text)).union(pair for pair in DOUBLED if pair in text)
