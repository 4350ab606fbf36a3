"""Weigh the evidence for a charset: what the bytes can be, what they are declared to be, what reads like text."""

import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pipelines.decode.labels import codec_of
from pipelines.decode.plausible import plausibility
from pipelines.decode.sniff import bom_of, declared_labels, header_label, utf16_of
from pipelines.records import Evidence

FAMILIES = ("gb18030", "big5hkscs")
_RUN = re.compile(rb"(?:[\x80-\xff][\x40-\xff]{0,1})+")
_LONELY = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = (
    12_000  # bytes of text that decide; the same answer as the whole page on all 252 measured, in a tenth of the time
)
_WESTERN = 0.8  # of the high bytes stand alone between ASCII in Western text, under 0.4 in Chinese of any charset
_PLAUSIBLE = 0.1  # Chinese scores 0.4 and more, Chinese in the wrong charset below -0.2
_MARGIN = 0.1  # a declaration decides between two readings that are this near each other


@dataclass(frozen=True, slots=True)
class Verdict:
    """A charset (Python codec name), the length of its mark in bytes, and why, strongest evidence first."""

    charset: str
    evidence: tuple[Evidence, ...]
    mark: int = 0


def judge(body: bytes, header: str | None = None, hints: tuple[str, ...] = (), override: str | None = None) -> Verdict:
    """Decide the charset of a page from all that speaks for one.

    `header` is the Content-Type as served, `hints` the charsets (labels) of the outlet's other pages, `override` what
    a person decided: it wins. The declarations are recorded whether they won or not.
    """
    said = [("header", header_label(header)), *declared_labels(body), *(("outlet", hint) for hint in hints)]
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
    sample = text_of(body)
    if _is_utf8(body) and not _utf8_by_accident(sample, declared):
        return "valid", "utf-8", 0
    return *_by_reading(sample, claims), 0


def text_of(body: bytes, limit: int = _SAMPLE) -> bytes:
    """Return the runs of bytes that bear text, a space between them, at most `limit` bytes from all over the page."""
    runs = _RUN.findall(body)
    total = sum(map(len, runs))
    if total > limit:
        # every n-th run, so that a banner in another charset at the top does not speak for the page
        step = max(1, -(-total // limit))
        runs = runs[::step]
    return b" ".join(runs)[: 2 * limit]


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return len(body) - error.start <= 3 and error.reason == "unexpected end of data"
    return True


def _utf8_by_accident(sample: bytes, declared: list[str]) -> bool:
    """Say whether a few bytes are UTF-8 by chance: a word or two of Chinese in the charset that is declared."""
    if len(sample) > 24 or "utf-8" in declared:
        return False
    as_utf8 = plausibility(sample.decode("utf-8", "replace"))
    return any(codec in FAMILIES and _score(sample, codec) > max(as_utf8, 0) + 0.3 for codec in declared)


def _score(sample: bytes, charset: str) -> float:
    return plausibility(sample.decode(charset, "replace"))


def _by_reading(sample: bytes, claims: list[tuple[str, str, str | None]]) -> tuple[str, str]:
    """Choose by which reading looks like text; near-ties go to the first declaration."""
    scores = {codec: _score(sample, codec) for codec in ("utf-8", *FAMILIES)}
    claimed = [(rule, codec) for rule, _, codec in claims if codec]
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
