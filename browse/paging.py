"""Walk through what a search found, page by page, from cursor to cursor."""

from dataclasses import dataclass, replace

from browse import cursors
from browse.archive import Archive
from browse.asking import Search
from browse.finding import Found, find
from browse.folding import Group, fold


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found; `following` is the cursor of the next page, None at the end."""

    found: Found
    groups: tuple[Group, ...]
    following: str | None
    folded: bool


async def turn(archive: Archive, search: Search, *, cursor: str = "", size: int = 20, folded: bool = True) -> Page:
    """Return the page after a cursor; raise BadCursor.

    A search can be followed to its very end, however many hits it has: what is too much to rank stands newest first.
    """
    kind = "date" if search.by_date else "relevance"
    place = cursors.read(kind, cursor) if cursor else []
    found = await find(archive, search)
    if place and found.capped:
        further = await find(archive, replace(search, order="date"), below=int(place[0]))
        found = replace(further, total=found.total)
    groups = fold(found.hits) if folded else [Group(hit) for hit in found.hits]
    if place:
        groups = [group for group in groups if _after(group, place, ranked=found.ranked)]
    shown = groups[:size]
    more = bool(groups[size:]) or (bool(shown) and found.capped)
    following = cursors.write(kind, *_place(shown[-1], ranked=found.ranked)) if shown and more else None
    return Page(found, tuple(shown), following, folded)


def _place(group: Group, *, ranked: bool) -> tuple[float, ...]:
    return (group.first.key, group.first.score) if ranked else (group.first.key,)


def _after(group: Group, place: list[float], *, ranked: bool) -> bool:
    if ranked and len(place) == 2:
        return group.first.place > (place[1], -place[0])
    return group.first.key < place[0]
