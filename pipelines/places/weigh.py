"""Weigh what a text says of each place, and find the one it is about."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.places.names import Form
from pipelines.places.regions import lineage

TITLE = 4.0
LEAD = 2.0  # in the first LEAD_LENGTH characters of the text
LEAD_LENGTH = 90
BODY = 0.8
PLAIN_BODY, FULL_BODY = 4.0, 8.0  # mentions in the text add up to the first, and beyond it can only come to the second
FORMS = {
    Form.SHORT: 0.9,  # once, in the lead, it is not enough: 在北京接受专访
    Form.AMBIGUOUS: 0.9,
    Form.NATION: 0.3,  # the country is named in every report of every county
}

# less is a mention in passing, in a text of LENGTH characters; longer texts name more places so, a brief none
ENOUGH = 2.0
ENOUGH_LEAST, ENOUGH_MOST = 1.5, TITLE
LENGTH, BRIEF = 1000, 150
MOST = 0.5  # of all that is said of places must be said of the province, else the text is about none
GO_DOWN = (0.6, 0.45)  # of what is said of a place's parts, and of the place as a whole
ALSO = 0.35  # of the main place's weight makes another place one that the text is about


@dataclass(frozen=True, slots=True)
class Weighed:
    """A code (or a rival's name) and the weight of one mention, told apart by whether it stands in the title."""

    key: str
    weight: float
    in_title: bool
    is_region: bool


def plain_weight(form: Form, start: int, title_length: int) -> float:
    """Return what a name counts by its form and by its offset (characters) in the title and text as one."""
    lead = LEAD if start - title_length < LEAD_LENGTH else BODY
    return FORMS.get(form, 1.0) * (TITLE if start < title_length else lead)


def own_weights(weighed: Iterable[Weighed]) -> tuple[dict[str, float], float]:
    """Return the weight of every region by itself, and that of all rivals together."""
    body: defaultdict[tuple[str, bool], float] = defaultdict(float)
    title: defaultdict[tuple[str, bool], float] = defaultdict(float)
    for one in weighed:
        where = title if one.in_title else body
        where[one.key, one.is_region] += one.weight
    sums = {key: _saturate(body.get(key, 0.0)) + min(title.get(key, 0.0), TITLE * 1.4) for key in {*body, *title}}
    own = {key: weight for (key, is_region), weight in sums.items() if is_region}
    return own, sum(weight for (_, is_region), weight in sums.items() if not is_region)


def total_weights(own: dict[str, float]) -> dict[str, float]:
    """Return the weight of every region with all of its parts."""
    totals: defaultdict[str, float] = defaultdict(float)
    for code, weight in own.items():
        for part in lineage(code):
            totals[part] += weight
    return totals


def enough(length: int) -> float:
    """Return the least weight that makes a text of a length (characters) one about a place."""
    if length < BRIEF:
        return ENOUGH_LEAST
    return min(ENOUGH_MOST, ENOUGH * max(1.0, math.sqrt(length / LENGTH)))


def main_region(own: dict[str, float], rivals: float, least: float) -> str | None:
    """Return the smallest region that most of what is said of places is said of, None where there is none."""
    totals = total_weights(own)
    provinces = [code for code in totals if len(lineage(code)) == 1]
    if not provinces:
        return None
    best = _heaviest(provinces, totals)
    everything = sum(totals[code] for code in provinces) + rivals
    if totals[best] < least or totals[best] < MOST * everything:
        return None
    while parts := [code for code in totals if len(lineage(code)) > 1 and lineage(code)[-2] == best]:
        part = _heaviest(parts, totals)
        among, whole = GO_DOWN
        if totals[part] < max(least, among * sum(totals[code] for code in parts), whole * totals[best]):
            break
        best = part
    return best


def others(own: dict[str, float], main: str, least: float) -> list[str]:
    """Return the further regions that the text is about, heaviest first: not those that the main one lies in."""
    least = max(least, ALSO * total_weights(own)[main])
    found = [code for code, weight in own.items() if weight >= least and code not in lineage(main)]
    return sorted(found, key=lambda code: (-own[code], code))


def _saturate(weight: float) -> float:
    room = FULL_BODY - PLAIN_BODY
    return weight if weight <= PLAIN_BODY else FULL_BODY - room * math.exp(-(weight - PLAIN_BODY) / room)


def _heaviest(codes: Sequence[str], totals: dict[str, float]) -> str:
    return max(codes, key=lambda code: (totals[code], code))
