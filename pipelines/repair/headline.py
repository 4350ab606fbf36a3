"""Rule: take out the syllables of the headline that a mirror splices into its text, one a clause, in their order."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from pipelines.repair.chinese import Context, is_pair
from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

_CLAUSE = re.compile("[\u3400-\u9fff]+")
_HEADLINE = range(4, 41)  # Han characters
_TOP = 1000  # characters of a page in which its title stands
_HEADLINES = 2  # lines that may be it: a page's title, and the first line of its text
_SHORTEST = (2, 1, 4, 6)  # characters of the clauses that a tool splices into; tools differ
_LONGER = re.compile(f"[\u3400-\u9fff]{{{_SHORTEST[0] + 1},}}")
_WINDOW, _HITS = 16, 11  # clauses on end, and how many hold what is next; honest pages of the corpus reach 7
_HEALED = 2  # of them hold a word that is whole again without it
_BESIDE = 3  # clauses before and behind such a run that it tells of too
_LOOK = 8  # clauses of a line that decide whether more is looked at
_GLANCE = 6


def may_hold_headline(text: str, _odd: AbstractSet[str]) -> object:
    """Say whether clauses in the middle of the text hold the characters of the headline one after the other."""
    clauses = _some_clauses(text, len(text) // 3) or _some_clauses(text, 0)
    return clauses and any(_glance(clauses, headline) for headline in _headlines(text))


def _some_clauses(text: str, start: int) -> list[str]:
    """Return the clauses of the first line behind a place that has several; none where they are few."""
    comma = text.find("，", start)
    comma = comma if comma >= 0 else text.find(",", start)
    first = text.rfind("\n", 0, comma) + 1
    clauses = _LONGER.findall(text, first, first + 30 * _LOOK)[:_LOOK] if comma >= 0 else []
    return clauses if len(clauses) == _LOOK else []


def _glance(clauses: list[str], headline: str) -> bool:
    """Say whether most clauses hold the character of the headline that is next, and as no part of a word."""
    characters = frozenset(headline)
    without = filter(characters.isdisjoint, clauses)
    if next(islice(without, _LOOK - _GLANCE, None), None):  # the first that is too many
        return False
    common = [characters.intersection(clause) for clause in clauses]
    if _in_phase(common, headline) < _GLANCE:
        return False
    odd = [frozenset(one for one, _ in _odd_places(clause, characters)) for clause in clauses]
    return _in_phase(odd, headline) >= _GLANCE - 1


def _in_phase(held: list[frozenset[str]], headline: str) -> int:
    """Return how many of some sets of its characters hold, each, the next of the headline from some place on."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(headline):
        places.setdefault(one, []).append(place)
    phases = [0] * len(headline)
    for number, characters in enumerate(held):
        for one in characters:
            for place in places[one]:
                phases[(place - number) % len(headline)] += 1
    return max(phases)


def drop_spliced_headline(text: str, survey: Survey) -> list[Edit]:
    """Remove what was spliced into clauses, where the order of the whole page proves it.

    A character counts where it makes a word with neither of its neighbours. One clause shows nothing; eleven of
    sixteen on end that hold, each, the next character of the headline are no chance.
    """
    spliced = survey.cached("headline", _spliced)
    edits = []
    for clause in _CLAUSE.finditer(text):
        if (found := spliced.get(clause[0])) is not None:
            place, certain = found
            edits.append(Edit(clause.start() + place, clause.start() + place + 1, "", certain))
    return edits


def _headlines(text: str) -> Iterator[str]:
    place = 0
    for _ in range(_HEADLINES):
        first = _CLAUSE.search(text, place, _TOP)
        if first is None:
            return
        place = text.find("\n", first.end(), _TOP)
        place = place if place >= 0 else _TOP
        if len(headline := "".join(_CLAUSE.findall(text, first.start(), place))) in _HEADLINE:
            yield headline


def _spliced(text: str) -> Mapping[str, tuple[int, bool]]:
    """Return for every clause that something was spliced into where that stands, and whether a word heals there."""
    for headline in _headlines(text):
        for shortest in _SHORTEST:
            clauses = [one for one in _CLAUSE.findall(text) if len(one) > shortest and one not in headline]
            if found := _in_order(clauses, headline):
                return found
    return {}


def _in_order(clauses: list[str], headline: str) -> dict[str, tuple[int, bool]]:
    hits: defaultdict[int, list[tuple[int, int, bool]]] = defaultdict(list)  # (clause, place, healed) by phase
    for number, clause in enumerate(clauses):
        odd = dict(sorted(_odd_places(clause, frozenset(headline)), key=lambda one: one[1][1]))  # healed ones win
        for place_in_headline, character in enumerate(headline):
            if character in odd:
                hits[(place_in_headline - number) % len(headline)].append((number, *odd[character]))
    found: dict[str, tuple[int, bool]] = {}
    context = Context()
    for phase, held in hits.items():
        for first in range(len(held) - _HITS + 1):
            run = held[first : first + _HITS]
            if run[-1][0] - run[0][0] >= _WINDOW or sum(healed for *_, healed in run) < _HEALED:
                continue
            found |= {clauses[number]: (place, healed) for number, place, healed in run}
            for number in range(max(0, run[0][0] - _BESIDE), min(len(clauses), run[-1][0] + 1 + _BESIDE)):
                character = headline[(number + phase) % len(headline)]
                if clauses[number] not in found and character in clauses[number]:
                    found[clauses[number]] = _best_without(clauses[number], character, context), False
    return found


def _best_without(clause: str, character: str, context: Context) -> int:
    """Return the place at which a clause best does without a character."""
    places = (place for place, one in enumerate(clause) if one == character)
    return max(places, key=lambda place: context.score(clause[:place] + clause[place + 1 :]))


def _odd_places(clause: str, characters: AbstractSet[str]) -> Iterator[tuple[str, tuple[int, bool]]]:
    """Yield each of some characters that makes no word in a clause, with its place and whether one heals without it."""
    for place, character in enumerate(clause):
        if character not in characters:
            continue
        before, after = clause[:place][-1:], clause[place + 1 : place + 2]
        if not (before and is_pair(before + character)) and not (after and is_pair(character + after)):
            yield character, (place, bool(before and after) and is_pair(before + after))
