"""Say whether two texts are one text, with what they share and where they differ.

Overlap is counted over shingles, as resemblance and containment (A. Broder, On the resemblance and containment of
documents, 1997). Two thresholds stand on measured ground, see benchmarks/similar.py: a copy cut to 60 % and spliced
with a fifth of foreign sentences has more than HALF of either text in the other, a sequel with all its background less.
"""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.similar.differ import Compared, compare
from pipelines.similar.difference import Difference, Kind
from pipelines.similar.normal import Normal

HALF = 0.5  # more than this share of each text stands in the other: so two copies of a third always share some of it
MOST = 0.6  # and this share of one of them
TRACE = 0.1  # of either is more than stock phrases
SOME = 0.3  # below this nothing is said of what differs
FORM = 0.11  # of what stands in the same place: genuine copies seldom have more, notices on one form from 0.13
FIGURES = 0.2  # of the figures alone, where at least two differ: a long form with few figures
SLOT = 50  # characters of shared text that count as one figure that agrees
WEIGHTS = {Kind.FIGURE: 1.0, Kind.DATE: 1.0, Kind.PLACE: 1.0, Kind.NAME: 0.5, Kind.CHARACTER: 0.15}


class Relation(StrEnum):
    """Name how two texts stand to one another."""

    SAME = "same"  # one text, whole or in large part
    FORM = "form"  # two notices written on one form
    PART = "part"  # some text is shared, too little to be one text: a sequel, an excerpt, an agency's lead
    OTHER = "other"  # nothing to speak of is shared


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two texts stand to one another, and why.

    `similarity` is the share of their joint text that both have (Jaccard), `of_a` and `of_b` the share of each that
    stands in the other (containment). `differing` is the share of what stands in the same place and says something
    else; it is looked into only where enough is shared.
    """

    relation: Relation
    similarity: float
    of_a: float
    of_b: float
    differing: float = 0.0
    agreeing: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def similar(self) -> bool:
        """Say whether the two are one text."""
        return self.relation is Relation.SAME

    @property
    def evidence(self) -> str:
        """Return the reasons in one line.

        >>> day = "昨日全县新增病例{}例，请广大居民继续做好个人防护，不信谣、不传谣。现有在院{}例。"
        >>> print(same_text(day.format(12, 7), day.format(15, 7)).evidence)
        84 % of one text, 84 % of the other; 1 figures agree; figure: 昨日全县新增病例[12 | 15]
        """
        shared = f"{self.of_a:.0%} of one text, {self.of_b:.0%} of the other".replace("%", " %")
        return "; ".join((shared, f"{self.agreeing} figures agree", *map(str, self.differences)))


def same_text(a: str | Normal, b: str | Normal) -> Verdict:
    r"""Compare two texts in their normal form; give `Normal` where a text is compared many times.

    >>> same_text("於是縣裏發了通知。", "于是县里发了\n通知").similar
    True
    """
    one, two = (text if isinstance(text, Normal) else Normal.of(text) for text in (a, b))
    if one.plain == two.plain:
        return Verdict(Relation.SAME, 1.0, 1.0, 1.0)
    shared = len(one.shingles & two.shingles)
    of_a, of_b = shared / max(len(one.shingles), 1), shared / max(len(two.shingles), 1)
    similarity = overlap(one, two)
    if min(of_a, of_b) < SOME:
        return Verdict(Relation.PART if max(of_a, of_b) > TRACE else Relation.OTHER, similarity, of_a, of_b)
    compared = compare(one, two)
    differing = _differing(compared, shared)
    if differing > FORM or _figures_differ(compared):
        relation = Relation.FORM
    else:
        relation = Relation.SAME if min(of_a, of_b) > HALF and max(of_a, of_b) >= MOST else Relation.PART
    return Verdict(relation, similarity, of_a, of_b, differing, compared.agreeing, compared.differences)


def overlap(one: Normal, two: Normal) -> float:
    """Return the share of their joint text that two texts have in common (Jaccard)."""
    if one.plain == two.plain:
        return 1.0
    shared = len(one.shingles & two.shingles)
    return shared / (len(one.shingles) + len(two.shingles) - shared)


def _differing(compared: Compared, shared: int) -> float:
    """Return the share of what stands in the same place that differs, a stretch of shared text counting as agreeing."""
    differing = sum(WEIGHTS[difference.kind] for difference in compared.differences)
    return differing / (differing + compared.agreeing + shared / SLOT)


def _figures_differ(compared: Compared) -> bool:
    differing = sum(difference.kind in (Kind.FIGURE, Kind.DATE) for difference in compared.differences)
    return differing >= 2 and differing / (differing + compared.agreeing) > FIGURES
