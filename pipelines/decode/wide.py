"""Decode UTF-16 that lost or gained a byte on the way: everything behind such a place is out of step by one."""

import re

from pipelines.decode.plausible import weight

_UNITS = {
    "utf-16-le": re.compile(rb"(?:[\t\n\r\x20-\x7e]\0){6,}"),
    "utf-16-be": re.compile(rb"(?:\0[\t\n\r\x20-\x7e]){6,}"),
}
_TAGS = {"utf-16-le": b"<\0/\0", "utf-16-be": b"\0<\0/"}
_KINDS = 4  # different characters in a run; the bytes of ideographic spaces (00 30 00 30 …) look like a run of "0"
_PLACES = 50  # slips that are mended; a file with more is rubble


def in_step(body: bytes, charset: str) -> tuple[bytes, int]:
    """Return the bytes with every unit at an even place, and how many bytes were taken out or are missing.

    ASCII shows the step: its NULs stand at odd places (or at even ones). Where they change sides a byte was slipped in;
    it is taken out where what stands before and behind it then reads best.
    """
    last = body.rfind(_TAGS[charset])
    if last >= 0 and last % 2 == 0:
        return body, 0
    pattern = _UNITS[charset]
    slips = 0
    searched = kept = 0  # all before `kept` is in step
    while slips < _PLACES and (found := pattern.search(body, searched)):
        if found.start() % 2 == 0 or len(set(found[0])) <= _KINDS:
            kept, searched = (found.end() if found.start() % 2 == 0 else kept), found.end()
            continue
        place = _seam(body, kept - kept % 2, found.start(), charset)
        body = body[:place] + body[place + 1 :]
        slips += 1
        searched = place
    return body, slips


def _seam(body: bytes, start: int, end: int, charset: str) -> int:
    """Return the even place between two in which one byte is best left out."""
    even = body[start:end].decode(charset, "replace")
    odd = body[start + 1 : end + 1].decode(charset, "replace")
    score = best = sum(map(weight, odd))
    place = start
    for number, (before, behind) in enumerate(zip(even, odd, strict=False)):
        score += weight(before) - weight(behind)
        if score > best:
            best, place = score, start + 2 * (number + 1)
    return place
