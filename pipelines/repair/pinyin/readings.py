"""Know the Mandarin readings of characters, and which GBK characters a reading and one of their bytes leave open."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

LETTERS = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹḿɡɑ"  # GBK has its own ɡ and ɑ, and some tools use them
_TONE_MARKS = re.compile("[\u0300\u0301\u0304\u030c]")
_OWN_LETTERS = str.maketrans("ɡɑ", "ga")


@cache
def normal(reading: str) -> str:
    """Return a reading in one spelling: composed, lower case, plain g and a.

    >>> normal("xiɑ\u0304nɡ")
    'xiāng'
    """
    return unicodedata.normalize("NFC", reading.strip().lower().translate(_OWN_LETTERS))


@cache
def toneless(reading: str) -> str:
    """Return a reading without its tone mark; ü stays.

    >>> toneless("qū"), toneless("lǜ")
    ('qu', 'lü')
    """
    return unicodedata.normalize("NFC", _TONE_MARKS.sub("", unicodedata.normalize("NFD", normal(reading))))


def is_toned(reading: str) -> bool:
    """Say whether a reading carries a tone mark."""
    return toneless(reading) != normal(reading)


@cache
def _dictionary() -> Mapping[int, str]:
    """Return the readings of every character by code point, parted by commas."""
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415  (loading it costs 0.3 s; few pages need it)

    readings: Mapping[int, str] = pinyin_dict
    return readings


@cache
def readings_of(character: str) -> frozenset[str]:
    """Return all readings of a character, toned as the dictionary has them; empty for what is no Han character."""
    return frozenset(normal(reading) for reading in _dictionary().get(ord(character), "").split(",") if reading)


def first_reading(character: str) -> str:
    """Return the reading that the dictionary names first, or "" for what is no Han character."""
    return normal(_dictionary().get(ord(character), "").partition(",")[0])


@cache
def syllables() -> frozenset[str]:
    """Return every Mandarin syllable without tone."""
    return frozenset(toneless(reading) for code in range(0x4E00, 0x9FA6) for reading in readings_of(chr(code)))


def is_reading(text: str) -> bool:
    """Say whether a text is one Mandarin syllable, with or without its tone mark.

    >>> is_reading("zhāng"), is_reading("a)"), is_reading("xlii")
    (True, False, False)
    """
    return toneless(text) in syllables()


def reads_as(character: str, reading: str) -> bool:
    """Say whether a character can be read so; the tone must agree, unless either side is neutral."""
    wanted, known = normal(reading), readings_of(character)
    if wanted in known:
        return True
    if is_toned(wanted):
        return toneless(wanted) in known
    return wanted in {toneless(other) for other in known}


@cache
def _by_lead() -> dict[tuple[int, str], str]:
    """Index the two-byte characters of GBK by their first byte and toneless reading."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                character = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
            for reading in {toneless(one) for one in readings_of(character)}:
                found[lead, reading].append(character)
    return {key: "".join(characters) for key, characters in found.items()}


def candidates(lead: int, reading: str) -> str:
    """Return the GBK characters whose first byte is `lead` and that can be read so.

    >>> candidates(0x83, "nèi")
    '內'
    """
    return "".join(one for one in _by_lead().get((lead, toneless(reading)), "") if reads_as(one, reading))
