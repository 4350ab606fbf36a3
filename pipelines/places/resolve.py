"""Decide which division each name in a text means; where nothing decides, the name is passed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.places.names import Form, Hit
from pipelines.places.regions import Level, lineage, regions

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
# what may stand between a division and the one in it: 江苏南京的鼓楼区
_LINKS = frozenset({"", "的", " ", "·"})
# what may stand before a county of two characters; behind any other Han character it is a piece of words: 省和县
_OPENERS = frozenset("在到赴从至")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name with the division it means (None: a place abroad, or the country) and the reason to think so."""

    hit: Hit
    code: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a text names beyond doubt: the codes named themselves, all they belong to, and the outlet's own codes."""

    named: frozenset[str]
    implied: frozenset[str]
    outlet: tuple[str, ...]


def resolve(hits: Sequence[Hit], folded: str, outlet_region: str | None = None) -> list[Mention]:
    """Return what the names of a text mean, in their order."""
    outlet = lineage(outlet_region) if outlet_region in regions() and outlet_region else ()
    sure = list(_sure(hits, folded))
    named = frozenset(mention.code for mention in sure if mention and mention.code)
    known = Known(named, frozenset(part for code in named for part in lineage(code)), outlet)
    mentions: list[Mention] = []
    for hit, first in zip(hits, sure, strict=True):
        mention = first or _adjacent(hit, mentions[-1] if mentions else None, folded) or _supported(hit, folded, known)
        if mention:
            mentions.append(mention)
    return mentions


def qualifies(mention: Mention, after: Mention | None, folded: str) -> bool:
    """Say whether a mention only tells where the next one lies: 江苏 in 江苏南通."""
    return (
        after is not None
        and mention.code is not None
        and after.code is not None
        and mention.code in lineage(after.code)[:-1]
        and folded[mention.hit.end : after.hit.start] in _LINKS
    )


def _sure(hits: Sequence[Hit], folded: str) -> Iterator[Mention | None]:
    """Yield for each hit what it means by itself or by the name right before it."""
    before: Mention | None = None
    for hit in hits:
        mention = _adjacent(hit, before, folded) or _alone(hit, folded)
        yield mention
        before = mention or before


def _alone(hit: Hit, folded: str) -> Mention | None:
    name = hit.name
    if not name.codes:
        return Mention(hit, None, name.form)
    if not _stands_free(hit, folded):
        return None
    today = [code for code in name.codes if regions()[code].until is None]
    first = regions()[name.codes[0]]
    if name.form in (Form.FULL, Form.FORMER) and len(today or name.codes) == 1:
        return Mention(hit, first.code, name.form)
    if name.form is Form.SHORT and first.level is not Level.COUNTY:
        return Mention(hit, first.code, name.form)
    return None


def _adjacent(hit: Hit, before: Mention | None, folded: str) -> Mention | None:
    """Read a name right behind that of a division which holds it: 天津市和平区, 天津和平."""
    if not before or not before.code or folded[before.hit.end : hit.start] not in _LINKS:
        return None
    inside = [code for code in hit.name.codes if before.code in lineage(code)[:-1]]
    # 湖北公安 is the province's police as often as its county
    if len(inside) != 1 or (hit.name.form is Form.AMBIGUOUS and not _holds_counties(before.code)):
        return None
    return Mention(hit, inside[0], f"{hit.name.form} behind {regions()[before.code].name}")


def _supported(hit: Hit, folded: str, known: Known) -> Mention | None:
    """Choose the division that the rest of the text or the outlet speaks for, if they speak for one alone."""
    if not _stands_free(hit, folded) and hit.name.codes[0] not in known.named:
        return None
    ranked = sorted(((_support(code, known), code) for code in hit.name.codes), reverse=True)
    (best, why), code = ranked[0]
    if best < _needed(hit, code) or (len(ranked) > 1 and ranked[1][0][0] == best):
        return None
    return Mention(hit, code, f"{hit.name.form}, {why}")


def _needed(hit: Hit, code: str) -> int:
    """Return how much must speak for a division before a name of this form means it, in the points of `_support`."""
    if hit.name.form is Form.GENERIC or (hit.name.form is Form.AMBIGUOUS and regions()[code].level is Level.COUNTY):
        return 6
    return 3 if hit.name.form is Form.SHORT else 1


def _support(code: str, known: Known) -> tuple[int, str]:
    """Return how much speaks for a division, with the reason; the first rule that holds counts."""
    region = regions()[code]
    *above, _ = lineage(code)
    near = region.parent if region.parent and _holds_counties(region.parent) else None
    rules = (
        (5, code in known.named, "named in full"),
        (5, code in known.outlet, "the outlet's own region"),
        (4, near in known.named, "its prefecture is named"),
        (4, near is not None and near in known.outlet, "the outlet is of its prefecture"),
        (3, near in known.implied, "its neighbours are named"),
        (2, any(part in known.named for part in above), "its province is named"),
        (1, any(part in known.outlet for part in above), "the outlet is of its province"),
        (1, any(part in known.implied for part in above), "others of its province are named"),
    )
    return next(((points, why) for points, holds, why in rules if holds), (0, ""))


def _holds_counties(code: str) -> bool:
    return regions()[code].level is Level.PREFECTURE or code in MUNICIPALITIES


def _stands_free(hit: Hit, folded: str) -> bool:
    """Say whether a county of two characters is more than a piece of longer words; longer names always are."""
    if hit.end - hit.start > 2 or hit.name.form not in (Form.FULL, Form.FORMER) or hit.name.text[-1] not in "县市":
        return True
    before = folded[hit.start - 1 : hit.start]
    return before in _OPENERS or not "一" <= before <= "鿿"
