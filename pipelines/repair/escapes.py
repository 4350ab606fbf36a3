r"""Rule: read escapes that were left in the text: &#20113;, &amp;nbsp;, \u4e91, %u4e91."""

import html
import re
from collections.abc import Set as AbstractSet

from pipelines.repair.edit import Edit
from pipelines.repair.odd import places_of
from pipelines.repair.survey import Survey

_NAMES = "nbsp|ensp|emsp|quot|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|bull|times|laquo|raquo|copy|reg|deg|yen"
# &lt; and &gt; stay: who writes of markup means them; &amp; goes where it hides another entity, or joins two names
_ENTITY = re.compile(
    rf"&(?:#\d{{2,7}};|#[xX][0-9a-fA-F]{{2,6}};|(?:{_NAMES});|amp;(?=(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|{_NAMES});)"
    r"|(?<=[A-Za-z]&)amp;(?=[A-Za-z]))"
)
_UNICODE = re.compile(r"(?:(?:\\u|%u)[0-9a-fA-F]{4}){2,}")
_UNIT = re.compile(r"[0-9a-fA-F]{4}")


def may_be_escaped(text: str, odd: AbstractSet[str]) -> object:
    """Say whether an escape stands anywhere."""
    if "&" in odd and any(_ENTITY.match(text, place) for place in places_of("&", text)):
        return True
    return (("\\" in odd and "\\u" in text) or ("%" in odd and "%u" in text)) and _UNICODE.search(text)


def read_escapes(text: str, _survey: Survey) -> list[Edit]:
    """Put characters in place of entities and of runs of escapes; a single escape is somebody's example and stays."""
    edits = []
    for found in _ENTITY.finditer(text):
        after = html.unescape(found[0])
        if (after != found[0] and after.isprintable()) or after == "\xa0":
            edits.append(Edit(found.start(), found.end(), after))
    for found in _UNICODE.finditer(text):
        units = b"".join(bytes.fromhex(unit) for unit in _UNIT.findall(found[0].replace("u", " ").replace("\\", " ")))
        after = units.decode("utf-16-be", "replace")
        if any(character > "\x7f" for character in after) and "\ufffd" not in after:
            edits.append(Edit(found.start(), found.end(), after))
    return sorted(edits)
