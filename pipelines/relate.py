"""Rank the copies of one text by how probably each is the original."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.outlet import Kind as OutletKind
from pipelines.fingerprint import squeezed
from pipelines.table import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One article of a cluster with what speaks for or against it as the original.

    `names` are the outlet's name and aliases, `named_by` counts the other outlets' copies that name it as source.
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
    named_by: int = 0


Score = Callable[[Copy], int | str]
KINDS = (*list(OutletKind)[:5], None, *list(OutletKind)[5:])  # an unknown outlet stands before farms, mills, mirrors


def named_as_source(copy: Copy) -> int:
    """Prefer the outlet that other copies name as their source."""
    return -copy.named_by


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


ORIGINAL: tuple[Score, ...] = (named_as_source, kind_of_outlet, printed_time, first_sight, damage)


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
    counted = [_with_named_by(copy, copies) for copy in copies]
    ordered = sorted(counted, key=lambda copy: (*(score(copy) for score in ORIGINAL), copy.article))
    ranked = []
    for place, copy in enumerate(ordered):
        other = ordered[0] if place else ordered[1] if len(ordered) > 1 else copy
        rule = next((score.__name__ for score in ORIGINAL if score(copy) != score(other)), "id")
        values = {score.__name__: score(copy) for score in ORIGINAL}
        values["named_as_source"] = copy.named_by
        ranked.append(Ranked(copy=copy, is_original=place == 0, rule=rule, values=values))
    return ranked


def is_named(source: str | None, names: Iterable[str]) -> bool:
    """Say whether a printed source (来源) names an outlet of these names."""
    printed = squeezed(source or "")
    return any(name in printed for name in map(squeezed, names) if name)


def _with_named_by(copy: Copy, copies: Sequence[Copy]) -> Copy:
    count = sum(is_named(other.source, copy.names) for other in copies if other.outlet != copy.outlet)
    return replace(copy, named_by=count)
