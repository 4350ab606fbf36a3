"""Know the bytes of GBK: which character a pair is, and which pairs are none, so that decoders mark or drop them."""

from functools import cache

_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
LEADS = range(0x81, 0xFF)


def encode(text: str) -> bytes:
    """Return text as the bytes of GBK with its user-defined rows, the euro sign as byte 80."""
    return b"\x80".join(part.encode("gb18030", "replace") for part in text.split("€"))


def decode(data: bytes) -> str:
    """Return bytes as text, U+FFFD for what is no character."""
    return data.decode("gb18030", "replace")


def tail_bytes(text: str) -> bytes:
    """Return the last bytes of a text, at least two where it has them."""
    return encode(text[-2:])[-2:]


@cache
def character(first: int, second: int) -> str | None:
    """Return the character of two bytes, or None where GBK has none."""
    try:
        return bytes((first, second)).decode("gbk")
    except UnicodeDecodeError:
        return None


@cache
def characters_with(lead: int) -> str:
    """Return every GBK character of one first byte."""
    return "".join(filter(None, (character(lead, trail) for trail in _TRAILS)))


@cache
def unwritten() -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return the pairs that look like characters and are none, as (first byte, second bytes that can begin another).

    Decoders show them as private use, mark them or drop them; out of step they are the second half of one character
    and the first of the next.
    """
    found = ((first, tuple(second for second in LEADS if character(first, second) is None)) for first in LEADS)
    return tuple((first, seconds) for first, seconds in found if seconds)
