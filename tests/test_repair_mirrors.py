"""Every way in which mirrors spoil text is undone, and what cannot be is marked, never made up in silence."""

import difflib

import pytest

from benchmarks.mirrors import VARIANTS, damaged
from pipelines.repair import repair_text, undo

PARAGRAPHS = (
    "云溪县卫生健康局昨日召开会议，部署秋季传染病防控工作。各乡镇负责人要下到村里，对外来务工人员逐户登记，发现问题及时汇报。",
    "县医院新门诊楼从本月起开始接诊，检测项目由十二项增加到三十项，共投入2300万元。群众如有疑问，请与我们取得联系，电话由专人接听。",
    "河西街道办事处组织党员干部进社区宣传，并为独居老人送去口罩。监督员对学校食堂、集贸市场进行检查，现场下达整改意见书。",
    "老李的修鞋铺开在车站对面，铺子只有六平方米，修鞋、配钥匙，一干就是二十年。他说：“只要还有人来，我就不关门。”",
    "全县安排专项资金1.2亿元，用于农村道路、饮水工程和学校建设，受益群众超过15万人。县长在讲话中强调，要把好事办实、实事办好。",
    "去年全县实现生产总值186亿元，同比增长7.4%。工业园区新增企业23家，其中规模以上企业9家，带动就业三千余人。",
)
TEXT = "\n".join(PARAGRAPHS)
LOSSES = {"private use marked": 0.04, "private use dropped": 0.02, "half-width marks, dropped": 0.02}  # the rest: 0.01


@pytest.fixture(scope="module", params=VARIANTS)
def case(request):
    held, printed = damaged(TEXT, request.param)
    return request.param, held, printed, repair_text(printed, lines=False)


def test_what_was_spoilt_comes_back_or_is_marked(case):
    name, held, printed, repaired = case
    marked = silent = 0
    for kind, one, two, three, four in difflib.SequenceMatcher(None, held, repaired.text, autojunk=False).get_opcodes():
        near = [fix for fix in repaired.repairs if fix.start <= four and fix.end >= three]
        said = "\ufffd" in repaired.text[three:four] or any(not fix.certain for fix in near)
        size = max(two - one, four - three) * (kind != "equal")
        marked, silent = (marked + size, silent) if said else (marked, silent + size)

    assert printed != held
    assert silent == 0
    assert marked <= LOSSES.get(name, 0.01) * len(held)


def test_no_reading_is_left_and_the_log_leads_back(case):
    _, _, printed, repaired = case

    assert not any(sign in repaired.text for sign in ("ā", "é", "ǐ", "ò", "ù", "(huì", "(xian"))
    assert undo(repaired.text, repaired.repairs) == printed
    assert repair_text(repaired.text, lines=False) == (repaired.text, ())


def test_a_question_in_a_damaged_page_stays_a_question():
    _, printed = damaged(
        "这家铺子还开门吗?春风一吹,老李就来了。县里的领导问他:\n你们取得联系没有?他说,一直有联系。", "wide"
    )

    assert "?春風一吹" in repair_text(printed).text
    assert "沒有?他說" in repair_text(printed).text
