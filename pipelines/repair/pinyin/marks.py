"""Know the marks that an injection leaves: readings in parentheses, and behind question marks that hide a byte."""

import re

from pipelines.repair.pinyin.gbk import decode, encode
from pipelines.repair.pinyin.readings import LETTERS, candidates, normal, reads_as

_INNER = rf"\([{LETTERS}]{{1,7}}\)"  # a reading can be hit itself: a vowel's last byte and a letter are a pair
_CONTENT = rf"[{LETTERS}]{{1,7}}(?:{_INNER}[{LETTERS}]{{0,6}}){{0,3}}"
WHOLE = re.compile(rf"\(({_CONTENT})[ \u3000]?\)")
BROKEN = re.compile(rf"[?\ufffd]\(?({_CONTENT})[ \u3000]?\)")
PLACE = re.compile(rf"([?\ufffd]?)\(?({_CONTENT})[ \u3000]?\)|[?\ufffd](?=[^\x00-\x7f])")
TONED = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ")
TONELESS = re.compile(r"[(?\ufffd]\(?[a-zü]{1,6}[ \u3000]?\)")
_NESTED = re.compile(_INNER)
_HIGH = 0x80


def reading_of(content: str) -> str:
    """Return the reading in the content of a parenthesis, without readings that hit it in turn.

    >>> reading_of("ōu(zī)")
    'ōu'
    """
    return normal(_NESTED.sub("", content))


def hit_by(tail: bytes, reading: str) -> bool:
    """Say whether the last two bytes of something are a GBK character with that reading: then an injection struck."""
    if len(tail) < 2 or tail[0] < 0x81:
        return False
    struck = decode(tail)
    return len(struck) == 1 and reads_as(struck, reading)


def hidden(lead: int, reading: str) -> str:
    """Return the characters that can stand behind a question mark: their second byte spoilt what followed it.

    A byte that is ASCII spoils nothing.
    """
    return "".join(one for one in candidates(lead, reading) if encode(one)[1] >= _HIGH)
