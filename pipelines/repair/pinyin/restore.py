"""Restore text that pinyin was injected into, byte by byte, by the mirror image of what the injection did."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.decode.plausible import plausibility
from pipelines.repair.chinese import Context, simple_of
from pipelines.repair.edit import Edit
from pipelines.repair.pinyin.readings import LETTERS, candidates, is_reading, is_toned, normal, reads_as

_INNER = rf"\([{LETTERS}]{{1,7}}\)"  # a reading can be hit itself: a vowel's last byte and a letter are a pair
_CONTENT = rf"[{LETTERS}]{{1,7}}(?:{_INNER}[{LETTERS}]{{0,6}}){{0,3}}"
WHOLE = re.compile(rf"\(({_CONTENT})[ \u3000]?\)")
BROKEN = re.compile(rf"[?\ufffd]\(?({_CONTENT})[ \u3000]?\)")
PLACE = re.compile(rf"([?\ufffd]?)\(?({_CONTENT})[ \u3000]?\)|[?\ufffd](?=[^\x00-\x7f])")
TONED = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ")
TONELESS = re.compile(r"\([a-z]{1,6}[ \u3000]?\)")
_NESTED = re.compile(_INNER)
_CLEAR = 2.5  # a candidate that leads the next by so much is taken as certain: right in all of 1,400 measured cases
_AHEAD = 10  # characters after a lost byte that speak for or against a candidate
_MISFIT = 12.0  # more than any context gains
_LONGEST = 600  # characters that a shift may run before it meets ASCII; longer ones have not been seen


def reading_of(content: str) -> str:
    """Return the reading in the content of a parenthesis, without readings that hit it in turn.

    >>> reading_of("ōu(zī)")
    'ōu'
    """
    return normal(_NESTED.sub("", content))


def encode(text: str) -> bytes:
    """Return text as the bytes of GBK with its user-defined rows, the euro sign as byte 80."""
    return text.encode("gb18030", "replace").replace(b"\xa2\xe3", b"\x80")


def _decode(data: bytes) -> str:
    return data.decode("gb18030", "replace")


def tail_bytes(text: str) -> bytes:
    """Return the last bytes of a text, at least two where it has them."""
    return encode(text[-2:])[-2:]


def hit_by(tail: bytes, reading: str) -> bool:
    """Say whether the last two bytes of something are a GBK character with that reading: then an injection struck."""
    if len(tail) < 2 or tail[0] < 0x81:
        return False
    character = _decode(tail)
    return len(character) == 1 and reads_as(character, reading)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a page shows of its injection: the characters it struck, and the language around."""

    listed: frozenset[str]
    context: Context
    toneless: bool = False  # readings without tone marks were injected too
    random: bool = False  # readings were injected that belong to no character before them


