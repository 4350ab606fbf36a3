"""Fold the two scripts and the two widths into one, character by character, so that one rule reads both."""

from collections.abc import Sequence
from functools import cache, lru_cache

from opencc import OpenCC

from pipelines.fold import translation

HAN = range(0x4E00, 0xA000)
LINE = 120  # characters of a text that is worth remembering
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2236: 0x3A, 0xFE55: 0x3A}


@cache
def _table() -> Sequence[str | int]:
    """Return the table of simplified and narrow forms; one character for one."""
    han = [chr(code) for code in HAN]
    simple = OpenCC("t2s").convert("\n".join(han)).split("\n")
    table: dict[int, str | int] = {ord(a): b for a, b in zip(han, simple, strict=True) if a != b and len(b) == 1}
    return translation(table | WIDE | {0x8457: "著", 0x88CF: "里", 0x88E1: "里"})


def simplify(text: str) -> str:
    """Return a text in simplified characters and narrow signs, of the same length as the text.

    >>> simplify("責任編輯：陳志迅")
    '责任编辑:陈志迅'
    """
    if text.isascii():
        return text
    return _remembered(text) if len(text) <= LINE else _just_now(text)


@lru_cache(maxsize=32768)  # several stages fold the same line, and the same lines stand on every page of a site
def _remembered(text: str) -> str:
    return text.translate(_table())


@lru_cache(maxsize=64)
def _just_now(text: str) -> str:
    return text.translate(_table())
