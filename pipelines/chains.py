"""Tell from which copy each copy of a text was probably taken: A from B, B from C.

PARENTS are asked in turn; the first that knows a copy decides. Whatever it says, no copy descends from itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.relate import Copy, names_as_source, printed_time

Shares = Callable[[str, str], float | None]  # two articles → share of their joint text that both have, where known


@dataclass(frozen=True, slots=True)
class Taken:
    """The copy that another one was taken from, and the rule that says so."""

    article: str
    rule: str


def link_named(copy: Copy, others: Sequence[Copy], shares: Shares) -> Copy | None:  # noqa: ARG001  (as all of PARENTS)
    """The copy whose address its page links to as the original, or where its source is named."""
    return next((one for one in others if one.article in copy.links), None)


def source_named(copy: Copy, others: Sequence[Copy], shares: Shares) -> Copy | None:  # noqa: ARG001  (as all of PARENTS)
    """The outlet that the copy names as its source (来源), in words or by a link to its site."""
    return next((one for one in others if names_as_source(copy, one)), None)


def closest_before(copy: Copy, others: Sequence[Copy], shares: Shares) -> Copy | None:
    """The copy printed earlier that shares most of the text with it; of equals the more probable original."""
    printed, name = printed_time(copy), copy.article
    shared = ((shares(name, one.article), one) for one in others if printed_time(one) < printed)
    known = [(round(share, 2), one) for share, one in shared if share is not None]
    return max(known, key=lambda found: found[0], default=(0.0, None))[1]


def original(copy: Copy, others: Sequence[Copy], shares: Shares) -> Copy | None:  # noqa: ARG001
    """The probable original."""
    return others[0]


PARENTS: tuple[Callable[[Copy, Sequence[Copy], Shares], Copy | None], ...] = (
    link_named, source_named, closest_before, original,
)  # fmt: skip


def chain(copies: Sequence[Copy], shares: Shares) -> dict[str, Taken]:
    """Return where each copy but the first was taken from; `copies` come in order of rank, the original first."""
    taken: dict[str, Taken] = {}
    for place, copy in enumerate(copies):
        if place == 0:
            continue
        others = [one for one in copies if one is not copy and not _descends(one.article, copy.article, taken)]
        for rule in PARENTS:
            if parent := rule(copy, others, shares):
                taken[copy.article] = Taken(parent.article, rule.__name__)
                break
    return taken


def _descends(article: str, ancestor: str, taken: Mapping[str, Taken]) -> bool:
    while article in taken:
        article = taken[article].article
        if article == ancestor:
            return True
    return False
