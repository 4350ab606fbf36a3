"""Text that a machine turned traditional is found and read as it was written, whichever machine it was."""

import opencc
import pytest

from browse.scripts import readable
from fangzhi.demo.damage import converted
from pipelines.fold import fold
from pipelines.repair import script_of

WRITTEN = (
    "关于进一步做好防汛工作的通知印发后，各级干部深入村里了解情况，背着面粉和药品走进群众家里，只用三天就走完了全部村组。",
    "会后，县卫生局台账显示，占用河道的建筑已拆除九处，余下的三处由制药厂、面粉厂自行清理，准备工作并未结束。",
    "他说，台风过后，灾后重建要采取有力措施，冲在前面的是党员，斗争中成长的是干部，松懈不得，周末也要值班。",
    "云溪县的谷子、核桃和土布系当地特产，着力打造的品牌在省里有了名气，几家合作社的征订合同已签到明年秋后。",
)


@pytest.mark.parametrize("machine", ["table", "s2t", "s2tw", "s2hk"])
@pytest.mark.parametrize("text", WRITTEN)
def test_the_original_wording_comes_back(text, machine):
    turned = converted(text) if machine == "table" else opencc.OpenCC(machine).convert(text)

    assert turned != text
    assert fold(turned) == fold(text)
    assert readable(turned, "zh-Hans") == text


def test_what_a_table_made_is_named_so():
    assert script_of(converted("".join(WRITTEN))) == "zh-Hant-x-converted"
    assert script_of("".join(WRITTEN)) == "zh-Hans"
