"""Rank the copies of one text by how probably each is the original."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from crawler.outlet import Kind as OutletKind
from pipelines.fingerprint import squeezed
from pipelines.table import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One article of a cluster with what speaks for or against it as the original.

    `names` are the outlet's name and aliases, `site` is the host it stands on. `links` are the articles that its page
    names by address as those it was taken from, `sites` the hosts of such addresses that are of no article here.
    `named_by` counts the other outlets' copies that name this one as source, `linked_by` those whose links, followed
    to the end, lead here.
    """

    article: str
    outlet: str | None
    names: tuple[str, ...]
    kind: str | None
    source: str | None
    published_at: str | None
    exact: bool
    first_seen: str
    repairs: int
    site: str = ""
    links: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    named_by: int = 0
    linked_by: int = 0


Score = Callable[[Copy], int | str]
KINDS = (*list(OutletKind)[:5], None, *list(OutletKind)[5:])  # an unknown outlet stands before farms, mills, mirrors


def named_as_source(copy: Copy) -> int:
    """Prefer the outlet that most other copies name as their source, in words or by a link to it."""
    return -copy.named_by


def linked_as_original(copy: Copy) -> int:
    """Prefer the article that most links of other copies lead to: an address says more than a name."""
    return -copy.linked_by


def kind_of_outlet(copy: Copy) -> int:
    """Prefer who writes over who copies: government and papers before portals, farms and mirrors last."""
    return KINDS.index(OutletKind(copy.kind) if copy.kind else None)


def printed_time(copy: Copy) -> str:
    """Prefer the earliest printed time; a bare date counts as the end of its day."""
    if copy.published_at is None:
        return "9999"
    return copy.published_at if copy.exact else stamp(datetime.fromisoformat(copy.published_at) + timedelta(days=1))


def first_sight(copy: Copy) -> str:
    """Prefer what this archive saw first."""
    return copy.first_seen


def damage(copy: Copy) -> int:
    """Prefer the copy that needed the fewest repairs."""
    return copy.repairs


ORIGINAL: tuple[Score, ...] = (
    named_as_source, linked_as_original, kind_of_outlet, printed_time, first_sight, damage,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A copy with its rank as the probable original (0 is it), the rule that put it there, and all values compared."""

    copy: Copy
    is_original: bool
    rule: str
    values: dict[str, int | str]


def rank(copies: Sequence[Copy]) -> list[Ranked]:
    """Order copies of one text by how probably each is the original; the first is it.

    Each one's `rule` is the first that told it from the best (the best itself: from the second).
    """
    counted = _counted(copies)
    ordered = sorted(counted, key=lambda copy: (*(score(copy) for score in ORIGINAL), copy.article))
    ranked = []
    for place, copy in enumerate(ordered):
        other = ordered[0] if place else ordered[1] if len(ordered) > 1 else copy
        rule = next((score.__name__ for score in ORIGINAL if score(copy) != score(other)), "id")
        values = {score.__name__: score(copy) for score in ORIGINAL}
        values |= {"named_as_source": copy.named_by, "linked_as_original": copy.linked_by}
        ranked.append(Ranked(copy=copy, is_original=place == 0, rule=rule, values=values))
    return ranked


def is_named(source: str | None, names: Iterable[str]) -> bool:
    """Say whether a printed source (来源) names an outlet of these names."""
    printed = squeezed(source or "")
    return any(name in printed for name in map(squeezed, names) if name)


def named_as_sources(copies: Sequence[Copy]) -> dict[str, list[str]]:
    """Return for each copy, by its article, those of outlets that it names as its source, in the order of `copies`.

    An outlet is named in words, or by a link to its site. Many copies stand in few outlets, and print few sources.
    """
    faces: defaultdict[tuple[str | None, tuple[str, ...], str], list[int]] = defaultdict(list)
    for place, copy in enumerate(copies):
        faces[copy.outlet, copy.names, copy.site].append(place)
    in_words: dict[str | None, set[tuple[str, ...]]] = {
        source: {names for _, names, _ in faces if is_named(source, names)} for source in {one.source for one in copies}
    }
    return {
        copy.article: [
            copies[place].article
            for place in sorted(
                place
                for (outlet, names, site), places in faces.items()
                if outlet != copy.outlet and (names in in_words[copy.source] or site in copy.sites)
                for place in places
            )
        ]
        for copy in copies
    }


def _counted(copies: Sequence[Copy]) -> list[Copy]:
    """Return copies with the numbers of others that name each, or whose links lead to it.

    Where a copy names one outlet and links to another's article, it took the text there and says whose it is: the link
    is not counted then.
    """
    known = {one.article: one for one in sorted(copies, key=lambda one: one.article)}
    named = named_as_sources(list(known.values()))
    ends = {one: _end(copy, known, named) for one, copy in known.items()}
    named_by = Counter(chain.from_iterable({*named[one], ends[one]} for one in known))
    linked_by = Counter(ends.values())
    return [replace(copy, named_by=named_by[copy.article], linked_by=linked_by[copy.article]) for copy in copies]


def _end(copy: Copy, known: Mapping[str, Copy], named: Mapping[str, Sequence[str]]) -> str | None:
    """Return the article to which a copy's link leads, and on from there what is linked or named as the source.

    None where a copy links to no other, where that is not what it names, and where the way is a circle.
    """
    step = _linked(copy, known)
    way = [copy.article]
    while step:
        if step in way:
            return None
        way.append(step)
        step = _linked(known[step], known) or next(iter(named[step]), None)
    agreed = not named[copy.article] or bool({*way[1:2], way[-1]} & set(named[copy.article]))
    return way[-1] if len(way) > 1 and agreed and known[way[-1]].outlet != copy.outlet else None


def _linked(copy: Copy, known: Mapping[str, Copy]) -> str | None:
    """Return the first other copy that one links to."""
    return next((one for one in copy.links if one in known and one != copy.article), None)
