"""Find and mark in the original text what a query found in the folded one."""

import re
from collections.abc import Callable
from functools import lru_cache

from pipelines.fold import fold
from pipelines.query import understand
from pipelines.segment import pattern

Marks = tuple[str, str]  # what stands before and after a hit
Escape = Callable[[str], str]

WIDTH = 90  # characters: two lines of a search result
BEFORE = 20  # characters shown before the first hit


def spans(text: str, query: str) -> list[tuple[int, int]]:
    """Return where the words of a query stand in a text: starts and ends (characters), in order, not overlapping.

    >>> spans("驻马店疫情防控，疫 情平稳", "疫情")
    [(3, 5), (8, 11)]
    """
    expression = _expression(query)
    return [match.span() for match in expression.finditer(fold(text))] if expression else []


def missing(text: str, query: str) -> tuple[str, ...]:
    """Return the words of a query that do not stand in a text.

    >>> missing("驻马店疫情防控", "疫情 督查")
    ('督查',)
    """
    folded = fold(text)
    sought = ((word, pattern(word)) for word in understand(query).words)
    return tuple(word for word, found in sought if found and not re.search(found, folded))


def mark(text: str, query: str, *, marks: Marks, escape: Escape = str) -> str:
    """Return the whole text with every hit between the two marks; `escape` is applied to the text alone."""
    return _marked(text, spans(text, query), marks, escape)


def snippet(text: str, query: str, *, marks: Marks, escape: Escape = str, width: int = WIDTH) -> str:
    """Return the part of a text (some `width` characters) that holds most of a query's hits, marked.

    It starts at the beginning of the text where there is no hit; line feeds become spaces; … stands where it is cut.

    >>> snippet("關於做好疫情防控工作的通知", "疫情", marks=("[", "]"))
    '關於做好[疫情]防控工作的通知'
    """
    found = spans(text, query)
    start = _best_start(found, width)
    end = min(len(text), start + width)
    inside = [(max(first - start, 0), min(last, end) - start) for first, last in found if first < end and last > start]
    part = _marked(text[start:end].replace("\n", " "), inside, marks, escape)
    return f"{'…' if start else ''}{part}{'…' if end < len(text) else ''}"


@lru_cache(maxsize=64)  # one query, many rows
def _expression(query: str) -> re.Pattern[str] | None:
    patterns = {found for word in understand(query).words if (found := pattern(word))}
    return re.compile("|".join(sorted(patterns, key=len, reverse=True))) if patterns else None


def _best_start(found: list[tuple[int, int]], width: int) -> int:
    """Return where to begin so that the most hits fit, the earliest of equals."""
    best, most = 0, 0
    last = 0
    for first, (start, _) in enumerate(found):
        while last < len(found) and found[last][1] <= start - BEFORE + width:
            last += 1
        if last - first > most:
            most, best = last - first, start
    return max(0, best - BEFORE) if best >= BEFORE * 2 else 0


def _marked(text: str, found: list[tuple[int, int]], marks: Marks, escape: Escape) -> str:
    opening, closing = marks
    parts, at = [], 0
    for start, end in found:
        parts += [escape(text[at:start]), opening, escape(text[start:end]), closing]
        at = end
    return "".join([*parts, escape(text[at:])])
