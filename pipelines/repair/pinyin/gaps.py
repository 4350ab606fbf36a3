"""Fill what an injection destroyed: bytes that a question mark hides or that are gone. Every answer is a guess."""

import heapq
import re
from collections.abc import Iterable
from typing import NamedTuple

from pipelines.decode.plausible import weight
from pipelines.repair.chinese import is_pair, simplified_only
from pipelines.repair.pinyin.gbk import LEADS, character, characters_with, encode, unwritten
from pipelines.repair.pinyin.profile import Profile
from pipelines.repair.pinyin.readings import reads_as

GAP = "\ufffd"
CLEAR = 4.5  # a candidate that leads the next by so much is taken as certain; wrong ones were seen to lead by 3.6
_LEADS_BY = 0.6  # and one that does not lead even by this is no better than another: the gap stays
_SPLIT_RARE, _SPLIT = 4.0, 7.0  # two characters in place of one, rare or not, must be so much better
_WORD = 2.0  # what two characters are worth that are a word, or stand together elsewhere on the page
_RARE = -0.5  # characters of the second levels of both standards and better are looked at
_HALF_WIDTH = frozenset("\n,.;:!)")  # no other mark stands before these
_MARKS = (0xA1, 0xA3)  # first bytes of full-width punctuation
_CLOSING = frozenset("，。、；：！？")
_SELDOM = frozenset("；：°")  # marks that stand alone too, and far less often than they come about by chance
_ALONE = frozenset("，。、；：！？》」”’）的了在是和有不與及等")  # marks, and the commonest words of one character


class Between(NamedTuple):
    """The characters on both sides of a gap."""

    before: str
    ahead: str

    def around(self, text: str) -> str:
        """Return a text with them."""
        return self.before + text + self.ahead


class Filled(NamedTuple):
    """What fills a gap, and whether nothing else could."""

    text: str
    certain: bool


def one_of(profile: Profile, between: Between, options: str, reading: str) -> Filled | None:
    """Return the best of the characters that a reading leaves open, or None where there is none."""
    ranked = sorted(
        ((profile.fit(one, reading) + profile.context.score(between.around(one)), one) for one in options), reverse=True
    )
    if not ranked:
        return None
    return Filled(ranked[0][1], len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= CLEAR)


def trail(profile: Profile, between: Between, lead: int) -> str:
    """Return the character of a first byte that fits between its neighbours; U+FFFD where none makes a word."""
    return _best(profile, between, characters_with(lead)) if profile.budget.spend() else GAP


def pair(profile: Profile, between: Between, first: int, last: int, reading: str = "") -> tuple[float, str]:
    """Return two characters of which the first and the last byte are known, with their score; gaps where none fit.

    The bytes between them were a pair that is no character. `reading` is that of the second, where one stands there:
    it may name that one where nothing names the first.
    """
    nothing = float("-inf"), GAP + GAP
    if not profile.budget.spend():
        return nothing
    score, joint = profile.context.score, profile.context.joint
    ends = [(lead, one, score(one + between.ahead)) for lead in LEADS if (one := _likely(lead, last))]
    if reading:
        ends = [(lead, one, ended + profile.fit(one, reading)) for lead, one, ended in ends if reads_as(one, reading)]
        nothing = float("-inf"), GAP + _first([(ended, one) for _, one, ended in ends])
    begins = {
        second: (one, score(between.before + one)) for second, _ in unwritten() if (one := _likely(first, second))
    }
    leads = dict(unwritten())
    ranked = heapq.nlargest(
        2,
        (
            (begun + ended + joint(one + other), one + other)
            for second, (one, begun) in begins.items()
            for lead, other, ended in ends
            if lead in leads[second]
        ),
    )
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _LEADS_BY):
        return nothing
    return ranked[0] if _makes_words(profile, between, ranked[0][1]) else nothing


def dropped(profile: Profile, between: Between, first: int, reading: str) -> str:
    """Return two characters of which the first byte and the reading of the second are known; gaps where none fit."""
    options: list[str] = []
    seconds: list[str] = []
    for other in profile.listed:
        lead, *rest = encode(other)
        if rest and reads_as(other, reading):
            firsts = (_likely(first, second) for second, leads in unwritten() if lead in leads)
            options += [one + other for one in firsts if one]
            seconds.append(other)
    if not options or not profile.budget.spend():
        return GAP + GAP
    both = _best(profile, between, options)
    if GAP not in both:
        return both
    return GAP + _first((profile.context.score(one + between.ahead), one) for one in seconds)


def suspicion(profile: Profile, between: Between, one: str) -> float:
    """Return by how much two characters must be better than one that may be made of their halves; 0 for never."""
    if len(encode(one)) != 2:
        return 0.0
    if weight(one) < 0 or one in simplified_only():
        return _SPLIT_RARE
    return _SPLIT if one in _SELDOM or not _makes_words(profile, between, one) else 0.0


def split(profile: Profile, between: Between, one: str, gain: float) -> str | None:
    """Return two characters in place of one that is made of their halves, where that is better by so much."""
    first, last = encode(one)
    score, halves = pair(profile, between, first, last)
    return halves if score >= profile.context.score(between.around(one)) + gain else None


def swallowed(profile: Profile, lead: int, text: str, place: int, broken: re.Pattern[str]) -> str:
    """Say what stands for the ASCII character that the question mark at a place swallowed; U+FFFD if nothing tells.

    `lead` is the first byte of the character before it.
    """
    if profile.keeps_ascii:
        return ""
    following = text[place + 1 : place + 2]
    recent = text[max(0, place - 200) : place]
    if not following or following in _HALF_WIDTH:
        return ""
    if following in _CLOSING and recent.count("(") - recent.count(")") + len(broken.findall(recent)) > 0:
        return ")"
    return profile.ascii_after.likely("，" if lead in _MARKS else "字", following) or GAP


def _best(profile: Profile, between: Between, options: Iterable[str]) -> str:
    best = _first([(profile.context.score(between.around(one)), one) for one in options])
    return best if _makes_words(profile, between, best) else GAP * len(best)


def _first(ranked: Iterable[tuple[float, str]]) -> str:
    """Return the text of the highest score where that leads; gaps in its place elsewhere."""
    best, second = (*heapq.nlargest(2, ranked), (float("-inf"), GAP), (float("-inf"), GAP))[:2]
    return best[1] if best[0] - second[0] >= _LEADS_BY else GAP * len(best[1])


def holds_words(text: str) -> bool:
    """Say whether any two characters of a text are a word of the dictionary."""
    return any(is_pair(text[number : number + 2]) for number in range(len(text) - 1))


def _likely(first: int, second: int) -> str | None:
    one = character(first, second)
    return one if one and weight(one) > _RARE else None


def _makes_words(profile: Profile, between: Between, text: str) -> bool:
    """Say whether each character of a text makes a word with one of its neighbours, or needs none."""
    whole = between.before[-1:] + text + between.ahead[:1]
    joined = [profile.context.joint(whole[number : number + 2]) >= _WORD for number in range(len(whole) - 1)]
    first = len(between.before[-1:])
    return all(
        whole[number] in _ALONE or any(joined[max(0, number - 1) : number + 1])
        for number in range(first, first + len(text))
    )
