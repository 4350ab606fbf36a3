"""Restore text that pinyin was injected into, byte by byte, by the mirror image of what the injection did."""

import re
from dataclasses import dataclass

from pipelines.repair.chinese import Context, simple_of
from pipelines.repair.edit import Edit
from pipelines.repair.pinyin import gaps
from pipelines.repair.pinyin.gaps import GAP, Between
from pipelines.repair.pinyin.gbk import LEADS, character, decode, encode, tail_bytes
from pipelines.repair.pinyin.marks import BROKEN, PLACE, WHOLE, hidden, hit_by, reading_of
from pipelines.repair.pinyin.profile import Profile
from pipelines.repair.pinyin.readings import is_reading, is_toned

_AHEAD = 10  # characters after a lost byte that speak for or against a candidate
_CHINESE = re.compile(rf"[^\x00-\x7f\ufffd]{{1,{_AHEAD}}}")
_MISFIT = 12.0  # more than any context gains
_PLAINLY = 1.5  # a character, by which one reading of a stretch must make more sense than another
_STRETCH = 2  # characters of nonsense behind a question mark that are looked at
_LOST_LEAD = 3.0  # what a lost first byte must gain: a question mark may be just that
_LANGUAGE = Context()
_LONGEST = 600  # characters that a shift may run before it meets ASCII; longer ones have not been seen


@dataclass(slots=True)
class _Shift:
    """A run of bytes that was decoded out of step: where its text ends, its bytes, whether nothing was guessed."""

    data: bytearray
    end: int
    certain: bool = True
    doubt: float = 0.0  # what its score loses because something on the way did not fit

    @property
    def text(self) -> str:
        """Return the bytes as text."""
        return decode(bytes(self.data))


