"""Decide for a whole page whether pinyin was injected into it, by how regular the damage is."""

import re
from collections import Counter
from dataclasses import dataclass, field

from pipelines.decode.plausible import plausibility, weight
from pipelines.repair.chinese import Context, is_pair, simple_of
from pipelines.repair.pinyin.gaps import GAP
from pipelines.repair.pinyin.gbk import tail_bytes
from pipelines.repair.pinyin.marks import BROKEN, WHOLE, hidden, hit_by, reading_of
from pipelines.repair.pinyin.profile import AsciiAfter, Profile
from pipelines.repair.pinyin.readings import first_reading, is_reading, is_toned, reads_as, toneless
from pipelines.repair.pinyin.restore import Restorer
from pipelines.repair.script import script_of

_REGULAR = 0.8  # of the occurrences of a struck character carry a reading: all of them, but for odd places
_OF_LIST = 0.7  # of the struck characters are traditional forms; a textbook glosses any character
_TONELESS = 5  # readings without tone marks that must fit before they count as an injection
_NOT_CHANCE = 2  # or so many behind traditional characters that always carry one, or behind question marks
_GAIN = 0.4  # mean weight of a character, common ones 1, rare ones below 0
_KEPT, _SWALLOWED = re.compile(r"[?\ufffd]\([^\W\d_]"), re.compile(r"[?\ufffd][^\W\d_]{1,7}[ \u3000]?\)")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_DOUBLED = re.compile(r"(\([a-z]{1,6}\))\1")


@dataclass(slots=True)
class _Count:
    """What stands on a page in parentheses or behind question marks."""

    struck: Counter[str] = field(default_factory=Counter)  # characters with their own toned reading behind them
    readings: dict[str, set[str]] = field(default_factory=dict)
    plain: Counter[str] = field(default_factory=Counter)  # of those, common ones in the first reading of the dictionary
    broken: int = 0  # question marks with a toned reading that names a lost byte
    neutral_broken: int = 0  # with a toneless one
    neutral: Counter[str] = field(default_factory=Counter)  # characters with their own toneless reading behind them
    neutral_plain: int = 0  # of those, traditional ones in the first reading of the dictionary
    misfit: int = 0  # toneless readings that do not fit what they follow


def profile_of(text: str) -> Profile | None:
    """Return what a page's text shows of an injection, or None where there is none (or nothing that is sure enough).

    >>> profile_of("重(zhòng)庆和重(chóng)复,读音不同。") is None
    True
    """
    count = _counted(text)
    random = len(_DOUBLED.findall(text)) >= 2
    toned = _is_damage(text, count)
    neutral = random or _is_toneless_damage(text, count)
    doubtful = not (toned or neutral) and _may_be_toneless_damage(text, count)
    if not (toned or neutral or doubtful):
        return None
    neutral |= doubtful
    intact = BROKEN.sub("\n", WHOLE.sub("", text))
    struck = frozenset(count.struck) | (frozenset(count.neutral) if neutral else frozenset())
    return Profile(
        listed=struck,
        context=Context(intact),
        spared=_spared(text) - struck,
        toneless=neutral,
        doubtful=doubtful,
        random=random,
        keeps_ascii=len(_KEPT.findall(text)) > len(_SWALLOWED.findall(text)),
        drops=_PRIVATE.search(text) is None,
        ascii_after=AsciiAfter(intact),
    )


def _spared(text: str) -> frozenset[str]:
    """Return the traditional characters that stand without a reading in lines that have others: no list holds them.

    Whole lines without any came to the page later: titles, advertisements.
    """
    lines = (line for line in text.split("\n") if WHOLE.search(line))
    return frozenset(simple_of().keys() & set(BROKEN.sub("", WHOLE.sub("\n", "\n".join(lines)))))


def _is_damage(text: str, count: _Count) -> bool:
    total = count.struck.total()
    if count.broken and count.broken + total >= 2:
        return True
    if not total:
        return count.broken > 0 and _makes_sense(text)
    # one character in two readings is a lesson in reading: an injection knows one for each
    plain = sum(times for character, times in count.plain.items() if len(count.readings[character]) == 1)
    occurrences = sum(text.count(character) for character in count.struck)
    listed = sum(times for character, times in count.struck.items() if character in simple_of())
    return plain > 0 and total >= _REGULAR * occurrences and listed >= _OF_LIST * total


def _is_toneless_damage(text: str, count: _Count) -> bool:
    """Say whether readings without tone marks are an injection: many that fit, or few that nobody would write."""
    total = count.neutral.total()
    if total >= _TONELESS and total > 3 * count.misfit:
        return True
    return count.neutral_plain + count.neutral_broken >= _NOT_CHANCE and _is_regular(text, count)


def _may_be_toneless_damage(text: str, count: _Count) -> bool:
    """Say whether the one reading of a text is all that a short list struck: nobody glosses half of a common word.

    A text that a machine made traditional needs no such proof.
    """
    if count.neutral_plain + count.neutral_broken == 0 or not _is_regular(text, count):
        return False
    return script_of(text) == "zh-Hant-x-converted" or any(
        _parts_word(text, found.start(), found.end()) for found in WHOLE.finditer(text)
    )


def _parts_word(text: str, start: int, end: int) -> bool:
    """Say whether a common character before a place makes a word with the one before it, or with the one behind."""
    before = text[max(0, start - 2) : start]
    common = weight(before[-1:]) > 0 if before else False
    return common and (is_pair(before) or is_pair(before[-1] + text[end : end + 1]))


def _is_regular(text: str, count: _Count) -> bool:
    """Say whether the toneless readings of a text strike common characters, and those nearly everywhere."""
    total = count.neutral.total()
    occurrences = sum(text.count(character) for character in count.neutral)
    return not count.misfit and total >= _REGULAR * occurrences and count.neutral_plain >= _OF_LIST * total


def _makes_sense(text: str) -> bool:
    """Say whether undoing the one broken place of a text turns nonsense into Chinese."""
    edits = Restorer(text, Profile(listed=frozenset(), context=Context())).run()
    damaged = "".join(BROKEN.sub("", text[edit.start : edit.end]) for edit in edits)
    restored = "".join(edit.after for edit in edits).replace(GAP, "")
    return bool(edits) and plausibility(restored) >= plausibility(damaged) + _GAIN


def _counted(text: str) -> _Count:
    count = _Count()
    for found in WHOLE.finditer(text):
        reading = reading_of(found[1])
        if not is_reading(reading):
            continue
        before = text[max(0, found.start() - 2) : found.start()]
        character = before[-1:]
        if is_toned(reading):
            if character and reads_as(character, reading):
                count.struck[character] += 1
                count.readings.setdefault(character, set()).add(reading)
                count.plain[character] += _is_plain(character, reading)
            elif hit_by(tail_bytes(before), reading):
                count.broken += 1
        elif character and reads_as(character, reading):
            count.neutral[character] += 1
            count.neutral_plain += character in simple_of() and reading == toneless(first_reading(character))
        elif character >= "\x80":
            count.misfit += 1
    for found in BROKEN.finditer(text):
        reading = reading_of(found[1])
        tail = tail_bytes(text[max(0, found.start() - 2) : found.start()])
        if tail and is_reading(reading) and hidden(tail[-1], reading):
            count.broken += is_toned(reading)
            count.neutral_broken += not is_toned(reading)
    return count


def _is_plain(character: str, reading: str) -> bool:
    """Say whether nobody would gloss this: a common traditional character in its first reading."""
    return character in simple_of() and weight(character) > 0 and reading == first_reading(character)
