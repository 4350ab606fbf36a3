"""Lay out what several sites share: list pages cut into numbers, neighbours, related stories."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from fangzhi.demo.site import Site
from fangzhi.demo.story import Story

Item = TypeVar("Item")
Linked = tuple[Story, str]


def listings(
    site: Site, items: Sequence[Item], names: Callable[[int], str], *, size: int, **values: object
) -> list[str]:
    """Answer the pages of one column, `size` items to a page; `names(1)` is the path of the first. Return the paths."""
    pages = max(1, -(-len(items) // size))
    paths = [names(number) for number in range(1, pages + 1)]
    for number, path in enumerate(paths, start=1):
        part = items[(number - 1) * size : number * size]
        site.listing(path, "list", entries=part, number=number, pages=pages, names=paths, **values)
    return paths


def neighbours(items: Sequence[Item], place: int) -> tuple[Item | None, Item | None]:
    """Return the items before and after a place, None at the ends."""
    before = items[place - 1] if place else None
    after = items[place + 1] if place + 1 < len(items) else None
    return before, after


def article(site: Site, story: Story, path: str, **changes: object) -> None:
    """Record what is true of a story that a site prints as it was written, but for `changes`."""
    fields: dict[str, object] = {
        "title": story.title,
        "date": story.published,
        "source": story.source,
        "authors": story.authors,
        "editors": story.editors,
        "paragraphs": rows_joined(story.text),
        "optional": story.bylines,
        "lead": story.lead,
        "keywords": story.keywords,
    }
    site.truth(path, "notice" if story.index else "article", **{**fields, **changes})


def rows_joined(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Turn the rows of tables among paragraphs into lines, cells parted by a space."""
    return tuple(" ".join(cells(line)) if line.startswith("|") else line for line in paragraphs)


def cells(line: str) -> list[str]:
    """Cut a row of a table, as texts hold it, into its cells."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def blocks(paragraphs: tuple[str, ...]) -> list[tuple[str, object]]:
    """Group paragraphs into ("line", text) and ("table", rows of cells)."""
    found: list[tuple[str, object]] = []
    rows: list[list[str]] = []
    for line in (*paragraphs, ""):
        if line.startswith("|"):
            rows.append(cells(line))
            continue
        if rows:
            found.append(("table", rows))
            rows = []
        if line:
            found.append(("line", line))
    return found
