"""Find the places that a text is about: divisions of China by their codes, the main one first, with the evidence."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from pipelines.fold import fold
from pipelines.places.context import factor
from pipelines.places.deixis import WEIGHT, self_mentions
from pipelines.places.names import find
from pipelines.places.regions import Level, name_path, region_of, regions
from pipelines.places.resolve import qualifies, resolve
from pipelines.places.weigh import Weighed, enough, main_region, others, own_weights, plain_weight, total_weights

__all__ = ["Match", "Place", "name_path", "places_of", "region_of", "regions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One piece of evidence: words of the title or the text, as they stand there.

    `start` is their offset (characters) in the title or in the text, as `part` says. `weight` is what they count,
    `why` the form of the name, what decided its meaning, and what made it weigh more or less.
    """

    part: Literal["title", "text"]
    start: int
    words: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A division that a text is about. `score` is the weight of all that is said of it and of its parts."""

    code: str
    name: str
    level: Level
    score: float
    matches: tuple[Match, ...]


def places_of(text: str, title: str | None = None, outlet_region: str | None = None) -> tuple[Place, ...]:
    """Return the places that an article is about, the main one first; none where it is about no place or about many.

    `outlet_region` is the code of the outlet's region: it decides between places of one name and says what 我县
    means; an unknown code counts as none, and a code alone makes no place. Either script is read. A place named in
    passing is not returned, nor are the province and prefecture of a place that is.

    >>> [place.name for place in places_of("天津市和平区昨日召开会议。和平区卫健委介绍了情况。")]
    ['和平区']
    >>> places_of("世界和平与发展是共同的愿望。")
    ()
    """
    article = _Article(f"{title}\n" if title else "", text)
    weighed: list[Weighed] = []
    evidence: dict[str, list[Match]] = {}
    mentions = resolve(find(article.folded), article.folded, outlet_region)
    for mention, after in zip_longest(mentions, mentions[1:]):
        times, rules = factor(mention, article.folded, qualifies=qualifies(mention, after, article.folded))
        start, end, name = mention.hit.start, mention.hit.end, mention.hit.name
        weight = plain_weight(name.form, start, len(article.head)) * times
        weighed.append(Weighed(mention.code or name.text, weight, start < len(article.head), mention.code is not None))
        if mention.code and weight:
            match = article.match(start, end, weight, ", ".join((mention.why, *rules)))
            evidence.setdefault(mention.code, []).append(match)
    if outlet_region is not None and outlet_region in regions():
        for code, start, end in self_mentions(article.folded, outlet_region):
            weighed.append(Weighed(code, WEIGHT, start < len(article.head), is_region=True))
            evidence.setdefault(code, []).append(article.match(start, end, WEIGHT, "the outlet's word for itself"))
    own, rivals = own_weights(weighed)
    least = enough(len(text))
    main = main_region(own, rivals, least)
    if main is None:
        return ()
    totals = total_weights(own)
    return tuple(_place(code, totals[code], evidence) for code in (main, *others(own, main, least)))


class _Article:
    """The title and text of an article as one, with the line between them remembered."""

    def __init__(self, head: str, text: str) -> None:
        self.head = head
        self.whole = head + text
        self.folded = fold(self.whole)

    def match(self, start: int, end: int, weight: float, why: str) -> Match:
        in_title = start < len(self.head)
        return Match(
            part="title" if in_title else "text",
            start=start if in_title else start - len(self.head),
            words=self.whole[start:end],
            weight=round(weight, 2),
            why=why,
        )


def _place(code: str, score: float, evidence: dict[str, list[Match]]) -> Place:
    region = regions()[code]
    matches = tuple(evidence.get(code, ()))
    return Place(code=code, name=region.name, level=region.level, score=round(score, 2), matches=matches)
