"""Cut a text at its repairs, so that a page can show each in its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; where `rule` is set, a repair: `text` stands there now, `before` stood there in the source."""

    text: str
    rule: str | None = None
    before: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Where a repair stands in a text: offsets in characters, and what it replaced."""

    start: int
    end: int
    before: str
    rule: str
    certain: bool = True


def pieces(text: str, spans: Iterable[Span]) -> list[list[Piece]]:
    """Return the paragraphs of a text, each cut into its pieces; a span that overlaps an earlier one is passed over.

    >>> [paragraph] = pieces("甲乙丙", [Span(1, 2, "¤A¤", "undo_mojibake")])
    >>> [(piece.text, piece.rule, piece.before) for piece in paragraph]
    [('甲', None, ''), ('乙', 'undo_mojibake', '¤A¤'), ('丙', None, '')]
    """
    paragraphs: list[list[Piece]] = [[]]
    for piece in _run(text, spans):
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                paragraphs.append([])
            if part or (piece.rule is not None and number == 0):
                before = piece.before if number == 0 else ""
                paragraphs[-1].append(Piece(part, piece.rule, before, piece.certain))
    return [paragraph for paragraph in paragraphs if paragraph]


def _run(text: str, spans: Iterable[Span]) -> Iterator[Piece]:
    place = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.start < place or span.end < span.start or span.end > len(text):
            continue
        if span.start > place:
            yield Piece(text[place : span.start])
        yield Piece(text[span.start : span.end], span.rule, span.before, span.certain)
        place = span.end
    if place < len(text):
        yield Piece(text[place:])
