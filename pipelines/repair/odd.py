"""Find the characters of a text that everyday Chinese does not hold: what most repairs look for, and few pages have."""

import re
from functools import cache

from pipelines.decode.plausible import weight

_EVERYDAY = 0.2  # more than that weighs what people write: the first levels of both standards, and marks
_SCRIPTS = (range(0x370, 0x500), range(0x3041, 0x3130))  # Greek, Cyrillic and kana: known to both, and no Chinese


@cache
def _pattern() -> re.Pattern[str]:
    everyday = "".join(
        re.escape(chr(code))
        for code in range(0x80, 0x10000)
        if weight(chr(code)) > _EVERYDAY and not any(code in script for script in _SCRIPTS)
    )
    return re.compile(f"[^\\t\\n\\r\\x20-\\x7e\xa0{everyday}]")


def odd_in(text: str) -> frozenset[str]:
    """Return the odd characters of a text: rare ones, foreign letters, full-width Latin, invisible ones, controls.

    >>> sorted(odd_in("云溪县(xiàn)衛生局１２月召开会议，"))
    ['à', '１', '２']
    """
    return frozenset(_pattern().findall(text))
