"""Show a text in the other script, for reading only: what is stored stays as it was published."""

from functools import lru_cache

import opencc

CONVERSIONS = {"zh-Hans": "t2s", "zh-Hant": "s2t"}  # the script to read in → OpenCC's configuration


def readable(text: str, script: str | None) -> str:
    """Return a text turned into a script, unchanged where the script is none of ours.

    >>> readable("疫情督查發布", "zh-Hans"), readable("发布", "zh-Hant"), readable("发布", None)
    ('疫情督查发布', '發佈', '发布')
    """
    if script not in CONVERSIONS:
        return text
    return str(_converter(CONVERSIONS[script]).convert(text))


@lru_cache(maxsize=4)
def _converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)
