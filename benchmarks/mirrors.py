"""Make the damage of hijacked mirrors, in every variety: which list, which readings, which tool, which decoder.

`VARIANTS` is the one table; `damaged(text, name)` gives what the mirror was told to print and what it prints. All of it
is drawn from the name and a number, so that a benchmark and a test see the same.
"""

import random
import unicodedata
from typing import NamedTuple

from fangzhi.demo.damage import converted, reading, wide
from pipelines.decode import decode_bytes

_TONES = {0x300: None, 0x301: None, 0x304: None, 0x30C: None}
_HALF = str.maketrans("，；：？！（）", ",;:?!()")
_TRAILS = {*range(0x40, 0x7F), *range(0x80, 0xFF)}


class Variant(NamedTuple):
    """How a mirror spoils its text; every field left out is the commonest way."""

    listed: float = 1.0  # of the wide list
    without: str = ""  # characters that the list leaves out
    form: str = "({})"
    toneless: float = 0.0  # of the characters
    letters: bool = False  # ɡ and ɑ as GBK has them, not g and a
    nested: bool = True  # one replacement after another, so that readings are hit too
    unit: str = "?("  # what is left of a first byte and what it stands before: both one mark, or the mark alone
    mark: str = "?"
    private: str = "keep"  # pairs that are no character: kept as private use, dropped, or marked
    served: bool = False  # as GBK: our own decoder reads it
    half_width: bool = False  # commas and parentheses are ASCII


VARIANTS = {
    "wide": Variant(),
    "without 國時會": Variant(without="國時會"),
    "narrow": Variant(listed=0.2),
    "sparse": Variant(listed=0.05),
    "one pass": Variant(nested=False),
    "space": Variant(form="({} )"),
    "other letters": Variant(letters=True),
    "toneless": Variant(toneless=1.0),
    "toneless, sparse": Variant(toneless=1.0, listed=0.05),
    "toned and toneless": Variant(toneless=0.3),
    "mark alone": Variant(unit="("),
    "U+FFFD": Variant(mark="\ufffd"),
    "U+FFFD alone": Variant(mark="\ufffd", unit="("),
    "private use dropped": Variant(private="drop"),
    "private use marked": Variant(private="mark"),
    "served as GBK": Variant(served=True),
    "half-width marks": Variant(half_width=True),
    "half-width marks, dropped": Variant(half_width=True, private="drop"),
}


def damaged(text: str, name: str, number: int = 0) -> tuple[str, str]:
    """Return the text as the mirror holds it, traditional and in GBK, and as it is read from the mirror."""
    variant = VARIANTS[name]
    dice = random.Random(f"{name}{number}")
    held = converted(text.translate(_HALF) if variant.half_width else text).encode("gbk", "ignore")
    listed = [one for one in wide() if one not in variant.without]
    listed = dice.sample(listed, int(variant.listed * len(listed)))
    spoilt = _injected(held, {one.encode("gbk"): _reading(one, variant) for one in listed}, nested=variant.nested)
    return held.decode("gbk"), decode_bytes(spoilt, override="gbk").text if variant.served else _read(spoilt, variant)


def _reading(character: str, variant: Variant) -> bytes:
    said = reading(character)
    if (ord(character) * 7919) % 1000 < 1000 * variant.toneless:
        said = unicodedata.normalize("NFC", unicodedata.normalize("NFD", said).translate(_TONES))
    if variant.letters:
        said = said.replace("g", "ɡ").replace("a", "ɑ")
    return variant.form.format(said).encode("gbk", "ignore")


def _injected(held: bytes, readings: dict[bytes, bytes], *, nested: bool) -> bytes:
    if nested:
        for pair, said in readings.items():
            held = held.replace(pair, pair + said)
        return held
    pieces, place = [], 0
    while place < len(held):
        pair = held[place : place + 2]
        found = readings.get(pair)
        pieces.append(pair + found if found else held[place : place + 1])
        place += 2 if found else 1
    return b"".join(pieces)


def _read(held: bytes, variant: Variant) -> str:
    """Decode as careless tools do, pair by pair."""
    pieces, place = [], 0
    while place < len(held):
        pair = held[place : place + 2]
        if held[place] <= 0x80:
            pieces.append("€" if held[place] == 0x80 else chr(held[place]))
            place += 1
            continue
        whole = len(pair) > 1 and pair[1] in _TRAILS
        pieces.append(_unit(pair, variant, whole=whole))
        place += 2 if whole or variant.unit == "?(" else 1
    return "".join(pieces)


def _unit(pair: bytes, variant: Variant, *, whole: bool) -> str:
    try:
        return pair.decode("gbk")
    except UnicodeDecodeError:
        if not whole or variant.private == "mark":
            return variant.mark
        return "" if variant.private == "drop" else pair.decode("gb18030", "replace")
