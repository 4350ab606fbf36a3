"""Digest texts: one digest tells the versions of an article apart, another is shared by exact copies."""

import hashlib
import re
import unicodedata

from pipelines.fold import WORD, fold

MIN_COPY = 40  # word characters; shorter texts ("图片新闻", "附件") are equal by chance

_NO_WORD = re.compile(f"[^{WORD}]+")
_SPACES = re.compile(r"\s+")


def content_digest(title: str | None, text: str) -> str:
    """Return the digest that tells versions apart: title and text without spaces and differences of width."""
    normal = "\0".join(_SPACES.sub("", unicodedata.normalize("NFKC", part)) for part in (title or "", text))
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(text: str) -> str:
    """Return the digest that exact copies share, whatever their script, width, spaces and punctuation.

    A text of fewer than MIN_COPY word characters has none: "".
    """
    words = squeezed(text)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest() if len(words) >= MIN_COPY else ""


def squeezed(name: str) -> str:
    """Return the words of a name, without script, case, width, spaces and punctuation.

    >>> squeezed("來源：雲嶺 日報")
    '来源云岭日报'
    """
    return _NO_WORD.sub("", fold(name))
