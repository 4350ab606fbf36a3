"""Rule: join lines that were wrapped in mid-sentence."""

import re
from itertools import pairwise

from pipelines.repair.edit import Edit
from pipelines.repair.survey import Survey

_HEADING = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十百]{1,3}[)）、,，.．]|第[一二三四五六七八九十\d]{1,3}[章节節条條部篇]|[(（]?\d{1,2}[)）、.．](?!\d)"
    r"|[一二三四五六七八九十]是|[①-⑳●■◆★※·•]|附[件:：]|来源|來源|责任|責任|编辑|編輯|记者|記者)"
)
_OPEN_END = re.compile(r"[\u3400-\u9fff\w,，、;；(（《“「]\s*\Z")
_SENTENCE = re.compile(r"[。！？!?]")
_LONG = 18  # characters: a line that was wrapped is long; shorter ones are headings, verses and names
_EVIDENCE = 2  # such lines before any is joined: one alone may be a paragraph that lost its full stop


def may_be_wrapped(text: str) -> object:
    """Say whether there are lines at all."""
    return "\n" in text


def join_wrapped_lines(text: str, _survey: Survey) -> list[Edit]:
    """Join a long line that ends in mid-sentence with the next, on pages where that happens again and again."""
    lines = text.split("\n")
    edits, place = [], 0
    certain = 0
    for line, following in pairwise(lines):
        place += len(line) + 1
        if not _is_wrapped(line, following):
            continue
        # the same words stand unbroken elsewhere on the page: then the break is none of the author's
        seam = line.rstrip()[-8:] + following.lstrip()[:8]
        proven = text.count(seam) > 0
        certain += proven
        end = place + len(following) - len(following.lstrip())
        start = place - 1 - (len(line) - len(line.rstrip()))
        glue = " " if line.rstrip()[-1:].isascii() and following.lstrip()[:1].isascii() and line[-1:].isalpha() else ""
        edits.append(Edit(start, end, glue, proven))
    return edits if certain or len(edits) >= _EVIDENCE else []


def _is_wrapped(line: str, following: str) -> bool:
    if len(line) < _LONG or not following.strip() or not _OPEN_END.search(line):
        return False
    if _HEADING.match(following) or not (_SENTENCE.search(line) or "," in line or "，" in line):
        return False
    return bool(_SENTENCE.search(following)) and following.lstrip()[:1] not in "“「【《(（*"
