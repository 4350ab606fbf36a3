"""Read on where bytes were decoded out of step, until they are in step again, and name what was lost on the way."""

import re
from dataclasses import dataclass

from pipelines.repair.chinese import Context
from pipelines.repair.pinyin import gaps
from pipelines.repair.pinyin.gaps import GAP, Between
from pipelines.repair.pinyin.gbk import character, decode, encode
from pipelines.repair.pinyin.marks import BROKEN, WHOLE, hidden, reading_of
from pipelines.repair.pinyin.profile import Profile
from pipelines.repair.pinyin.readings import is_reading

AHEAD = 10  # characters after a lost byte that speak for or against a candidate
PLAINLY = 1.5  # a character, by which one reading of a stretch must make more sense than another
_CHINESE = re.compile(rf"[^\x00-\x7f\ufffd]{{1,{AHEAD}}}")
_LAST = re.compile(rb"[@-~\x80]\Z")  # a second byte that is shown alone
_MISFIT = 12.0  # more than any context gains
_LANGUAGE = Context()
_LONGEST = 600  # characters that a shift may run before it meets ASCII; longer ones have not been seen


@dataclass(slots=True)
class Shift:
    """A run of bytes that was decoded out of step: where its text ends, its bytes, whether nothing was guessed."""

    data: bytearray
    end: int
    certain: bool = True
    doubt: float = 0.0  # what its score loses because something on the way did not fit

    @property
    def text(self) -> str:
        """Return the bytes as text."""
        return decode(bytes(self.data))


