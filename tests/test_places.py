"""Law: an article gets the place it is about, with the words that say so, and no place where nothing decides."""

import json
import os
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.places import name_path, places_of, regions
from tests.tables import cases


def found(row, **changed):
    row = row | changed
    return [name_path(place.code) for place in places_of(row["text"], row.get("title"), row.get("outlet_region"))]


@pytest.mark.parametrize("row", cases("places/positive"))
def test_article_gets_the_place_it_is_about(row):
    assert found(row) == [row["place"], *row.get("also", [])]


@pytest.mark.parametrize("row", cases("places/positive"))
def test_traditional_text_gets_the_same_place(row):
    turn = opencc.OpenCC("s2t").convert
    title = row.get("title")

    assert found(row, text=turn(row["text"]), title=title and turn(title)) == [row["place"], *row.get("also", [])]


@pytest.mark.parametrize("row", cases("places/negative"))
def test_text_about_no_place_gets_none(row):
    assert found(row) == []


@pytest.mark.xfail(strict=True, reason="see docs/places.md")
@pytest.mark.parametrize("row", cases("places/known-failures"))
def test_known_failures_still_fail(row):
    assert found(row) == [row["place"]]


def test_table_is_large_enough_to_mean_something():
    assert len(cases("places/positive")) >= 60
    assert len(cases("places/negative")) >= 30


def test_main_place_stands_first_and_weighs_most_of_its_level():
    text = "长沙市昨日与南昌市签订协议。长沙市委要求按月通报,长沙市出资一千万元。南昌市负责验收,南昌市将派人常驻。"
    places = places_of(text)

    assert [place.name for place in places] == ["长沙市", "南昌市"]
    assert places[0].score > places[1].score


def test_same_words_mean_another_place_to_another_outlet():
    text = "城关区昨日完成了养老院的消防检查。城关区消防大队发现隐患三十处。"

    assert [place.code for place in places_of(text, outlet_region="620100")] == ["620102"]
    assert [place.code for place in places_of(text, outlet_region="540100")] == ["540102"]
    assert places_of(text) == ()


def test_unknown_outlet_region_counts_as_none():
    text = "驿城区昨日召开会议,驿城区各街道参加。"

    assert places_of(text, outlet_region="999999") == places_of(text)


def test_evidence_names_the_words_where_they_stand():
    title, text = "驛城區開會", "記者昨日在驛城區看到,驛城區的居民正在排隊。"
    (place,) = places_of(text, title)

    assert [(match.part, match.start, match.words) for match in place.matches] == [
        ("title", 0, "驛城區"),
        ("text", 5, "驛城區"),
        ("text", 11, "驛城區"),
    ]
    assert all(match.weight > 0 and "full name" in match.why for match in place.matches)


pieces = st.sampled_from(
    [
        "驿城区",
        "驛城區",
        "和平区",
        "天津",
        "湖北",
        "、",
        "。",
        "\n",
        "网讯",
        "来自",
        "我县",
        "公安",
        "美国",
        "中国",
        "🙂",
        "ａｂ",
        " ",
    ]
)


@given(
    text=st.lists(pieces, max_size=40).map("".join),
    title=st.none() | st.lists(pieces, max_size=5).map("".join),
    outlet=st.sampled_from([None, "120101", "411702", "420000", "1"]),
)
def test_whatever_the_text_evidence_stands_in_it_and_no_code_comes_twice(text, title, outlet):
    places = places_of(text, title, outlet)
    codes = [place.code for place in places]

    assert len(set(codes)) == len(codes)
    assert set(codes) <= regions().keys()
    for match in (match for place in places for match in place.matches):
        whole = text if match.part == "text" else title
        assert whole[match.start : match.start + len(match.words)] == match.words


@pytest.mark.skipif("FANGZHI_SHARED" not in os.environ, reason="FANGZHI_SHARED names no folder of measuring texts")
def test_samples_get_the_places_of_their_gold_without_an_outlet():
    gold = Path(os.environ["FANGZHI_SHARED"], "samples", "gold.jsonl").read_text("utf-8").splitlines()
    documents = [json.loads(line) for line in gold]
    mains = [(places_of("\n".join(one["text"]), one["title"]) or (None,))[0] for one in documents]

    assert [main and name_path(main.code) for main in mains] == [one["place"] for one in documents]
