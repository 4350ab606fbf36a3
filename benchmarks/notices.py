"""Fill in the forms of notices.toml: the same words, and other figures, dates and names each time."""

import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

BLANK = re.compile(r"\{(\w*)(\*?)(?::(\d+)-(\d+))?\}")


@dataclass(frozen=True, slots=True)
class Form:
    """One form; `after` tells that it was written after the thresholds of the comparison were set."""

    name: str
    text: str
    after: bool = False

    def fill(self, luck: random.Random) -> str:
        """Return a notice."""
        drawn: dict[str, str] = {}

        def draw(blank: re.Match[str]) -> str:
            name, anew, low, high = blank.groups()
            value = str(luck.randint(int(low), int(high))) if low else luck.choice(WORDS[name])
            return value if anew or not name else drawn.setdefault(name, value)

        return BLANK.sub(draw, self.text.strip())


_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
WORDS: dict[str, list[str]] = {name: words.split() for name, words in _DATA["words"].items()}
FORMS = tuple(Form(**form) for form in _DATA["form"])
