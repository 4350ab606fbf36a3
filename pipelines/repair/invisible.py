"""Rule: drop characters that nobody sees and every search stumbles over."""

import re
from collections.abc import Set as AbstractSet

from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

# zero-width space, soft hyphen, byte order mark, direction marks, word joiners, controls but tab and line ends
_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u00ad\ufeff\u2060-\u2064\u202a-\u202e\u2066-\u206f\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+"
)
# joiners mean something in Arabic, Indic scripts and emoji; beside Han or ASCII they are dirt
_JOINER = re.compile("(?<![\u0600-\u1fff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]+")

_ANY = frozenset(chr(code) for code in range(0x10000) if _INVISIBLE.match(chr(code))) | {"\u200c", "\u200d"}


def may_be_invisible(_text: str, odd: AbstractSet[str]) -> object:
    """Say whether any such character is there."""
    return not odd.isdisjoint(_ANY)


def drop_invisible(text: str, _survey: Survey) -> list[Edit]:
    """Remove them; line ends and joiners in emoji stay."""
    found = [*_INVISIBLE.finditer(text), *_JOINER.finditer(text)]
    return [Edit(one.start(), one.end(), "") for one in sorted(found, key=lambda one: one.start())]
