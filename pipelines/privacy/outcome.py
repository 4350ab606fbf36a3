"""Mask what was read of a capture, with all that is derived from its text, before it is stored."""

from collections import Counter
from dataclasses import replace

from pipelines.fingerprint import content_digest, fingerprint
from pipelines.outcome import Outcome, Reading
from pipelines.privacy.mask import mask, mask_article
from pipelines.segment import cut
from pipelines.similar.sketch import signature


def masked(outcome: Outcome) -> Outcome:
    """Return an outcome whose article or file names no number of a private person; `masks` counts them by rule.

    Digests, terms and sketch are those of the masked text: nothing that is stored tells the number, or finds it.
    """
    if outcome.reading is not None:
        reading, counts = _reading(outcome.reading)
        return replace(outcome, reading=reading, masks=_sorted(counts)) if counts else outcome
    if outcome.attachment is not None:
        text, spans = mask(outcome.attachment.text)
        if spans:
            counts = Counter(span.rule for span in spans)
            return replace(
                outcome, attachment=replace(outcome.attachment, text=text, repairs=()), masks=_sorted(counts)
            )
    return outcome


def _reading(reading: Reading) -> tuple[Reading, Counter[str]]:
    article, counts = mask_article(reading.article)
    if not counts:
        return reading, counts
    derived = replace(
        reading,
        article=article,
        content=content_digest(article.title, article.text),
        fingerprint=fingerprint(article.text),
        terms=(cut(article.title or ""), cut(article.text)),
        sketch=signature(article.text),
    )
    return derived, counts


def _sorted(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items()))