@dataclass(slots=True)
class _Shift:
    """A run of bytes that was decoded out of step: where its text ends, its bytes, whether nothing was guessed."""

    data: bytearray
    end: int
    certain: bool = True
    doubt: float = 0.0  # what its score loses because something on the way did not fit


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
        if not is_toned(reading) and not (self.profile.toneless or _decode(tail) in simple_of()):
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
            (self._listed_bonus(one), self._follow(bytearray(one.encode("gbk")[1:]), found.end()))
            for one in candidates(tail[-1], reading)
        ]
        return self._choose(options, found.start())

    def _listed_bonus(self, character: str) -> float:
        """Prefer what this page's list is seen to hold, then what a list of traditional characters would hold."""
        return (2.5 if character in self.profile.listed else 0.0) + (2.0 if character in simple_of() else 0.0)

    def _choose(self, options: list[tuple[float, _Shift]], start: int) -> int | None:
        if not options:
            return None
        ranked = sorted(
            ((bonus + self._score(shift), number) for number, (bonus, shift) in enumerate(options)), reverse=True
        )
        best = options[ranked[0][1]][1]
        clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= _CLEAR
        self._add(start, best.end, _decode(bytes(best.data)), certain=clear and best.certain)
        return best.end

    def _score(self, shift: _Shift) -> float:
        ahead = self._ahead(shift.end)
        restored = _decode(bytes(shift.data))[:_AHEAD]
        return self.profile.context.score(self._clean[-2:] + restored + ahead) - shift.doubt

    def _add(self, start: int, end: int, after: str, *, certain: bool) -> None:
        self.edits.append(Edit(start, end, after, certain))
        self._clean = (self._clean + after)[-4:]

    def _follow(self, data: bytearray, place: int) -> _Shift:
        """Read on from a place out of step until the bytes are in step again."""
        text, stop = self.text, min(len(self.text), place + _LONGEST)
        while place < stop:
            character = text[place]
            if character >= "\x80" and character != "\ufffd":
                data += encode(character)
                place += 1
                if data[-1] < 0x80:  # the pair was a second half and an ASCII character
                    return _Shift(data, place)
            elif character == "(" and (inner := WHOLE.match(text, place)):
                if not self._is_hit(bytes(data[-2:]), reading_of(inner[1])):
                    break
                place = inner.end()
            elif character in "?\ufffd":
                return self._lost_trail(data, place)
            elif "@" <= character <= "~":
                data += character.encode()
                return _Shift(data, place + 1)
            else:
                break
        return self._out_of_step(data, place)

    def _lost_trail(self, data: bytearray, place: int) -> _Shift:
        """Name the byte behind a question mark that stands where the second half of a character is missing."""
        found = BROKEN.match(self.text, place)
        if found and is_reading(reading := reading_of(found[1])):
            best = self._best_trail(data, found.end(), candidates(data[-1], reading), self._listed_bonus)
            return self._dropped_pair(data, found.end(), reading, best) if best.doubt else best
        # no reading: the mark swallowed an ASCII character, or both bytes of a pair that is no character
        if onward := self._lost_pair(data, place):
            return onward
        shift = self._best_trail(data, place + 1, _characters_with(data[-1]))
        shift.certain = False
        shift.data += self._swallowed(_decode(bytes(shift.data[-2:])), place).encode("gb18030")
        return shift

    def _best_trail(
        self, data: bytearray, end: int, options: str, bonus: Callable[[str], float] = lambda _: 0.0
    ) -> _Shift:
        """End a shift with the best of the characters that its last byte can begin."""
        if not options:
            return _Shift(data, end, certain=False, doubt=_MISFIT)
        before = (self._clean + _decode(bytes(data[:-1])))[-2:]
        ahead = self._ahead(end)
        ranked = sorted((bonus(one) + self.profile.context.score(before + one + ahead), one) for one in options)
        clear = len(ranked) == 1 or ranked[-1][0] - ranked[-2][0] >= _CLEAR
        return _Shift(data[:-1] + ranked[-1][1].encode("gbk"), end, certain=clear)

    def _dropped_pair(self, data: bytearray, end: int, reading: str, otherwise: _Shift) -> _Shift:
        """Put back two bytes that are gone without a mark: out of step they were a user-defined character of GBK."""
        before, ahead = (self._clean + _decode(bytes(data[:-1])))[-2:], self._ahead(end)
        options = []
        for second in self.profile.listed:
            lead, *trail = encode(second)
            if trail and reads_as(second, reading):
                firsts = [_character((data[-1], byte)) for byte in range(0x80, 0xFF) if _is_user_defined(byte, lead)]
                options += [one + second for one in firsts if one]
        if not options:
            return otherwise
        best = max(options, key=lambda pair: self.profile.context.score(before + pair + ahead))
        return _Shift(data[:-1] + best.encode("gbk"), end, certain=False, doubt=_MISFIT - 1)

    def _lost_pair(self, data: bytearray, place: int) -> _Shift | None:
        """Read on out of step behind a question mark for two bytes, where that makes sense of what follows."""
        following = self.text[place + 1 : place + 1 + _AHEAD]
        if not following or following[0] < "\x80":
            return None
        onward = self._follow(bytearray(b"\x81"), place + 1)
        if plausibility(_decode(bytes(onward.data[2:]))[:_AHEAD]) < plausibility(following) + 0.5:
            return None
        first = self._best_trail(data, place, _characters_with(data[-1]))
        before, second = _decode(bytes(first.data))[-2:], onward.data[1]
        leads = (lead for lead in range(0x81, 0xFF) if _character((lead, second)))
        lead = max(
            leads, key=lambda lead: self.profile.context.score(before + _decode(bytes((lead, second)))), default=0x81
        )
        return _Shift(first.data + bytes((lead,)) + onward.data[1:], onward.end, certain=False, doubt=onward.doubt)

    def _swallowed(self, restored: str, place: int) -> str:
        """Say what stands for the ASCII character that a question mark swallowed; U+FFFD where nothing tells."""
        following = self.text[place + 1 : place + 2]
        recent = self.text[max(0, place - 200) : place]
        if not following or following == "\n":
            return ""
        if following in "，。、；：！？" and recent.count("(") - recent.count(")") + len(BROKEN.findall(recent)) > 0:
            return ")"
        if following.isascii() and following.isalnum():
            return "\ufffd"
        if restored in "。！？”」…":
            return "\n" if "\n" in self.text else ""
        return " "

    def _ahead(self, place: int) -> str:
        return BROKEN.sub("", WHOLE.sub("", self.text[place : place + 3 * _AHEAD]))[:2]

    def _out_of_step(self, data: bytearray, place: int) -> _Shift:
        """End a shift that meets what cannot be its second half: that half was lost, and is guessed."""
        before = (self._clean + _decode(bytes(data[:-1])))[-2:]
        ahead = self.text[place : place + 2]
        options = _characters_with(data[-1])
        if options:
            best = max(options, key=lambda one: self.profile.context.score(before + one + ahead))
            data = data[:-1] + best.encode("gbk")
        return _Shift(data, place, certain=False, doubt=_MISFIT)

    def _lost_lead(self, place: int) -> int | None:
        """Restore a stretch whose first byte a question mark hides, where that makes sense of nonsense."""
        shift = self._follow(bytearray(b"\x81"), place + 1)
        damaged = self.text[place + 1 : min(shift.end, place + 1 + _AHEAD)]
        rest = bytes(shift.data[1:])
        best, best_score = None, self.profile.context.score(self._clean[-2:] + damaged) + 3.0
        for lead in range(0x81, 0xFF):
            option = _Shift(bytearray(bytes((lead,)) + rest), shift.end, certain=False)
            if "\ufffd" not in _decode(bytes(option.data[:2])) and (score := self._score(option)) > best_score:
                best, best_score = option, score
        if best is None:
            return None
        self._add(place, best.end, _decode(bytes(best.data)), certain=False)
        return best.end


def _characters_with(lead: int) -> str:
    """Return every GBK character of one first byte."""
    return "".join(filter(None, map(_character, ((lead, trail) for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF))))))


def _is_user_defined(first: int, second: int) -> bool:
    """Say whether two bytes are a user-defined place of GBK, which decoders show as private use or drop."""
    return (second >= 0xA1 and (0xAA <= first <= 0xAF or first >= 0xF8)) or (second <= 0xA0 and 0xA1 <= first <= 0xA7)


def _character(pair: tuple[int, int]) -> str | None:
    try:
        return bytes(pair).decode("gbk")
    except UnicodeDecodeError:
        return None
