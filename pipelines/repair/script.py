"""Name the script of a text, and tell traditional text that people wrote from text that a machine converted."""

import re
from functools import cache

from pipelines.repair.chinese import in_big5, simple_of

_HAN = re.compile("[\u3400-\u9fff]+")
_KANA = re.compile("[\u3041-\u30fa]+")
# words that a character-by-character converter leaves as simplified text has them, and as people write them
_CONVERTED = re.compile(
    "[關对對由至位屬用處等終基善]于|于(?:是|今|昨|本|此|[一二三四五六七八九十0-9])|[之以然今最前先事會课課病灾災]后|后[來续續期勤]"
    "|[這那哪心家城村夜手眼店]里|里[面邊]|采[取用訪購集納]|沖[突擊]|制[造作品]|聯系|關系|干[部事活警]|[戰奮搏]斗|斗爭"
    "|并[且在將对對向不]|批准|標准|准備|占[領有]|台風|周[年末邊]|松[懈散]|復[查核制]印?|制售|剩余|余[人名次元]"
)
_WRITTEN = re.compile(
    "[關對由至位屬用處等終基善]於|於(?:是|今|昨|本|此|[一二三四五六七八九十0-9])|[之以然今最前先事會課病災]後|後[來續期勤]"
    "|[這那哪心家城村夜手眼店][裡裏]|[裡裏][面邊]|採[取用訪購集納]|衝[突擊]|製[造作品]|聯繫|關係|幹[部事活警]|[戰奮搏]鬥|鬥爭"
    "|[並併][且在將對向不]|標準|準備|佔[領有]|颱風|週[年末邊]|鬆[懈散]|複[查核製]印?|剩餘|餘[人名次元]"
)


@cache
def _sides() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds characters that only traditional text writes, and those that only simplified text does.

    Those are simple forms of others that traditional text keeps apart.
    """
    simple = simple_of()
    hans = frozenset(other for other in simple.values() if other not in simple and not in_big5(other))
    common = (sorted(one for one in chars if one <= "\uffff") for chars in (simple, hans))
    traditional, simplified = (re.compile(f"[{''.join(chars)}]+") for chars in common)
    return traditional, simplified


def _count(pattern: re.Pattern[str], text: str) -> int:
    """Return how many characters lie in what a pattern of runs finds: far cheaper than to look at each."""
    return sum(map(len, pattern.findall(text)))


def script_of(text: str) -> str:
    """Return "zh-Hans", "zh-Hant", "zh-Hant-x-converted" (traditional by machine), or "other".

    >>> script_of("各级干部深入村里了解情况"), script_of("各級幹部深入村裡瞭解情況,關於災後重建")
    ('zh-Hans', 'zh-Hant')
    >>> script_of("各級干部深入村里了解情況,關于災后重建")
    'zh-Hant-x-converted'
    """
    han = _count(_HAN, text)
    if not han or (han < 0.2 * len(text) and han < 0.2 * sum(map(str.isalpha, text))):
        return "other"
    if _count(_KANA, text) > 0.1 * han:
        return "other"
    traditional, simplified = _sides()
    if (count := _count(traditional, text)) == 0 or count <= _count(simplified, text):
        return "zh-Hans"
    converted, written = len(_CONVERTED.findall(text)), len(_WRITTEN.findall(text))
    return "zh-Hant-x-converted" if converted > 2 * written else "zh-Hant"
