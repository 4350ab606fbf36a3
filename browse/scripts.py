"""Show a text in the other script, for reading only: what is stored stays as it was published."""

from functools import lru_cache

import opencc

# the script to read in → OpenCC's configurations, one after the other: text that a machine turned traditional in the
# manner of Hong Kong or Taiwan is brought to one manner first, and then comes back as it was written
CONVERSIONS = {"zh-Hans": ("hk2t", "tw2t", "t2s"), "zh-Hant": ("s2t",)}
_LEFT = {"zh-Hans": str.maketrans("揹於", "背于"), "zh-Hant": {}}  # what they leave as it is


def readable(text: str, script: str | None) -> str:
    """Return a text turned into a script, unchanged where the script is none of ours.

    >>> readable("疫情督查發布", "zh-Hans"), readable("发布", "zh-Hant"), readable("发布", None)
    ('疫情督查发布', '發佈', '发布')
    >>> readable("幹部們背著麵粉走進村裏的衞生所", "zh-Hans")
    '干部们背着面粉走进村里的卫生所'
    """
    if script not in CONVERSIONS:
        return text
    for configuration in CONVERSIONS[script]:
        text = _converter(configuration).convert(text)
    return text.translate(_LEFT[script])


@lru_cache(maxsize=4)
def _converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)
