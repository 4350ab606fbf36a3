"""Tell from which copy each copy of a text was probably taken: A from B, B from C.

PARENTS are asked in turn; the first that knows a copy decides. Whatever it says, no copy descends from itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.relate import Copy, named_as_sources, printed_time

Shares = Callable[[str, str], float | None]  # two articles → share of their joint text that both have, where known


@dataclass(frozen=True, slots=True)
class Taken:
    """The copy that another one was taken from, and the rule that says so."""

    article: str
    rule: str


@dataclass(frozen=True, slots=True)
class Company:
    """The copies of one text, by article and in order of rank, the original first; what they share, whom they name.

    `taken` is what is known already of whom each was taken from.
    """

    copies: Mapping[str, Copy]
    shares: Shares
    named: Mapping[str, Sequence[str]]
    taken: dict[str, Taken]

    def first(self, articles: Iterable[str], copy: Copy) -> str | None:
        """Return the first article from which a copy may have been taken: not itself, and none taken from it."""
        return next((one for one in articles if one != copy.article and not self._descends(one, copy.article)), None)

    def _descends(self, article: str, ancestor: str) -> bool:
        while article in self.taken:
            article = self.taken[article].article
            if article == ancestor:
                return True
        return False


def link_named(copy: Copy, company: Company) -> str | None:
    """The copy whose address its page links to as the original, or where its source is named."""
    return company.first((one for one in company.copies if one in copy.links), copy) if copy.links else None


def source_named(copy: Copy, company: Company) -> str | None:
    """The outlet that the copy names as its source (来源), in words or by a link to its site."""
    return company.first(company.named[copy.article], copy)


def closest_before(copy: Copy, company: Company) -> str | None:
    """The copy printed earlier that shares most of the text with it; of equals the more probable original."""
    printed = printed_time(copy)
    best, most = None, 0.0
    for one, other in company.copies.items():
        if printed_time(other) < printed and (share := company.shares(copy.article, one)) is not None:
            share = round(share, 2)
            if share > most and company.first([one], copy):
                best, most = one, share
            if most == 1:
                break
    return best


def original(copy: Copy, company: Company) -> str | None:
    """The probable original."""
    return company.first(company.copies, copy)


PARENTS: tuple[Callable[[Copy, Company], str | None], ...] = (link_named, source_named, closest_before, original)


def chain(copies: Sequence[Copy], shares: Shares) -> dict[str, Taken]:
    """Return where each copy but the first was taken from; `copies` come in order of rank, the original first."""
    company = Company({one.article: one for one in copies}, shares, named_as_sources(copies), {})
    for copy in copies[1:]:
        for rule in PARENTS:
            if parent := rule(copy, company):
                company.taken[copy.article] = Taken(parent, rule.__name__)
                break
    return company.taken
