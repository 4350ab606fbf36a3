"""Hold what a reader took out of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The lines of a file in reading order; a row of a table is one line, its cells parted by a space.

    `pages` is the number of its pages or sheets, None where it has none before it is printed. `cut` says in words
    where reading stopped before the end. `empty` says what it means when no line holds a character.
    """

    lines: tuple[str, ...]
    pages: int | None = None
    cut: str | None = None
    empty: str = "no text in it"
