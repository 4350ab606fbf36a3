"""Find the parts of a page that are written in another charset than the rest: a template around foreign comments."""

import re
from collections.abc import Iterator

from pipelines.decode.plausible import plausibility

_OTHERS = {"utf-8": ("gb18030", "big5hkscs"), "gb18030": ("utf-8",), "big5hkscs": ("utf-8",)}
# whole UTF-8 characters between ASCII; three by chance among GBK pairs are rare, and must read as Chinese besides
_UTF8 = re.compile(rb"(?<![\x80-\xff])(?:[\xc2-\xdf][\x80-\xbf]|[\xe2-\xe9\xef][\x80-\xbf]{2}){3,}(?![\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]{6,}")
# "，", "。" and "的" in UTF-8, each in both of the ways in which GBK may pair their bytes
_SIGNS = "锛紝銆鐨殑"
_PLAUSIBLE = 0.3
_BETTER = 0.4  # than in the charset of the page; Chinese read wrongly loses a whole unit


def may_be_mixed(text: str, charset: str) -> bool:
    """Say whether a decoded page shows what foreign runs look like: no sentence does without all of these.

    >>> may_be_mixed("全国各地，".encode().decode("gb18030", "replace"), "gb18030")
    True
    """
    return "\ufffd" in text or (charset == "gb18030" and any(sign in text for sign in _SIGNS))


def foreign_runs(body: bytes, charset: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, charset) for every run of bytes that is plainly written in another charset than the page.

    Pages that are valid in their charset as a whole may still hold such runs (UTF-8 often is valid GBK), so this looks
    at GBK and Big5 pages always, and at UTF-8 pages where they are not valid.
    """
    if charset not in _OTHERS:
        return
    pattern = _HIGH if charset == "utf-8" else _UTF8
    for found in pattern.finditer(body):
        start, end = found.span()
        own = _read(found[0], charset)
        if charset == "utf-8":
            if own is not None:
                continue
            end += (end - start) % 2  # the last second half may be an ASCII byte
        here = plausibility(own if own is not None else found[0].decode(charset, "replace"))
        for other in _OTHERS[charset]:
            text = _read(body[start:end], other)
            if text is not None and plausibility(text) >= max(_PLAUSIBLE, here + _BETTER):
                yield start, end, other
                break


def _read(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return None