class Follower:
    """Follow shifts through one text; `before` is what was restored in front of the one that is read."""

    def __init__(self, text: str, profile: Profile) -> None:
        self.text = text
        self.profile = profile
        self._before = ""

    def follow(self, data: bytearray, place: int, before: str) -> Shift:
        """Read on from a place whose bytes are out of step; `data` are those that are known to stand before it."""
        self._before = before
        return self._follow(data, place)

    def ahead(self, place: int) -> str:
        """Return the next two characters; a line's end stands for that of the text."""
        if place >= len(self.text):
            return "\n"
        return BROKEN.sub("", WHOLE.sub("", self.text[place : place + 3 * AHEAD]))[:2]

    def _follow(self, data: bytearray, place: int) -> Shift:
        """Read on from a place out of step until the bytes are in step again."""
        text, stop = self.text, min(len(self.text), place + _LONGEST)
        while place < stop:
            one = text[place]
            if one >= "\x80" and one != GAP:
                data += encode(one)
                place += 1
                if len(data) % 2 == 0 or data[-1] < 0x80:  # a lone byte 80 (€), or a second half and an ASCII character
                    return Shift(data, place)
            elif one == "(" and (inner := WHOLE.match(text, place)):
                if not self.profile.is_hit(bytes(data[-2:]), reading_of(inner[1])):
                    break
                place = inner.end()
            elif one in "?\ufffd":
                return self._lost_trail(data, place)
            elif "@" <= one <= "~":
                return self._ended_by(data, ord(one), place + 1)
            else:
                break
        return self._out_of_step(data, place)

    def _ended_by(self, data: bytearray, last: int, end: int) -> Shift:
        """End a shift with an ASCII byte.

        Where that makes no character, or one that is not read as is said behind it, two bytes before it were dropped.
        """
        reading = self._reading(end)
        made = character(data[-1], last)
        misread = reading and not self.profile.is_hit(bytes((data[-1], last)), reading)
        if not self.profile.drops or (made and not misread):
            return Shift(data + bytes((last,)), end)
        found = self._pair(data, last, end, reading)
        return Shift(data[:-1] + found.encode("gb18030"), end, certain=False, doubt=_MISFIT)

    def _reading(self, place: int) -> str:
        """Return the reading that stands at a place in parentheses; "" where none does."""
        inner = WHOLE.match(self.text, place)
        reading = reading_of(inner[1]) if inner else ""
        return reading if is_reading(reading) else ""

    def _lost_trail(self, data: bytearray, place: int) -> Shift:
        """Name the byte behind a question mark that stands where the second half of a character is missing."""
        found = BROKEN.match(self.text, place)
        if found and is_reading(reading := reading_of(found[1])):
            return self._read_so(data, found.end(), reading)
        if onward := self._marked_before(data, place) or self._marked_pair(data, place) or self._lost_pair(data, place):
            return onward
        # the mark swallowed an ASCII character
        gone = gaps.swallowed(self.profile, data[-1], self.text, place, BROKEN)
        ahead = self.ahead(place + 1) if gone == "" else gone.replace(GAP, "")
        last = gaps.trail(self.profile, self._between(data, ahead), data[-1]) + gone
        return Shift(data[:-1] + last.encode("gb18030"), place + 1, certain=False)

    def _read_so(self, data: bytearray, end: int, reading: str) -> Shift:
        """End a shift with the character of a reading, or with two where a pair was dropped between its bytes."""
        between = self._between(data, self.ahead(end))
        found = gaps.one_of(self.profile, between, hidden(data[-1], reading), reading)
        if found:
            return Shift(data[:-1] + encode(found.text), end, certain=found.certain)
        lost = gaps.dropped(self.profile, between, data[-1], reading)
        return Shift(data[:-1] + lost.encode("gb18030"), end, certain=False, doubt=_MISFIT - (GAP not in lost))

    def _marked_before(self, data: bytearray, place: int) -> Shift | None:
        """End a shift at two marks: one for two bytes, one that hides the last byte of a character with a reading.

        An ASCII character in place of the first mark would have brought the second into step, with no byte to hide.
        """
        found = BROKEN.match(self.text, place + 1)
        if not found or not is_reading(reading := reading_of(found[1])):
            return None
        both = gaps.dropped(self.profile, self._between(data, self.ahead(found.end())), data[-1], reading)
        return Shift(data[:-1] + both.encode("gb18030"), found.end(), certain=False)

    def _marked_pair(self, data: bytearray, place: int) -> Shift | None:
        """End a shift behind a mark for two bytes where the last byte of a character and its reading follow."""
        last = encode(self.text[place + 1 : place + 2])
        if not _LAST.match(last) or not (reading := self._reading(place + 2)):
            return None
        found = self._pair(data, last[0], place + 2, reading)
        return None if found == GAP + GAP else Shift(data[:-1] + found.encode("gb18030"), place + 2, certain=False)

    def _lost_pair(self, data: bytearray, place: int) -> Shift | None:
        """Read on out of step behind a question mark for two bytes, where that makes sense of what follows."""
        following = _CHINESE.match(self.text, place + 1)
        if not following:
            return None
        onward = self._follow(bytearray(b"\x81"), place + 1)
        rest = decode(bytes(onward.data[2:]))
        if len(onward.data) < 2:
            return None
        found = self._pair(data, onward.data[1], onward.end, ahead=rest)
        if max(sense(rest), sense(found + rest)) < sense(following[0]) + PLAINLY:
            return None
        return Shift(data[:-1] + found.encode("gb18030") + onward.data[2:], onward.end, False, onward.doubt)

    def _pair(self, data: bytearray, last: int, end: int, reading: str = "", ahead: str = "") -> str:
        """Return two characters whose inner bytes are gone: gaps, where none are plainly right."""
        between = self._between(data, (ahead or self.ahead(end))[:2])
        return gaps.pair(self.profile, between, data[-1], last, reading)[1]

    def _between(self, data: bytearray, ahead: str) -> Between:
        """Return the two characters before the last byte of a shift, and what follows."""
        return Between((self._before + decode(bytes(data[:-1])))[-2:], ahead)

    def _out_of_step(self, data: bytearray, place: int) -> Shift:
        """End a shift that meets what cannot be its second half: that half was lost."""
        last = gaps.trail(self.profile, self._between(data, self.ahead(place)), data[-1])
        return Shift(data[:-1] + last.encode("gb18030"), place, certain=False, doubt=_MISFIT)


def sense(text: str) -> float:
    """Return how much like Chinese a stretch reads, a character: whatever else stands on the page.

    It would speak for all that stands there, nonsense as well.
    """
    known = text.replace(GAP, "")[:AHEAD]
    return _LANGUAGE.score(known) / max(1, len(known))
