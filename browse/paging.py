"""Walk through what a search found, page by page, from cursor to cursor."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple

from browse import cursors
from browse.archive import Archive
from browse.asking import Search
from browse.finding import Found, Hit, find
from browse.folding import Group, fold


class _Place(NamedTuple):
    """The key and the score of the last hit that was shown."""

    key: int
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found; `following` is the cursor of the next page, None at the end."""

    found: Found
    groups: tuple[Group, ...]
    following: str | None
    folded: bool


async def turn(archive: Archive, search: Search, *, cursor: str = "", size: int = 20, folded: bool = True) -> Page:
    """Return the page after a cursor; raise BadCursor.

    A search can be followed to its very end, however many hits it has: what is too much to weigh comes newest first.
    """
    kind = "date" if search.by_date else "relevance"
    place = _read(kind, cursor) if cursor else None
    found = await find(archive, search)
    hits, capped = found.hits, found.capped
    if place and found.capped and not place.score:
        hits, capped = await _further(archive, search, place.key, {hit.key for hit in found.hits if hit.score})
    groups = fold(hits) if folded else [Group(hit) for hit in hits]
    if place:
        groups = [group for group in groups if group.first.place > (place.score, -place.key)]
    shown = groups[:size]
    more = bool(groups[size:]) or (bool(shown) and capped)
    following = cursors.write(kind, shown[-1].first.key, shown[-1].first.score) if shown and more else None
    return Page(found, tuple(shown), following, folded)


async def _further(
    archive: Archive, search: Search, below: int, first: AbstractSet[int]
) -> tuple[tuple[Hit, ...], bool]:
    """Return the hits whose key lies below a given one, but those that came first; and whether there are still more."""
    while True:
        found = await find(archive, replace(search, order="date"), below=below)
        hits = tuple(hit for hit in found.hits if hit.key not in first)
        if hits or not found.hits or not found.capped:
            return hits, found.capped
        below = found.hits[-1].key


def _read(kind: str, cursor: str) -> _Place:
    """Return the place that a cursor names; raise BadCursor."""
    try:
        key, score = (*cursors.read(kind, cursor), 0)[:2]
        return _Place(int(key), float(score))
    except (ValueError, OverflowError):
        raise cursors.BadCursor(cursors.STRANGE) from None