class Restorer:
    """Walk through one text from left to right; `edits` says what to put where."""

    def __init__(self, text: str, profile: Profile) -> None:
        self.text = text
        self.profile = profile
        self.edits: list[Edit] = []
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
        if not self._is_hit(tail_bytes(self._clean), reading):
            return None
        self._add(found.start(), found.end(), "", certain=True)
        return found.end()

    def _is_hit(self, tail: bytes, reading: str) -> bool:
        if not is_toned(reading) and not (self.profile.toneless or decode(tail) in simple_of()):
            return False  # a neutral tone fits particles such as 們 and 嗎; "(a)" behind anything else is a list
        return hit_by(tail, reading) or (self.profile.random and not is_toned(reading))

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
            (self.profile.fit(one, reading), self._follow(bytearray(encode(one)[1:]), found.end()))
            for one in hidden(tail[-1], reading)
        ]
        return self._choose(options, found.start())

    def _choose(self, options: list[tuple[float, _Shift]], start: int) -> int | None:
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

    def _score(self, shift: _Shift) -> float:
        ahead = self._ahead(shift.end)
        return self.profile.context.score(self._clean[-2:] + shift.text[:_AHEAD] + ahead) - shift.doubt

    def _add(self, start: int, end: int, after: str, *, certain: bool) -> None:
        self.edits.append(Edit(start, end, after, certain))
        self._clean = (self._clean + after)[-4:]

    def _follow(self, data: bytearray, place: int) -> _Shift:
        """Read on from a place out of step until the bytes are in step again."""
        text, stop = self.text, min(len(self.text), place + _LONGEST)
        while place < stop:
            one = text[place]
            if one >= "\x80" and one != GAP:
                data += encode(one)
                place += 1
                if data[-1] < 0x80:  # the pair was a second half and an ASCII character
                    return _Shift(data, place)
            elif one == "(" and (inner := WHOLE.match(text, place)):
                if not self._is_hit(bytes(data[-2:]), reading_of(inner[1])):
                    break
                place = inner.end()
            elif one in "?\ufffd":
                return self._lost_trail(data, place)
            elif "@" <= one <= "~":
                return self._ended_by(data, ord(one), place + 1)
            else:
                break
        return self._out_of_step(data, place)

    def _ended_by(self, data: bytearray, last: int, end: int) -> _Shift:
        """End a shift with an ASCII byte; where that makes no character, two bytes before it were dropped."""
        if character(data[-1], last) or not self.profile.drops:
            return _Shift(data + bytes((last,)), end)
        inner = WHOLE.match(self.text, end)
        found = self._pair(data, last, end, reading_of(inner[1]) if inner else "")
        return _Shift(data[:-1] + found.encode("gb18030"), end, certain=False)

    def _lost_trail(self, data: bytearray, place: int) -> _Shift:
        """Name the byte behind a question mark that stands where the second half of a character is missing."""
        found = BROKEN.match(self.text, place)
        if found and is_reading(reading := reading_of(found[1])):
            return self._read_so(data, found.end(), reading)
        if onward := self._lost_pair(data, place):
            return onward
        # the mark swallowed an ASCII character
        gone = gaps.swallowed(self.profile, data[-1], self.text, place, BROKEN)
        ahead = self._ahead(place + 1) if gone == "" else gone.replace(GAP, "")
        last = gaps.trail(self.profile, self._between(data, ahead), data[-1]) + gone
        return _Shift(data[:-1] + last.encode("gb18030"), place + 1, certain=False)

    def _read_so(self, data: bytearray, end: int, reading: str) -> _Shift:
        """End a shift with the character of a reading, or with two where a pair was dropped between its bytes."""
        between = self._between(data, self._ahead(end))
        found = gaps.one_of(self.profile, between, hidden(data[-1], reading), reading)
        if found:
            return _Shift(data[:-1] + encode(found.text), end, certain=found.certain)
        lost = gaps.dropped(self.profile, between, data[-1], reading)
        return _Shift(data[:-1] + lost.encode("gb18030"), end, certain=False, doubt=_MISFIT - (GAP not in lost))

    def _lost_pair(self, data: bytearray, place: int) -> _Shift | None:
        """Read on out of step behind a question mark for two bytes, where that makes sense of what follows."""
        following = _CHINESE.match(self.text, place + 1)
        if not following:
            return None
        onward = self._follow(bytearray(b"\x81"), place + 1)
        rest = decode(bytes(onward.data[2:]))
        if len(onward.data) < 2 or self._sense(rest) < self._sense(following[0]) + _PLAINLY:
            return None
        found = self._pair(data, onward.data[1], onward.end, ahead=rest)
        return _Shift(data[:-1] + found.encode("gb18030") + onward.data[2:], onward.end, False, onward.doubt)

    def _sense(self, text: str) -> float:
        """Return how much like Chinese a stretch reads, a character: whatever else stands on the page.

        It would speak for all that stands there, nonsense as well.
        """
        known = text.replace(GAP, "")[:_AHEAD]
        return _LANGUAGE.score(known) / max(1, len(known))

    def _pair(self, data: bytearray, last: int, end: int, reading: str = "", ahead: str = "") -> str:
        """Return two characters whose inner bytes are gone: gaps, where none are plainly right."""
        between = self._between(data, (ahead or self._ahead(end))[:2])
        return gaps.pair(self.profile, between, data[-1], last, reading)[1]

    def _undropped(self, shift: _Shift) -> tuple[str, bool]:
        """Return the text of a shift with two characters in place of one that is nothing but their halves.

        The second value says whether every character stood its ground.
        """
        text = shift.text
        if not self.profile.drops:
            return text, True
        whole, sure = "", True
        for number, one in enumerate(text):
            ahead = (text[number + 1 :] + self._ahead(shift.end))[:2]
            between = Between((self._clean + whole)[-2:], ahead)
            halves = None
            if one > "\xff" and one != GAP and (gain := gaps.suspicion(self.profile, between, one)):
                halves, sure = gaps.split(self.profile, between, one, gain), False
            whole += halves or one
        return whole, sure

    def _between(self, data: bytearray, ahead: str) -> Between:
        """Return the two characters before the last byte of a shift, and what follows."""
        return Between((self._clean + decode(bytes(data[:-1])))[-2:], ahead)

    def _ahead(self, place: int) -> str:
        """Return the next two characters; a line's end stands for that of the text."""
        if place >= len(self.text):
            return "\n"
        return BROKEN.sub("", WHOLE.sub("", self.text[place : place + 3 * _AHEAD]))[:2]

    def _out_of_step(self, data: bytearray, place: int) -> _Shift:
        """End a shift that meets what cannot be its second half: that half was lost."""
        last = gaps.trail(self.profile, self._between(data, self._ahead(place)), data[-1])
        return _Shift(data[:-1] + last.encode("gb18030"), place, certain=False, doubt=_MISFIT)

    def _lost_lead(self, place: int) -> int | None:
        """Restore a stretch whose first byte a question mark hides, where that makes sense of nonsense."""
        shift = self._follow(bytearray(b"\x81"), place + 1)
        damaged = self.text[place + 1 : min(shift.end, place + 1 + _AHEAD)]
        if len(damaged) < _STRETCH or gaps.holds_words(damaged) or not self.profile.budget.spend():
            return None
        rest = bytes(shift.data[1:])
        best, best_score = None, self.profile.context.score(self._clean[-2:] + damaged) + _LOST_LEAD
        for lead in LEADS:
            option = _Shift(bytearray(bytes((lead,)) + rest), shift.end, certain=False)
            if GAP not in decode(bytes(option.data[:2])) and (score := self._score(option)) > best_score:
                best, best_score = option, score
        if best is None or self._sense(best.text) < self._sense(damaged) + _PLAINLY:
            return None
        self._add(place, best.end, best.text, certain=False)
        return best.end
