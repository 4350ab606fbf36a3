"""Copy a text as those do who reprint it: cut, spliced, shuffled, turned into the other script, damaged.

Each change takes the text, a source of chance and other texts from which foreign sentences are taken.
"""

import random
import re
from collections.abc import Callable, Sequence

import notices
import opencc

from fangzhi.demo.damage import LISTS, converted, inject
from pipelines.repair import repair_text

SENTENCE = re.compile(r"[^。！？\n]*[。！？]?[”」]?\n?")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, with what ends them."""
    return [found for found in SENTENCE.findall(text) if found.strip()]


def cut(text: str, _luck: random.Random, _others: Sequence[str]) -> str:
    """Keep 60 % of the characters from the top."""
    return text[: round(len(text) * 0.6)]


def cut_anywhere(text: str, luck: random.Random, _others: Sequence[str]) -> str:
    """Keep 60 % of the characters from somewhere."""
    start = luck.randint(0, round(len(text) * 0.4))
    return text[start : start + round(len(text) * 0.6)]


def other_headline(text: str, luck: random.Random, others: Sequence[str]) -> str:
    """Put another headline and a line of the reprinting outlet before the text."""
    headline = luck.choice(sentences(luck.choice(others))).strip()[:24]
    return f"{headline}\n转载自网络 编辑：王{luck.choice(notices.WORDS['given'])}\n{text}"


def traditional(text: str, _luck: random.Random, _others: Sequence[str]) -> str:
    """Turn the text into the other script by machine, phrase by phrase."""
    return (_TO_SIMPLE if _TO_SIMPLE.convert(text) != text else _TO_TRADITIONAL).convert(text)


def wrapped(text: str, luck: random.Random, _others: Sequence[str]) -> str:
    """Break the text into lines of equal length, as mail and old pages do."""
    width = luck.randint(20, 40)
    joined = text.replace("\n", "")
    return "\n　".join(joined[start : start + width] for start in range(0, len(joined), width))


def shuffled(text: str, luck: random.Random, _others: Sequence[str]) -> str:
    """Put the paragraphs (the sentences of a text of one paragraph) into another order."""
    parts = text.split("\n")
    if len(parts) == 1:
        parts = sentences(text)
    luck.shuffle(parts)
    return "\n".join(part.strip() for part in parts)


def spliced(text: str, luck: random.Random, others: Sequence[str]) -> str:
    """Put sentences of other articles in between, until they are 20 % of the whole."""
    parts, foreign = sentences(text), 0
    while foreign < len(text) * 0.25:
        sentence = luck.choice(sentences(luck.choice(others)))[: max(12, len(text) // 4)]
        parts.insert(luck.randint(0, len(parts)), sentence)
        foreign += len(sentence)
    return "".join(parts)


def localised(text: str, luck: random.Random, _others: Sequence[str]) -> str:
    """Say the county's name for 我市 and the day for 昨日, and add a disclaimer, as a careful reprinter does."""
    county = luck.choice(notices.WORDS["county"])
    for near, far in (
        ("我市", county),
        ("我县", county),
        ("本报讯", "方志网讯"),
        ("昨日", "3月5日"),
        ("据悉", "据了解"),
    ):
        text = text.replace(near, far)
    return f"{county}新闻网讯 {text}\n特别提示：以上内容由网友上传，观点归其本人，本站概不负责。"


def damaged(text: str, luck: random.Random, others: Sequence[str]) -> str:
    """Damage one character in 80: misread, lost, or turned into its reading, as where repair could not help."""
    parts = list(text)
    for place in luck.sample(range(len(parts)), len(parts) // 80):
        if not parts[place].isdigit():
            parts[place] = luck.choice(("ji", "shi", "", "□", luck.choice(luck.choice(others))))
    return "".join(parts)


def injected_and_repaired(text: str, luck: random.Random, _others: Sequence[str]) -> str:
    """Turn it traditional, put readings between the bytes as a hijacked mirror does, and repair what that damaged."""
    return repair_text(inject(converted(text), luck.choice([make() for make in LISTS.values()]))).text


def cut_and_spliced(text: str, luck: random.Random, others: Sequence[str]) -> str:
    """Do both, in the other script."""
    return traditional(spliced(cut(text, luck, others), luck, others), luck, others)


_TO_TRADITIONAL = opencc.OpenCC("s2t")
_TO_SIMPLE = opencc.OpenCC("t2s")
COPIES: tuple[Callable[[str, random.Random, Sequence[str]], str], ...] = (
    cut,
    cut_anywhere,
    other_headline,
    traditional,
    wrapped,
    shuffled,
    spliced,
    localised,
    damaged,
    injected_and_repaired,
    cut_and_spliced,
)
