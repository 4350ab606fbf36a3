"""Make any number of Chinese articles with the word frequencies of real ones."""

import json
import os
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

DEMO = Path(__file__).parents[1] / "fangzhi" / "demo" / "texts"


def source() -> list[str]:
    """Return the texts to imitate: the real ones where FANGZHI_SHARED names them, else those of the demonstration."""
    if shared := os.environ.get("FANGZHI_SHARED"):
        lines = Path(shared, "corpus", "gold.jsonl").read_text("utf-8").splitlines()
        return ["\n".join(row["text"]) for line in lines if (row := json.loads(line)).get("text")]
    files = sorted(DEMO.glob("*.toml"))
    return [text for file in files for text in _strings(tomllib.loads(file.read_text("utf-8"))) if len(text) > 40]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


class Writer:
    """Write articles by a chain of characters learnt from the source; the same seed gives the same articles.

    Two characters decide the next, so that pairs, the terms of the index, are as frequent as in the source.
    """

    def __init__(self, seed: int = 1) -> None:
        self.luck = random.Random(seed)
        texts = source()
        self.lengths = [len(text) for text in texts]
        self.next: defaultdict[str, list[str]] = defaultdict(list)
        self.starts: list[str] = []
        for text in texts:
            plain = re.sub(r"\s+", "\n", text)
            self.starts.append(plain[:2])
            for place in range(len(plain) - 2):
                self.next[plain[place : place + 2]].append(plain[place + 2])

    def article(self) -> tuple[str, str]:
        """Return title and text."""
        size = self.luck.choice(self.lengths)
        text = self.luck.choice(self.starts)
        parts, draw, following = list(text), self.luck.random, self.next
        while len(parts) < size:
            choices = following.get(parts[-2] + parts[-1])
            parts += choices[int(draw() * len(choices))] if choices else self.luck.choice(self.starts)
        text = "".join(parts)
        return text[:24].replace("\n", ""), text
