"""Rule: undo Chinese read in the wrong charset: GBK or Big5 as Latin, UTF-8 as GBK, Big5 and GBK as each other."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise

from pipelines.decode.plausible import RARE_HAN, plausibility, weight
from pipelines.repair.edit import Edit
from pipelines.repair.odd import odd_in, places_of, ranges
from pipelines.repair.survey import Survey

_CP1252 = {
    byte: bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)
}  # the five bytes that windows-1252 leaves open are read as controls by browsers
_BYTE_OF = {character: byte for byte, character in _CP1252.items()} | {chr(byte): byte for byte in range(0x80, 0x100)}
_LETTERS = frozenset(map(chr, range(0xB0, 0x100))) - set("·°±×÷»")  # most bytes of GBK, and not punctuation
_LATIN = "".join(map(re.escape, sorted(_BYTE_OF)))
_LATIN_RUN = re.compile(rf"[{_LATIN}]{{2,}}(?:[@-~]?[{_LATIN}]+)*[@-~]?")
_WIDE_RUN = re.compile(r"[^\x00-\x7f\s]{3,}(?:\?{1,2}[^\x00-\x7f\s]+)*\?{0,2}")
_LOST = re.compile("(?:锟(?:斤|[\u3400-\u9fff]{2})拷)+(?:锟(?![\u3400-\u9fff]{2}拷))?")  # U+FFFD in UTF-8, read as GBK
RARE = RARE_HAN | _LETTERS
_CUT = re.compile("\ufffd[?\ufffd]*")
_PLAUSIBLE = 0.3
_GAIN = 0.45
_ODD = RARE_HAN | frozenset(map(chr, (*range(0x370, 0x500), *range(0x3041, 0x3130), *range(0xE000, 0xF8FF))))
_LETTER_KINDS = 3
_SHARE = 0.1  # of the kinds of characters of a page; 2 in 100 are rare in honest text
_KINDS = 4  # different characters of a kind below which no run of them can be Chinese
_NEAR = 5  # characters between two rare ones: what was read wrongly is full of them
_AROUND = 12
_LENGTH, _ALL_KINDS = 2000, 150
_LONGEST = 100_000


@cache
def _utf8_in_gbk() -> re.Pattern[str]:
    """Return the pattern of a UTF-8 Han character or mark, and half the next, read as GBK."""
    first = _characters(range(0xE3, 0xF0), range(0x80, 0xC0))
    second = _characters(range(0x81, 0xC0), range(0xE3, 0xF0))
    return re.compile(f"[{first}][{second}]")


@cache
def _rare_run() -> re.Pattern[str]:
    """Return the pattern of several characters on end that everyday text does not hold, in either script."""
    common = ranges(code for code in range(0x80, 0x10000) if weight(chr(code)) > 0)
    return re.compile(f"[^\\x00-\\x7f\u00a0\\s{common}]{{3}}")


def _characters(leads: range, trails: range) -> str:
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails if trail != 0x7F)
    return "".join(re.escape(pair.decode("gbk", "ignore")) for pair in pairs)


def may_be_chinese_mojibake(text: str, odd: AbstractSet[str]) -> object:
    """Say whether any of the tell-tale runs is there."""
    if len(odd & _LETTERS) >= _LETTER_KINDS and _LATIN_RUN.search(text):
        return True
    if "锟" in odd:
        return True
    rare = odd & _ODD
    kinds = len(rare)
    if kinds < _KINDS:
        return False
    # a text of some length has a hundred and fifty kinds: they are counted only where that can matter, and no further
    short = len(text) < _LENGTH or kinds > _SHARE * _ALL_KINDS
    if short and all(kinds > _SHARE * len(set(part)) for part in (text[:_LENGTH], text)):
        return True
    near = "\n".join(_near(places_of(rare, text), text))
    return near and (_rare_run().search(near) or _utf8_in_gbk().search(near))


def _near(places: list[int], text: str) -> Iterator[str]:
    """Yield what stands around each two of some places that are near each other."""
    for here, there in pairwise(places):
        if there - here <= _NEAR:
            yield text[max(0, here - _AROUND) : there + _AROUND]


def undo_chinese_mojibake(text: str, survey: Survey) -> list[Edit]:
    """Undo one layer wherever the bytes lead to plain Chinese; what was lost on the way becomes U+FFFD, not a guess."""
    edits = []
    if survey.text.count("锟斤拷") > 1:  # one alone is somebody's joke
        edits = [Edit(lost.start(), lost.end(), _lost_marks(lost[0])) for lost in _LOST.finditer(text)]
    taken = {place for edit in edits for place in range(edit.start, edit.end)} if edits else set()
    rare = odd_in(text) & RARE
    places = places_of(rare, text)
    latin = () if rare.isdisjoint(_LETTERS) else _LATIN_RUN.finditer(text)
    for run in (*latin, *_wide_runs(places, text)):
        if run.start() in taken or len(run[0]) > _LONGEST or not _any_in(run, places):
            continue
        best = max(_readings(run[0]), key=lambda reading: reading[0], default=None)
        if best and best[1] != run[0]:
            taken.update(range(run.start(), run.end()))
            edits.append(Edit(run.start(), run.end(), best[1], certain="\ufffd" not in best[1]))
    return sorted(edits)


def _wide_runs(places: list[int], text: str) -> Iterator[re.Match[str]]:
    """Yield the runs of the lines that hold any of the places."""
    end = -1
    for place in places:
        if place >= end:
            start = text.rfind("\n", 0, place) + 1
            end = text.find("\n", place)
            end = end if end >= 0 else len(text)
            yield from _WIDE_RUN.finditer(text, start, end)


def _any_in(run: re.Match[str], places: list[int]) -> bool:
    first = bisect_left(places, run.start())
    return first < len(places) and places[first] < run.end()


def _lost_marks(run: str) -> str:
    return "\ufffd" * -(-2 * len(run) // 3)


def _readings(run: str) -> Iterator[tuple[float, str]]:
    """Yield (how plausible, text) for every other reading of a run that is much better than the one it has."""
    here = plausibility(run.replace("\ufffd", ""))
    if here > _PLAUSIBLE:
        return
    for data, charset in _bytes_of(run):
        text = _decoded(data, charset)
        if text is None:
            continue
        there = plausibility(text.replace("\ufffd", ""))
        enough = sum("\u3400" <= character <= "\u9fff" for character in text)
        if enough >= 2 and there >= _PLAUSIBLE and there >= here + _GAIN and (enough > 3 or there > 0.6):
            yield there, text


def _bytes_of(run: str) -> Iterator[tuple[bytes, str]]:
    """Yield (bytes, charset) for each way in which a run may have come about."""
    if _LATIN_RUN.fullmatch(run):
        data = bytes(_BYTE_OF.get(character, ord(character)) for character in run)
        for end in {len(data), len(data) - (data[-1] < 0x80)}:
            yield data[:end], "gb18030"
            yield data[:end], "big5hkscs"
        return
    for read_as, written_in in (("gb18030", "utf-8"), ("gb18030", "big5hkscs"), ("big5hkscs", "gb18030")):
        try:
            yield run.replace("\ufffd", "?").encode(read_as), written_in
        except UnicodeEncodeError:
            continue


def _decoded(data: bytes, charset: str) -> str | None:
    """Return the text of bytes, with U+FFFD for a character that a "?" cut off; None where it is not that charset."""
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        if charset != "utf-8":
            return None
        rest = len(data) - error.start
        if rest <= 3:  # the last character is cut, as it is where a page was
            return data[: error.start].decode(charset) + "\ufffd"
        text = _CUT.sub("\ufffd", data.decode(charset, "replace"))
        return text if text.count("\ufffd") <= len(text) // 3 else None
