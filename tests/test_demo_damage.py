"""The damage that the demonstration does to texts is that of real mirrors."""

import pytest

from fangzhi.demo.damage import inject


@pytest.mark.parametrize(
    ("clean", "listed", "damaged"),
    [
        ("開發區", "區", "開發區(qū)"),
        ("我們取得聯系", "內聯", "我們?nèi)〉寐?lián)系"),
        ("思想匯報", "雲報", "思想?yún)R報(bào)"),
        ("因為提到PDM", "驗", "因?yàn)樘岬絇DM"),
    ],
)
def test_injection_works_on_bytes(clean, listed, damaged):
    assert inject(clean, tuple(listed)) == damaged
