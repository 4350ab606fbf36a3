"""Make every form under which a text may name a division, and find them all in one pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from pipelines.fold import fold
from pipelines.places.regions import Level, Region, regions
from pipelines.places.words import (
    ABROAD,
    ALIASES,
    AMBIGUOUS_COUNTIES,
    AMBIGUOUS_PREFECTURES,
    BARE_NATIONS,
    DECOYS,
    GENERIC,
    NATION,
    NATIONS,
)

_NATION = f"(?:{'|'.join(NATIONS)})族|{'|'.join(BARE_NATIONS)}"
_NATIONS = re.compile(rf"^(..+?)(?:{_NATION})+(?:自治(?=[州县旗区])|(?=区))")
_KIND = re.compile(r"(?:特别行政区|自治区|族?自治[州县旗]|林区|矿区|新区|特区|地区|[省市县盟旗州区])$")


class Form(StrEnum):
    """Say what a form is; what it needs as evidence depends on it."""

    FULL = "full name"
    FORMER = "former name"
    GENERIC = "full name used by every second town"
    SHORT = "short name"
    AMBIGUOUS = "short name that is a word as well"
    ABROAD = "place abroad"
    NATION = "the whole country"


@dataclass(frozen=True, slots=True)
class Name:
    """One form with all divisions that it may mean: their codes, higher levels first, today's before yesterday's."""

    text: str
    form: Form
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a text: the offsets (characters) of its first character and of the one behind its last."""

    start: int
    end: int
    name: Name


def short(name: str) -> str:
    """Return a division's name without its kind and nations; one character alone is never a name.

    >>> short("驿城区"), short("恩施土家族苗族自治州"), short("内蒙古自治区"), short("管城回族区"), short("滑县")
    ('驿城', '恩施', '内蒙古', '管城', '')
    """
    stem = _KIND.sub("", plain(name))
    return stem if len(stem) > 1 else ""


def plain(name: str) -> str:
    """Return a division's name without the nations in it.

    >>> plain("恩施土家族苗族自治州"), plain("长白朝鲜族自治县"), plain("新疆维吾尔自治区"), plain("驿城区")
    ('恩施州', '长白县', '新疆区', '驿城区')
    """
    return _NATIONS.sub(r"\1", name)


def find(folded: str) -> list[Hit]:
    """Return the names in a folded text in order, none overlapping: of several at one place the longest."""
    names, automaton = _automaton()
    found = automaton.find_matches_as_indexes(folded)
    return [Hit(start, end, name) for index, start, end in found if (name := names[index]) is not None]


@cache
def _automaton() -> tuple[list[Name | None], AhoCorasick]:
    """Return the names (None for a decoy) and the automaton whose patterns have the same indexes."""
    names: dict[str, Name | None] = {name.text: name for name in _names()}
    names.update(dict.fromkeys(map(fold, DECOYS)))
    return list(names.values()), AhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest)


def _names() -> Iterator[Name]:
    forms: dict[tuple[str, Form], list[Region]] = {}
    for region in regions().values():
        for text, form in _forms(region):
            forms.setdefault((fold(text), form), []).append(region)
    best: dict[str, Name] = {}
    # a form that is one division's full name and another's former or short name means the first
    order = list(Form)
    for (text, form), holders in sorted(forms.items(), key=lambda item: order.index(item[0][1])):
        ranked = sorted(holders, key=lambda region: (region.until is not None, list(Level).index(region.level)))
        known = best[text].codes if text in best else ()
        if text not in best:
            best[text] = Name(text, form, tuple(dict.fromkeys(region.code for region in ranked)))
        elif best[text].form in (Form.SHORT, Form.AMBIGUOUS):
            codes = dict.fromkeys((*known, *(region.code for region in ranked)))
            best[text] = Name(text, best[text].form, tuple(codes))
    yield from best.values()
    for form, texts in ((Form.ABROAD, ABROAD), (Form.NATION, NATION)):
        yield from (Name(folded, form, ()) for folded in map(fold, texts) if folded not in best)


def _forms(region: Region) -> Iterator[tuple[str, Form]]:
    yield region.name, Form.GENERIC if region.name in GENERIC else Form.FULL
    if region.level is not Level.PROVINCE:
        yield plain(region.name), Form.FULL
    for text in ALIASES.get(region.code, ()):
        yield text, Form.FULL
    for text in region.former:
        yield text, Form.GENERIC if text in GENERIC else Form.FORMER
    for text in dict.fromkeys(map(short, (region.name, *region.former))):
        if text:
            yield text, _short_form(text, region.level)


def _short_form(text: str, level: Level) -> Form:
    ambiguous = {
        Level.PROVINCE: frozenset[str](),
        Level.PREFECTURE: AMBIGUOUS_PREFECTURES,
        Level.COUNTY: AMBIGUOUS_COUNTIES,
    }
    return Form.AMBIGUOUS if text in ambiguous[level] else Form.SHORT
