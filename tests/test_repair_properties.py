"""Laws of repair over generated damage: injected pinyin is undone, twice is once, and the log leads back."""

import time
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.repair import repair_text, undo
from pipelines.repair.pinyin.readings import first_reading

SENTENCES = (
    "雲溪縣衛生健康局昨日召開會議,部署秋季傳染病防控工作。",
    "縣醫院新門診樓從本月起開始接診,檢測項目由十二項增加到三十項。",
    "各鄉鎮負責人要下到村里,對外來務工人員逐戶登記,發現問題及時匯報。",
    "河西街道辦事處組織黨員干部進社區宣傳,并為獨居老人送去口罩。",
    "群眾如有疑問,請與我們取得聯系,電話由專人接聽。",
    "監督員對學校食堂、集貿市場進行檢查,現場下達整改意見書。",
)
LISTED = "雲縣衛開會議傳醫門診樓從檢測項對來務員戶發現問題時匯報辦組織黨進區為獨請與們聯電話專監學場實責負鄉鎮"
READINGS = {character: first_reading(character) for character in LISTED}
TONES = {0x300: None, 0x301: None, 0x304: None, 0x30C: None}


def inject(text: str, readings: Mapping[str, str]) -> str:
    """Put each listed character's reading behind its two bytes wherever they stand, in step or not.

    As the tools do, a first byte that loses its second to a "(" becomes one "?" together with it.
    """
    data = text.encode("gb18030")
    for character, reading in readings.items():
        pair = character.encode("gbk")
        data = data.replace(pair, pair + f"({reading})".encode("gb18030"))
    return _as_mirrors_read(data)


def _as_mirrors_read(data: bytes) -> str:
    pieces, place = [], 0
    while place < len(data):
        if data[place] < 0x80:
            pieces.append(chr(data[place]))
            place += 1
            continue
        try:
            pieces.append(data[place : place + 2].decode("gb18030"))
        except UnicodeDecodeError:
            pieces.append("?")
        place += 2
    return "".join(pieces)


texts = st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=8).map("".join)
lists = st.sets(st.sampled_from(LISTED), min_size=12).map(lambda some: {one: READINGS[one] for one in sorted(some)})


@settings(max_examples=150, deadline=None)
@given(texts, lists)
def test_injected_pinyin_is_undone_where_nothing_was_lost(text, readings):
    damaged = inject(text, readings)
    repaired = repair_text(damaged, lines=False)

    assert undo(repaired.text, repaired.repairs) == damaged
    if loses_nothing(text, damaged):
        assert repaired.text == text


def loses_nothing(text: str, damaged: str) -> bool:
    """Say whether every "?" of the damage is followed by the reading that names its byte."""
    return all(place[:1].isalpha() and place[0] < "\u0250" for place in damaged.split("?")[1:])


@settings(max_examples=100, deadline=None)
@given(texts, lists, st.booleans())
def test_repairing_twice_is_repairing_once(text, readings, toneless):
    if toneless:
        readings = {one: unicodedata.normalize("NFD", value).translate(TONES) for one, value in readings.items()}
    once = repair_text(inject(text, readings)).text

    assert repair_text(once) == (once, ())


words = st.text(st.characters(max_codepoint=0x2122, exclude_categories=("C",)), max_size=40)
chinese = st.sampled_from(SENTENCES)
wrong = st.sampled_from([("utf-8", "latin-1"), ("utf-8", "gb18030"), ("gb18030", "latin-1"), ("gb18030", "big5hkscs")])
mojibake = st.tuples(st.one_of(words, chinese), wrong).map(
    lambda pair: pair[0].encode(pair[1][0], "replace").decode(pair[1][1], "replace")
)
damaged = st.lists(st.one_of(words, chinese, mojibake), max_size=4).map("\u200b".join)


@settings(max_examples=200, deadline=None)
@given(damaged)
def test_any_damage_is_repaired_once_and_can_be_put_back(text):
    repaired = repair_text(text)

    assert undo(repaired.text, repaired.repairs) == text
    assert repair_text(repaired.text) == (repaired.text, ())


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("區衛(qū)(wèi)?\ufffd()āa \n，，云Ã©鐨勬\ud800\u200b"), max_size=60))
def test_nothing_escapes_the_stage(text):
    repaired = repair_text(text)

    assert undo(repaired.text, repaired.repairs) == text


def cost(text):
    """Return the seconds of CPU that a text takes."""
    begun = time.process_time()
    repair_text(text)
    return time.process_time() - begun


@pytest.mark.parametrize(
    "noise",
    [
        lambda n: "區(qū)" * 3 + "?(nèi" * (20 * n) + ")" * n,
        lambda n: "區(qū)區(qū)區(qū)" + "們?nèi)" * (10 * n),
        lambda n: "區(qū)區(qū)區(qū)" + "(" * (50 * n),
        lambda n: "云溪县" * (300 * n),
        lambda n: "\n".join(f"云溪县召开第{number}次会议,部署防汛工作,要求各乡镇" for number in range(5 * n)),
        lambda n: "锟斤拷x" * (20 * n),
    ],
    ids=["nested", "broken", "parentheses", "one line", "many lines", "lost"],
)
def test_hostile_text_costs_no_more_than_its_size(noise):
    ordinary = cost("云溪县召开会议，部署防汛工作。驛城區(qū)政府(fǔ)召開會議。\n" * 1000)
    bound = 2.5 * 4 * max(cost(noise(250)), ordinary)  # a cost that grows with the square of the text would be 16 times

    # all garbage of the tests before may be collected while one is measured, hardly while each of three is
    assert any(cost(noise(1000)) < bound for _ in range(3))
