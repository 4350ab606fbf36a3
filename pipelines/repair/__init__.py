"""Undo damage to text, by a log that can be read and reversed."""

from collections.abc import Sequence

from pipelines.records import Page, Repair


def repair_page(page: Page) -> Page:
    """Return the page with the damage of its text undone."""
    return page


def repair_lines(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[Repair, ...]]:
    """Return the lines with their line structure restored, and the log."""
    return tuple(lines), ()
