"""Read the authored texts: one `Story` for each article of the demonstration web, from `texts/*.toml`."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What replaces the headline or the paragraphs of a story from a day of the demonstration on."""

    day: int
    title: str | None = None
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as its author wrote it, before any site dresses or damages it.

    `published` is local time, "2026-03-02 08:15" or a day alone. A line of `paragraphs` that begins with "|" is a
    row of a table, its cells parted by "|"; one that begins with "~" is a byline that stands alone. `day` is the day
    of the demonstration on which the story appears, `until` the last one on which it is there, `absent` are days
    between on which it is not, `edits` what replaced headline or paragraphs from a day on. `number`, `index`,
    `validity` and `attachment` (name of a file of the kind `attached`, whose lines are `enclosed`) belong to the
    notices of an office.
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
    absent: tuple[int, ...] = ()
    edits: tuple[Edit, ...] = ()
    number: str | None = None
    index: str | None = None
    validity: str | None = None
    attachment: str | None = None
    attached: str = "pdf"  # or docx, xlsx
    enclosed: tuple[str, ...] = ()

    def on(self, day: int) -> "Story":
        """Return the story as it reads on a day, with the edits that were made until then."""
        made = tuple(edit for edit in self.edits if edit.day <= day)
        title = next((edit.title for edit in reversed(made) if edit.title), self.title)
        paragraphs = next((edit.paragraphs for edit in reversed(made) if edit.paragraphs), self.paragraphs)
        return replace(self, title=title, paragraphs=paragraphs, edits=made)

    @property
    def printed(self) -> tuple[str, ...]:
        """Return the paragraphs as a page prints them, bylines included."""
        return tuple(line.removeprefix("~") for line in self.paragraphs)

    @property
    def text(self) -> tuple[str, ...]:
        """Return the paragraphs that are the article's text."""
        return tuple(line for line in self.paragraphs if not line.startswith("~"))

    @property
    def bylines(self) -> tuple[str, ...]:
        """Return the bylines that stand alone."""
        return tuple(line.removeprefix("~") for line in self.paragraphs if line.startswith("~"))

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
        body = lines(entry.pop("body"))
        edits = tuple(
            Edit(day=edit["day"], title=edit.get("title"), paragraphs=lines(edit.get("body", "")))
            for edit in entry.pop("edit", ())
        )
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        found.append(Story(**fields, paragraphs=body, edits=edits))
    return tuple(sorted(found, key=lambda story: (story.published, story.id), reverse=True))


def present(name: str, day: int) -> tuple[Story, ...]:
    """Return the stories of one text file that are to be read on a day, as they read then, newest first."""
    here = (one for one in stories(name) if one.day <= day <= (one.until or day) and day not in one.absent)
    return tuple(story.on(day) for story in here)
