"""Hear what a local outlet calls itself: 我县, 全市, 区委 mean the outlet's own county, city or district."""

import re

from pipelines.fold import fold
from pipelines.places.regions import Level, lineage, regions

WEIGHT = 1.5
MOST = 6  # occurrences that count
_SELF = re.compile(fold(r"(?:我|全|本)([省市县区州旗])|(?<![一-鿿])([省市县区州旗])(?:委|政府|纪委|人大|政协)"))


def self_mentions(folded: str, outlet_region: str) -> list[tuple[str, int, int]]:
    """Return (code, start, end) for every word by which a text means its outlet's region or one that holds it."""
    found: list[tuple[str, int, int]] = []
    for match in _SELF.finditer(folded):
        code = _meant(match[1] or match[2], outlet_region)
        if code and len(found) < MOST:
            found.append((code, match.start(), match.end()))
    return found


def _meant(kind: str, outlet_region: str) -> str | None:
    """Return the nearest division of a kind among the outlet's region and those that hold it."""
    for code in reversed(lineage(outlet_region)):
        region = regions()[code]
        if region.name.endswith(kind) or (
            kind == "区" and region.level is Level.PROVINCE and region.name.endswith("自治区")
        ):
            return code
    return None
