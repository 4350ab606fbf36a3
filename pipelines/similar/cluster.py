"""Group linked articles into clusters, the same whatever order they came in.

Clusters are the connected components of the links, so that a chain (C cut from B, B cut from A, A and C with too
little in common) stays one cluster. Two things keep chains honest. A link asks for more than half of both texts, so
no article can tie two that share nothing with one another. And links are taken from the closest to the farthest; one
that would bring together two notices written on one form is left out: a copy so cut that it fits both joins the one
that it resembles more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pipelines.similar.index import Index, Link


def clusters(
    links: Iterable[Link], *, sizes: Mapping[str, int], apart: Callable[[str, str], bool] = lambda _a, _b: False
) -> list[tuple[str, ...]]:
    """Return the clusters, each as its article ids in order; the first of them names the cluster.

    `sizes` gives the length (characters) of every linked article, `apart` says whether two articles are known to be
    different texts; it is asked for the longest articles of two groups that are about to become one.

    >>> links = [Link("a", "b", 0.9), Link("b", "c", 0.6), Link("x", "y", 0.8)]
    >>> sizes = {"a": 90, "b": 50, "c": 80, "x": 10, "y": 9}
    >>> clusters(links, sizes=sizes)
    [('a', 'b', 'c'), ('x', 'y')]
    >>> clusters(links, sizes=sizes, apart=lambda one, two: {one, two} == {"a", "c"})
    [('a', 'b'), ('x', 'y')]
    """
    group: dict[str, list[str]] = {}  # of each article; the longest of a group comes first in it
    for link in sorted(links, key=lambda link: (-link.similarity, link.a, link.b)):
        one, two = group.setdefault(link.a, [link.a]), group.setdefault(link.b, [link.b])
        if one is two or apart(*sorted((one[0], two[0]))):
            continue
        longest = min(one[0], two[0], key=lambda member: (-sizes[member], member))
        smaller, larger = sorted((one, two), key=len)
        larger += smaller
        place = larger.index(longest)
        larger[0], larger[place] = larger[place], larger[0]
        group.update(dict.fromkeys(smaller, larger))
    distinct = {id(members): members for members in group.values()}
    return sorted(tuple(sorted(members)) for members in distinct.values() if len(members) > 1)


def clusters_in(index: Index, links: Sequence[Link]) -> list[tuple[str, ...]]:
    """Return the clusters that some links make: all of a component, as that of articles that were just added.

    Of an article that is in none of the clusters returned the old cluster, if it had one, is to be taken away.
    """
    sizes = {article: index.size(article) for article in ends(links)}
    return clusters(links, sizes=sizes, apart=index.on_one_form)


def ends(links: Iterable[Link]) -> set[str]:
    """Return the articles that hang on some links."""
    return {end for link in links for end in (link.a, link.b)}
