"""Weigh the evidence for a charset: what the bytes can be, what they are declared to be, what reads like text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from charset_normalizer import from_bytes

from pipelines.decode.labels import codec_of
from pipelines.decode.plausible import plausibility
from pipelines.decode.sniff import bom_of, declared_labels, header_label, utf16_of
from pipelines.records import Evidence

FAMILIES = ("gb18030", "big5hkscs")
_ASCII = bytes(range(0x80))
_MARKS = bytes(set(range(0x40)) - {0x20, 0x3C})
_STEP = re.compile(rb"[\x00-\x3f]")  # never the second byte of a pair
_STEPS = bytes(32 if byte < 0x40 else byte for byte in range(256))
_LONELY = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]")
_BETWEEN = re.compile(rb"[\x80-\xff][\x40-\x7e](?=[\x80-\xff])")
_BIG5 = 0.02  # of the bytes of a sample; always more in Big5, in GBK only where it is full of traditional forms
_SAMPLE = 800  # bytes of text that decide: right on all of 3,040 pages written anew in GBK and Big5, damaged ones too
_PART = 2048  # bytes of page in which text is counted
_PARTS = 24  # of a page that are looked at, over all of it
_ACCIDENT = 24  # bytes: longer runs of GBK are not valid UTF-8 by chance
_WESTERN = 0.8  # of the high bytes stand alone between ASCII in Western text, under 0.4 in Chinese of any charset
_PLAUSIBLE = 0.1  # Chinese scores 0.4 and more, Chinese in the wrong charset below -0.2
_CLEAR = 0.45  # nothing that is read in a wrong charset comes near this
_MARGIN = 0.1  # a declaration decides between two readings that are this near each other


@dataclass(frozen=True, slots=True)
class Verdict:
    """A charset (Python codec name), the length of its mark in bytes, and why, strongest evidence first."""

    charset: str
    evidence: tuple[Evidence, ...]
    mark: int = 0


def judge(body: bytes, header: str | None = None, override: str | None = None) -> Verdict:
    """Decide the charset of a page from all that speaks for one.

    `header` is the Content-Type as served, `override` what a person decided: it wins. The declarations are recorded
    whether they won or not. Other pages of an outlet say nothing: a verdict may not hang on what was read before.
    """
    said = [("header", header_label(header)), *declared_labels(body)]
    claims = [(rule, label, codec_of(label)) for rule, label in said if label]
    rule, charset, mark = _decide(body, claims, codec_of(override))
    winner = next((label for claim, label, codec in claims if (claim, codec) == (rule, charset)), charset)
    note = [Evidence(field="charset", rule=rule, value=winner, won=True)]
    note += [
        Evidence(field="charset", rule=claim, value=label, won=codec == charset)
        for claim, label, codec in claims
        if claim != rule
    ]
    return Verdict(charset, tuple(note), mark)


def _decide(body: bytes, claims: list[tuple[str, str, str | None]], override: str | None) -> tuple[str, str, int]:
    bom = bom_of(body)
    if override:
        return "override", override, bom[1] if bom and bom[0] == override else 0
    if bom:
        return "bom", *bom
    if utf16 := utf16_of(body):
        return "nul-bytes", utf16, 0
    declared = [codec for _, _, codec in claims if codec]
    if body.isascii():
        return "ascii", "utf-8", 0
    if _is_utf8(body) and not _utf8_by_accident(body, declared):
        return "valid", "utf-8", 0
    return *_by_reading(text_of(body), claims), 0


def text_of(body: bytes, limit: int = _SAMPLE) -> bytes:
    """Return the parts of a page that bear the most text, about `limit` bytes of them, each begun and ended in step."""
    if len(body) <= 2 * _PART:
        return body
    parts = range(0, len(body), _PART * (1 + len(body) // (_PART * _PARTS)))
    text = {part: len(body[part : part + _PART].translate(None, _ASCII)) for part in parts}
    chosen, total = [], 0
    for part in sorted(parts, key=lambda part: -text[part]):
        chosen.append(part)
        total += text[part]
        if total >= limit:
            break
    # ASCII below @ can go, so long as one is left between what stood apart
    return b" ".join(_whole(body, part, part + _PART) for part in sorted(chosen)).translate(None, _MARKS)


def _whole(body: bytes, start: int, end: int) -> bytes:
    """Return a part of a page without the half characters at its ends: from one ASCII byte below @ to another."""
    first = _STEP.search(body, start, end)
    last = body[start:end].translate(_STEPS).rfind(b" ")
    return body[first.start() : start + last] if first and last >= 0 else body[start:end]


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return len(body) - error.start <= 3 and error.reason == "unexpected end of data"
    return True


def _utf8_by_accident(body: bytes, declared: list[str]) -> bool:
    """Say whether a few bytes are UTF-8 by chance: a word or two of Chinese in the charset that is declared."""
    if "utf-8" in declared or not any(codec in FAMILIES for codec in declared):
        return False
    if len(body.translate(None, _ASCII)) > _ACCIDENT:
        return False
    as_utf8 = _score(body, "utf-8")
    return any(codec in FAMILIES and _score(body, codec) > max(as_utf8, 0) + 0.3 for codec in declared)


def _score(sample: bytes, charset: str) -> float:
    return plausibility(sample.decode(charset, "replace"))


def _likelier(sample: bytes) -> tuple[str, ...]:
    """Return the families, the likelier first: many second bytes of Big5 are ASCII, hardly any of everyday GBK."""
    part = sample[:_PART]
    return FAMILIES[::-1] if len(_BETWEEN.findall(part)) > _BIG5 * len(part) else FAMILIES


def _others(said: tuple[str, ...], sample: bytes) -> Iterator[str]:
    yield from (codec for codec in _likelier(sample) if codec not in said)


def _by_reading(sample: bytes, claims: list[tuple[str, str, str | None]]) -> tuple[str, str]:
    """Choose by which reading looks like text; near-ties go to the first declaration."""
    claimed = [(rule, codec) for rule, _, codec in claims if codec]
    said = tuple(dict.fromkeys(codec for _, codec in claimed if codec in FAMILIES))
    for codec in chain(said, _others(said, sample)):
        if _score(sample, codec) >= _CLEAR:
            return next((rule for rule, claim in claimed if claim == codec), "reading"), codec
    scores = {codec: _score(sample, codec) for codec in ("utf-8", *FAMILIES)}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] >= _PLAUSIBLE:
        for rule, codec in claimed:
            if scores.get(codec, -2.0) >= scores[best] - _MARGIN:
                return rule, codec
        return "reading", best
    lonely = len(_LONELY.findall(sample)) / max(1, len(_HIGH.findall(sample)))
    western = lonely >= _WESTERN
    for rule, codec in claimed:
        if western == (codec not in FAMILIES) or scores.get(codec, -2.0) >= scores[best] - _MARGIN:
            return rule, codec
    guess = from_bytes(sample[:4000]).best()
    if guess is not None and (guessed := codec_of(guess.encoding)):
        return "charset-normalizer", guessed
    return ("reading", "cp1252") if western else ("reading", best)
