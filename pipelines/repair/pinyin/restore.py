"""Restore text that pinyin was injected into, byte by byte, by the mirror image of what the injection did."""

import re

from pipelines.repair.edit import Edit
from pipelines.repair.pinyin import gaps
from pipelines.repair.pinyin.gaps import GAP, Between
from pipelines.repair.pinyin.gbk import LEADS, decode, encode, tail_bytes
from pipelines.repair.pinyin.marks import PLACE, hidden, reading_of
from pipelines.repair.pinyin.profile import Profile
from pipelines.repair.pinyin.readings import is_reading, is_toned
from pipelines.repair.pinyin.shift import AHEAD, PLAINLY, Follower, Shift, sense

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_NOBODYS = 6.0  # what a character of private use costs a reading: no publisher's text holds one
_STRETCH = 2  # characters of nonsense behind a question mark that are looked at
_LOST_LEAD = 3.0  # what a lost first byte must gain: a question mark may be just that


class Restorer:
    """Walk through one text from left to right; `edits` says what to put where."""

    def __init__(self, text: str, profile: Profile) -> None:
        self.text = text
        self.profile = profile
        self.edits: list[Edit] = []
        self._shifts = Follower(text, profile)
        self._clean = ""  # the last restored characters before the place that is read

    def run(self) -> list[Edit]:
        """Return the edits that undo every injection found, in order."""
        place = 0
        while found := PLACE.search(self.text, place):
            self._clean = (self._clean + self.text[place : found.start()])[-4:]
            end = self._one(found)
            if end is None:
                end = found.start() + 1
                self._clean = (self._clean + self.text[found.start()])[-4:]
            place = end
        return self.edits

    def _one(self, found: re.Match[str]) -> int | None:
        """Deal with one suspicious place; return where to go on, or None where it is no injection."""
        mark, content = found[1], found[2]
        if content is None:
            return self._lost_lead(found.start())
        reading = reading_of(content)
        if not is_reading(reading):
            return None
        if not mark:
            return self._whole(found, reading) if self.text[found.start()] == "(" else None
        return self._broken(found, reading)

    def _whole(self, found: re.Match[str], reading: str) -> int | None:
        if not self.profile.is_hit(tail_bytes(self._clean), reading):
            return None
        self._add(found.start(), found.end(), "", certain=True)
        return found.end()

    def _broken(self, found: re.Match[str], reading: str) -> int | None:
        """Name the byte behind a question mark: the last of a character that begins with the byte before it."""
        tail = tail_bytes(self._clean)
        if (
            not tail
            or tail[-1] < 0x81
            or (not is_toned(reading) and not (self.profile.toneless or self.profile.listed))
        ):
            return None
        options = [
            (self.profile.fit(one, reading), self._shifts.follow(bytearray(encode(one)[1:]), found.end(), self._clean))
            for one in hidden(tail[-1], reading)
        ]
        return self._choose(options, found.start())

    def _choose(self, options: list[tuple[float, Shift]], start: int) -> int | None:
        if not options:
            return None
        ranked = sorted(
            ((fit + self._score(shift), number) for number, (fit, shift) in enumerate(options)), reverse=True
        )
        best = options[ranked[0][1]][1]
        clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= gaps.CLEAR
        whole, sure = self._undropped(best)
        self._add(start, best.end, whole, certain=clear and best.certain and sure)
        return best.end

    def _score(self, shift: Shift) -> float:
        text = shift.text[:AHEAD]
        score = self.profile.context.score(self._clean[-2:] + text + self._shifts.ahead(shift.end))
        return score - shift.doubt - _NOBODYS * len(_PRIVATE.findall(text))

    def _add(self, start: int, end: int, after: str, *, certain: bool) -> None:
        self.edits.append(Edit(start, end, after, certain and not self.profile.doubtful))
        self._clean = (self._clean + after)[-4:]

    def _undropped(self, shift: Shift) -> tuple[str, bool]:
        """Return the text of a shift with two characters in place of one that is nothing but their halves.

        The second value says whether every character stood its ground.
        """
        text = shift.text
        if not self.profile.drops:
            return text, True
        whole, sure = "", True
        for number, one in enumerate(text):
            ahead = (text[number + 1 :] + self._shifts.ahead(shift.end))[:2]
            between = Between((self._clean + whole)[-2:], ahead)
            halves = None
            if one > "\xff" and one != GAP and (gain := gaps.suspicion(self.profile, between, one)):
                halves, sure = gaps.split(self.profile, between, one, gain), False
            whole += halves or one
        return whole, sure

    def _lost_lead(self, place: int) -> int | None:
        """Restore a stretch whose first byte a question mark hides, where that makes sense of nonsense."""
        shift = self._shifts.follow(bytearray(b"\x81"), place + 1, self._clean)
        damaged = self.text[place + 1 : min(shift.end, place + 1 + AHEAD)]
        if len(damaged) < _STRETCH or gaps.holds_words(damaged) or not self.profile.budget.spend():
            return None
        rest = bytes(shift.data[1:])
        best, best_score = None, self.profile.context.score(self._clean[-2:] + damaged) + _LOST_LEAD
        for lead in LEADS:
            option = Shift(bytearray(bytes((lead,)) + rest), shift.end, certain=False)
            if GAP not in decode(bytes(option.data[:2])) and (score := self._score(option)) > best_score:
                best, best_score = option, score
        if best is None or sense(best.text) < sense(damaged) + PLAINLY:
            return None
        self._add(place, best.end, best.text, certain=False)
        return best.end
