"""Read the authored texts: one `Story` for each article of the demonstration web, from `texts/*.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as its author wrote it, before any site dresses or damages it.

    `published` is local time, "2026-03-02 08:15" or a day alone. A line of `paragraphs` that begins with "|" is a
    row of a table, its cells parted by "|"; one that begins with "~" is a byline that stands alone. `day` is the day
    of the demonstration on which the story appears, `until` the last one on which it is there, `later` the paragraphs
    that replace it from day 2 on. `number`, `index`, `validity` and `attachment` (name of a file of
    the kind `attached`, whose lines are `enclosed`) belong to the notices of an office.
    """

    id: str
    title: str
    published: str
    paragraphs: tuple[str, ...]
    column: str = ""
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    lead: str | None = None
    day: int = 1
    until: int | None = None
    later: tuple[str, ...] = ()
    number: str | None = None
    index: str | None = None
    validity: str | None = None
    attachment: str | None = None
    attached: str = "pdf"  # or docx, xlsx
    enclosed: tuple[str, ...] = ()

    def printed(self, day: int) -> tuple[str, ...]:
        """Return the paragraphs as a page prints them on a day, bylines included."""
        return tuple(line.removeprefix("~") for line in self._lines(day))

    def text(self, day: int) -> tuple[str, ...]:
        """Return the paragraphs that are the article's text on a day."""
        return tuple(line for line in self._lines(day) if not line.startswith("~"))

    def bylines(self, day: int) -> tuple[str, ...]:
        """Return the bylines that stand alone on a day."""
        return tuple(line.removeprefix("~") for line in self._lines(day) if line.startswith("~"))

    def _lines(self, day: int) -> tuple[str, ...]:
        return self.later if day > 1 and self.later else self.paragraphs

    @property
    def dated(self) -> str:
        """Return the day of publication, "2026-03-02"."""
        return self.published[:10]

    @property
    def compact(self) -> str:
        """Return the day of publication as addresses hold it, "20260302"."""
        return self.dated.replace("-", "")


def lines(text: str) -> tuple[str, ...]:
    """Cut a block of text into its paragraphs, one a line, without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@cache
def stories(name: str) -> tuple[Story, ...]:
    """Return the stories of one text file, newest first."""
    entries: list[dict[str, Any]] = tomllib.loads((TEXTS / f"{name}.toml").read_text("utf-8"))["story"]
    found = []
    for entry in entries:
        body, later = lines(entry.pop("body")), lines(entry.pop("later", ""))
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        found.append(Story(**fields, paragraphs=body, later=later))
    return tuple(sorted(found, key=lambda story: (story.published, story.id), reverse=True))


def present(name: str, day: int) -> tuple[Story, ...]:
    """Return the stories of one text file that are to be read on a day, newest first."""
    return tuple(story for story in stories(name) if story.day <= day <= (story.until or day))
