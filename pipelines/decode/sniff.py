"""Find what the bytes say of themselves before anything is decoded: marks, declarations, what they cannot be."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_HEAD = 8192  # bytes; browsers read 1024, pages with long comments before <meta> are read all the same
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_XML = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"',]+)", re.IGNORECASE)
_BINARY = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"\x1f\x8b",
    b"RIFF",
)
_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})
_UTF16_SHARE = (
    0.1  # of the bytes at even, or at odd, places are NUL in markup written as UTF-16; elsewhere next to none
)


def bom_of(body: bytes) -> tuple[str, int] | None:
    """Return the codec that a byte order mark names and the mark's length in bytes, or None."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return charset, len(mark)
    return None


def header_label(content_type: str | None) -> str | None:
    """Return the charset parameter of a Content-Type header, as written.

    >>> header_label('text/html; Charset="gb2312"')
    'gb2312'
    """
    found = _HEADER.search(content_type or "")
    return found[1] if found else None


def declared_labels(body: bytes) -> tuple[tuple[str, str], ...]:
    """Return what the page declares, as (rule, label): its XML declaration and its first meta charset.

    Comments do not declare. A page written as UTF-16 is read through its NULs.
    """
    head = body[: 2 * _HEAD].translate(None, b"\0")[:_HEAD]
    if b"<" not in head:
        return ()
    labels = []
    if xml := _XML.search(head):
        labels.append(("xml", xml[1].decode("ascii")))
    if meta := _META.search(_COMMENT.sub(b"", head)):
        labels.append(("meta", meta[1].decode("ascii")))
    return tuple(labels)


def utf16_of(body: bytes) -> str | None:
    """Return the byte order of UTF-16 that came without a mark, told by where the NULs stand; None otherwise."""
    if len(body) < 4 or b"\0" not in body[:_HEAD]:
        return None
    for size in (_HEAD, 512, 128):  # a byte that slipped in turns the order round behind it: then the beginning decides
        sample = body[:size]
        half = len(sample) / 2
        even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
        if odd >= _UTF16_SHARE and odd > 4 * even:
            return "utf-16-le"
        if even >= _UTF16_SHARE and even > 4 * odd:
            return "utf-16-be"
    return None


def is_binary(body: bytes) -> bool:
    """Say whether the bytes are a known kind of file that is no text, or full of controls that no UTF-16 explains."""
    if body.startswith(_BINARY):
        return True
    sample = body[:_HEAD]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > len(sample) // 50 and bom_of(body) is None and utf16_of(body) is None
