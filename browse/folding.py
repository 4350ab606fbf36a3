"""Fold the copies of one text into one entry, and read the entries of a page."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from browse.archive import Archive
from browse.attached import found_in_files
from browse.entries import Entry, by_ids
from browse.finding import Hit
from browse.marks import excerpt, marked

COPIES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Group:
    """A text that was found: its first hit, which gives it its place, and the copies that were found too."""

    first: Hit
    copies: tuple[Hit, ...] = ()

    def members(self, originals: AbstractSet[str]) -> list[Hit]:
        """Return all hits, the probable original before the others where it was found."""
        return sorted((self.first, *self.copies), key=lambda hit: hit.id not in originals)


def fold(hits: Iterable[Hit]) -> list[Group]:
    """Return hits with the copies of one text folded under the first of them, in their order."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.cluster or hit.id, []).append(hit)
    return [Group(first, tuple(copies)) for first, *copies in groups.values()]


async def entries_of(archive: Archive, groups: Sequence[Group], words: str) -> list[Entry]:
    """Return the entries of some groups, in their order, marked with what was searched."""
    originals = await _originals(archive, groups)
    members = [group.members(originals)[: COPIES_SHOWN + 1] for group in groups]
    known = await by_ids(archive, [hit.id for hits in members for hit in hits])
    texts = await _texts(archive, [hits[0].id for hits in members]) if words else {}
    whole = {name: f"{known[name].title}\n{text}" for name, text in texts.items() if name in known}
    files = await found_in_files(archive, whole, words) if words else {}
    shown = []
    for group, (first, *others) in zip(groups, members, strict=True):
        entry = known.get(first.id)
        if entry is None:
            continue
        copies = tuple(known[copy.id] for copy in others if copy.id in known)
        entry = replace(entry, copies=copies, copies_count=len(group.copies))
        if words:
            file = files.get(entry.id)
            part = excerpt(file.text if file else texts[entry.id], words)
            found_in = file.name if file else None
            entry = replace(entry, headline=marked(entry.title, words), snippet=part, found_in=found_in)
        shown.append(entry)
    return shown


async def _originals(archive: Archive, groups: Sequence[Group]) -> set[str]:
    """Return the probable originals of the texts of which several copies were found."""
    clusters = [group.first.cluster for group in groups if group.copies]
    marks = ",".join("?" * len(clusters))
    sql = f"select article from reprints where cluster in ({marks}) and is_original"  # noqa: S608
    return {row["article"] for row in await archive.rows(sql, clusters)} if clusters else set()


async def _texts(archive: Archive, ids: Sequence[str]) -> dict[str, str]:
    marks = ",".join("?" * len(ids))
    rows = await archive.rows(f"select id, text from articles where id in ({marks})", list(ids))  # noqa: S608
    return {row["id"]: row["text"] for row in rows}
