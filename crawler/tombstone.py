"""Put a tombstone in the place of a WARC record: what it was and its digest stay, its content does not.

A tombstone is as long as the record was, to the byte, so that every other record keeps its offset. It is a record of
type `metadata`; what is left over is filled by the comment of its gzip member, which readers pass over, or by blanks
in its block where the file is not packed.
"""

import struct
import zlib
from collections.abc import Mapping
from datetime import datetime

from crawler.reader import MOVED, PURGED

PURGED_AT = "Fangzhi-Purged-At"
DIGEST = "Fangzhi-Purged-Digest"  # of its payload
KEPT = ("WARC-Record-ID", "WARC-Date", "WARC-Target-URI", "Fangzhi-Outlet")
NEEDED = ("WARC-Record-ID", "WARC-Date", "WARC-Target-URI")  # of a record that is almost too short for a tombstone
WORD = b"purged"  # the block: a record without one could not be told from one that was never finished
HEAD = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x02\xff"  # a gzip member that has a comment, and no time or name


class TooShort(ValueError):  # noqa: N818  (named after the cause)
    """A record is shorter than the shortest tombstone."""


def tombstone(fields: Mapping[str, str], size: int, at: datetime, *, packed: bool, moved: str | None = None) -> bytes:
    """Return a tombstone of `size` bytes for a record with these fields; raise TooShort where none is that short.

    `moved` (FILE:OFFSET) is the place of a copy of the payload.
    """
    kind = {PURGED: fields.get("WARC-Type") or "record"}
    link = {MOVED: moved} if moved else {}
    digest = fields.get("WARC-Payload-Digest") or fields.get(DIGEST)
    full = {name: fields[name] for name in KEPT if name in fields} | kind | {PURGED_AT: at.isoformat()} | link
    full |= {DIGEST: digest} if digest else {}
    least = {name: fields[name] for name in NEEDED if name in fields} | kind | link
    for head in (full, least):
        made = _packed(head, size) if packed else _plain(head, size)
        if made is not None:
            return made
    raise TooShort(f"a record of {size} bytes is too short for a tombstone")


def _record(head: Mapping[str, str], block: bytes, digits: int = 1) -> bytes:
    lines = ["WARC/1.1", "WARC-Type: metadata", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(block):0{digits}}", "", ""]).encode() + block + b"\r\n\r\n"


def _packed(head: Mapping[str, str], size: int) -> bytes | None:
    record = _record(head, WORD)
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = engine.compress(record) + engine.flush() + struct.pack("<II", zlib.crc32(record), len(record))
    blank = size - len(HEAD) - 1 - len(body)
    return HEAD + b" " * blank + b"\x00" + body if blank >= 0 else None


def _plain(head: Mapping[str, str], size: int) -> bytes | None:
    for digits in range(1, 20):  # the length of the block stands in the head, whose length it changes
        blank = size - len(_record(head, WORD, digits))
        if 0 <= blank < 10**digits - len(WORD):
            return _record(head, WORD + b" " * blank, digits)
    return None
