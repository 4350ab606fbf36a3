"""Find which addresses lead to one article: a redirect from where a text stood to where the same text stands.

A redirect to another text is no move: who asked for the article did not get it. That the texts are one is asked of all
that was ever read at both addresses, so that what was found to have moved stays so whatever else is found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from pipelines.history import Look
from pipelines.outcome import Kind

HOPS = 5  # redirects one after another


@dataclass(frozen=True, slots=True)
class Found:
    """One article: its permanent id, all looks at it, and the pages without a text of their own that lead to it."""

    id: str
    looks: tuple[Look, ...]
    doors: tuple[str, ...]


def articles_of(looks: Mapping[str, Iterable[Look]], same: Callable[[str, str], bool]) -> list[Found]:
    """Return the articles that some pages make up, by their looks; pages that hang together are to be given together.

    The id of an article is that of the page where it was read first. `same` says whether two contents are one text. A
    redirect from a page to others than those of its article is a look that found it missing.
    """
    own = {page: sorted(given) for page, given in looks.items()}
    read = {
        page: sorted({one.content for one in given if one.kind == Kind.ARTICLE and one.content})
        for page, given in own.items()
    }
    edges = {page: {one.leads_to for one in given if one.leads_to} for page, given in own.items()}
    reached = {page: [one for one in _reached(page, edges) if read.get(one)] for page in sorted(own)}
    group = {page: page for page in own if read[page]}
    for page in sorted(group):
        for other in reached[page]:
            if any(same(one, two) for one in read[page] for two in read[other]):
                group = {name: group[page] if root == group[other] else root for name, root in group.items()}
    members, doors = defaultdict(list), defaultdict(list)
    for page in sorted(own):
        if read[page]:
            members[group[page]].append(page)
        elif reached[page]:  # the nearest text is what it leads to
            doors[group[reached[page][0]]].append(page)
    found = []
    for root, pages in members.items():
        first = min((one.at, page) for page in pages for one in own[page] if one.kind == Kind.ARTICLE and one.content)
        mine = tuple(one for page in pages for one in _judged(own[page], set(pages), reached[page]))
        found.append(Found(first[1], mine, tuple(doors[root])))
    return sorted(found, key=lambda one: one.id)


def _reached(page: str, edges: Mapping[str, set[str]]) -> list[str]:
    """Return the pages that redirects lead to from a page, the nearest first."""
    seen, here = {page: 0}, [page]
    for hop in range(1, HOPS + 1):
        here = sorted({target for one in here for target in edges.get(one, ())} - seen.keys())
        seen.update(dict.fromkeys(here, hop))
    return sorted(seen.keys() - {page}, key=lambda one: (seen[one], one))


def _judged(looks: Iterable[Look], pages: set[str], reached: Iterable[str]) -> Iterable[Look]:
    """Yield looks; a redirect that leads to other texts alone found the article missing."""
    elsewhere = bool(list(reached)) and not pages & set(reached)
    for look in looks:
        yield replace(look, kind=Kind.GONE) if look.leads_to and elsewhere else look
