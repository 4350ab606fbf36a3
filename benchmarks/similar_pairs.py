"""Make pairs of texts that are one text, or only look it, out of articles and invented notices."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import notices
from copies import COPIES


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, whether they are one text, and how they were made."""

    kind: str
    a: str
    b: str
    same: bool


def copied(texts: Sequence[str], others: Sequence[str], luck: random.Random, *, prefix: str = "") -> Iterator[Pair]:
    """Pair every text with a copy of each kind."""
    for text in texts:
        for change in COPIES:
            yield Pair(f"{prefix}{change.__name__}", text, change(text, luck, others), same=True)


def siblings(luck: random.Random, each: int) -> Iterator[Pair]:
    """Pair notices that were written on one form; a form that happens to say the same twice is drawn again."""
    for form in notices.FORMS:
        for _ in range(each):
            a = b = form.fill(luck)
            while a == b:
                b = form.fill(luck)
            yield Pair(f"form:{form.name}", a, b, same=False)


def next_days(luck: random.Random, each: int) -> Iterator[Pair]:
    """Pair a notice with the next one of the same office, in which only some of its figures moved."""
    for form in notices.FORMS:
        for _ in range(each):
            text = form.fill(luck)
            figures = list(re.finditer(r"\d+", text))
            if len(figures) < 4:
                continue
            after = text
            for found in sorted(luck.sample(figures, max(2, len(figures) // 3)), key=lambda found: -found.start()):
                after = f"{after[: found.start()]}{int(found[0]) + luck.randint(1, 9)}{after[found.end() :]}"
            yield Pair(f"next:{form.name}", text, after, same=False)


def akin(one: str, two: str) -> bool:
    """Say whether a fifth of either text stands in the other to begin with: such a pair says nothing either way."""
    ours, theirs = ({text[start : start + 5] for start in range(len(text) - 4)} for text in (one, two))
    return len(ours & theirs) > 0.2 * min(len(ours), len(theirs))


def sequels(texts: Sequence[str], luck: random.Random) -> Iterator[Pair]:
    """Pair a story with its sequel: news of its own, then up to 45 % of the old text as background."""
    for text, other in zip(texts, luck.sample(list(texts), len(texts)), strict=True):
        if akin(text, other) or len(other) < len(text) // 2:
            continue
        share = luck.uniform(0.2, 0.45)
        start = luck.randint(0, round(len(text) * (1 - share)))
        background = text[start : start + round(len(text) * share)]
        yield Pair(
            "sequel", text, other[: max(60, round(len(text) * luck.uniform(0.55, 0.9)))] + "\n" + background, same=False
        )


def same_leads(texts: Sequence[str], luck: random.Random) -> Iterator[Pair]:
    """Pair two stories that open with the same agency lead (up to 45 % of the shorter) and go on differently."""
    lot = list(texts)
    luck.shuffle(lot)
    for lead, one, two in zip(lot, lot[1:], lot[2:], strict=False):
        if akin(one, two):
            continue
        shorter = min(len(one), len(two))
        opening = lead[: round(shorter * luck.uniform(0.2, 0.8))]
        yield Pair("same lead", f"{opening}\n{one}", f"{opening}\n{two}", same=False)


def strangers(texts: Sequence[str], luck: random.Random) -> Iterator[Pair]:
    """Pair stories that have nothing to do with one another."""
    lot = list(texts)
    luck.shuffle(lot)
    for one, two in pairwise(lot):
        if not akin(one, two):
            yield Pair("unrelated", one, two, same=False)


def all_pairs(texts: Sequence[str], seed: int = 1) -> list[Pair]:
    """Return every kind of pair, the same for the same texts and seed."""
    luck = random.Random(seed)
    own = [form.fill(luck) for form in notices.FORMS for _ in range(12)]
    return [
        *copied(texts, texts, luck),
        *copied(own, texts, luck, prefix="notice "),
        *siblings(luck, 60),
        *next_days(luck, 30),
        *sequels(texts, luck),
        *same_leads(texts, luck),
        *strangers(texts, luck),
    ]


def corpus(path: Path) -> list[str]:
    """Return the texts of a corpus of JSON lines that hold `text` as a list of paragraphs."""
    return ["\n".join(json.loads(line)["text"]) for line in path.read_text("utf-8").splitlines()]
