"""Damage is undone and logged, the log leads back, and honest text is left alone."""

import pytest

from pipelines.repair import (
    compatibility,
    invisible,
    mirror_marks,
    mojibake_chinese,
    mojibake_latin,
    repair_lines,
    repair_text,
    script_of,
    spam_title,
    undo,
)
from pipelines.repair.odd import odd_in
from pipelines.repair.pinyin import marks


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("思想?yún)R報(bào)", "思想匯報"),
        ("產(chǎn)鐵(tiě)、銅(tóng)、鋁(lǚ)等", "產鐵、銅、鋁等"),  # 、銅 holds the two bytes of the euro sign
        ("我們?nèi)〉寐?lián)系", "我們取得聯系"),
        ("因?yàn)樘岬絇DM", "因為提到PDM"),
        ("部?jī)?nèi)涵建設(shè)", "部內涵建設"),
        ("驛城區(qū)衛(wèi)生計生監(jiān)督所", "驛城區衛生計生監督所"),
    ],
)
def test_injected_pinyin_is_undone_and_the_log_leads_back(damaged, text):
    repaired = repair_text(damaged)

    assert repaired.text == text
    assert undo(repaired.text, repaired.repairs) == damaged


@pytest.mark.parametrize(
    "text",
    [
        "重(zhòng)庆和重(chóng)复,读音不同。",
        "龟(qiū)兹古国,今新疆库车一带。",
        "本次选择题:(a)正确 (b)错误",
        "這是“樂(yuè)”字,不讀“樂(lè)”。",
    ],
)
def test_an_honest_annotation_survives(text):
    assert repair_text(text) == (text, ())


def test_script_and_spam_are_named():
    assert script_of("关于做好防汛工作的通知") == "zh-Hans"
    assert spam_title("久久精品视频_国产一区二区三区免费观看") != ()
    assert spam_title("警方捣毁一博彩网站") == ()


@pytest.mark.parametrize(
    "looked_for",
    [
        compatibility._STANDING_IN, compatibility._WIDE, invisible._ANY, mirror_marks._ALIKE, mirror_marks.RARE_HAN,
        mojibake_chinese._ODD, mojibake_chinese._LETTERS, mojibake_latin._FIRST, marks.TONED,
    ],
)  # fmt: skip
def test_every_character_that_a_rule_looks_for_is_odd(looked_for):
    assert set(looked_for) <= odd_in("".join(looked_for))


def test_lines_without_damage_come_back_as_they_are():
    lines = ("云溪县召开防汛会议", "会议要求,各乡镇落实责任。")

    assert repair_lines(lines) == (lines, ())
