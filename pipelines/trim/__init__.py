"""Cut the furniture that survived extraction, a named rule and a record for every line."""

import re
from dataclasses import replace
from itertools import accumulate

from pipelines.extract.body import is_running
from pipelines.extract.fold import simplify
from pipelines.extract.titles import CUT_OFF, fold
from pipelines.names import is_name, split_names
from pipelines.records import Draft, Trimmed
from pipelines.trim.rules import RULES

LONGEST = 300  # a furniture line is short; a longer one is asked about its beginning only
INNER = re.compile(r"(?<=[\u4e00-\u9fff])[\s·•*—-]+(?=[\u4e00-\u9fff])")  # 延伸 · 推荐 is 延伸推荐
PARAGRAPH = 25  # characters of a line that ends as sentences do: the names of other articles do not
SHORT = 24  # characters of running text, a line under the headline, below which more of the head may follow
FEW_WORDS = 14  # characters
LEAST_SUMMARY = 15  # characters of a summary, signs not counted
DATED = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]")
ENDS = ("。", "”", "！", "？", "!", "?", "」")
BY_PLACE = {
    place: [rule for rule in RULES if rule.where == place] for place in ("line", "head", "tail", "cut", "list", "strip")
}


def trim(draft: Draft) -> Draft:
    """Return the draft without the lines that are no part of the article, and the record of each."""
    folded = [simplify(line[:LONGEST]) for line in draft.lines]
    verdicts: list[str | None] = [None] * len(folded)
    _cut_above_headline(draft, verdicts)
    for index, line in enumerate(folded):
        if verdicts[index] is None:
            verdicts[index] = _first("line", line)
    _cut_sections(folded, verdicts)
    _clear_ends(folded, verdicts)
    _cut_above_dateline(folded, verdicts)
    _cut_repeated_summary(folded, verdicts)
    kept = []
    gone = []
    for line, verdict in zip(draft.lines, verdicts, strict=True):
        if verdict:
            gone.append(Trimmed(rule=verdict, line=line))
            continue
        stripped, records = _strip(line)
        gone.extend(records)
        if stripped:
            kept.append(stripped)
    return replace(draft, lines=tuple(kept), trimmed=(*draft.trimmed, *gone))


def begins_foreign(line: str) -> bool:
    """Say whether a line begins what is not about the article: a list of others, a comment box, the page's foot."""
    folded = simplify(line[:LONGEST])
    return (_first("cut", folded) or _first("list", folded)) in {"related-list", "comment-box", "neighbours"}


def _first(place: str, line: str) -> str | None:
    if place in {"list", "cut"}:
        line = INNER.sub("", line)
    return next((rule.name for rule in BY_PLACE[place] if rule.pattern.search(line)), None)


def _cut_above_headline(draft: Draft, verdicts: list[str | None]) -> None:
    """Mark the headline, where it is repeated at the top of the text, and what stands above it."""
    if not draft.title:
        return
    key = fold(draft.title)
    if any(fold(line) == key for line in draft.head[-6:]):
        _mark_names(draft.lines, verdicts, 0)
    for index, line in enumerate(draft.lines[:25]):
        size = _lines_of_headline(draft.lines[index : index + 3], key)
        if size:
            verdicts[:index] = ["above-headline"] * index
            if size == 1 and [fold(line) for line in draft.lines[index + 1 : index + 2]] == [key]:
                size = 2  # cut off, or in short, and whole on the line below
            verdicts[index : index + size] = ["headline"] * size
            _mark_names(draft.lines, verdicts, index + size)
            return
        if is_running(line) and len(line) > 60:
            return


def _lines_of_headline(lines: tuple[str, ...], key: str) -> int:
    """Return over how many of these lines the headline (folded) is said, from the first on; 0 where it is not."""
    here = fold(lines[0])
    whole = len(here) * 4 >= len(key) * 3 and here in key
    if here and (here == key or (len(here) > 7 and (whole or (key in here and len(here) < len(key) + 6)))):
        return 1
    for size in range(2, len(lines) + 1):
        here += fold(lines[size - 1])
        if len(key) > 7 and here == key:
            return size
    return 0


def _cut_repeated_summary(folded: list[str], verdicts: list[str | None]) -> None:
    """Mark the first line where the text then begins with its words and goes on: a summary made of its beginning."""
    kept = [index for index, verdict in enumerate(verdicts) if verdict is None]
    if len(kept) < 2:
        return
    words, following = fold(CUT_OFF.sub("", folded[kept[0]])), fold(folded[kept[1]])
    text = "".join(fold(folded[index]) for index in kept[1:6])
    if len(words) >= LEAST_SUMMARY and following != words and text.startswith(words):
        verdicts[kept[0]] = "repeated-summary"


def _mark_names(lines: tuple[str, ...], verdicts: list[str | None], index: int) -> None:
    """Mark a line of nothing but names under the headline: who wrote an essay, as newspapers print it."""
    if index < len(lines):
        words = split_names(simplify(lines[index]))
        if all(is_name(word) for word in words) and (len(words) > 1 or len(words[0]) > 2) and len(words) <= 4:
            verdicts[index] = "names-only"


def _cut_sections(folded: list[str], verdicts: list[str | None]) -> None:
    """Mark what begins a list, a comment box or a statement, and everything after it.

    Where much of the text follows, the heading stands above a box within the article: the box alone is marked, up to
    the next paragraph.
    """
    running = [
        len(line) if verdict is None and is_running(line) else 0 for line, verdict in zip(folded, verdicts, strict=True)
    ]
    total, seen = sum(running), 0
    left = _sums_from_the_end([len(line) for line in folded])  # characters from each line on, and those of paragraphs
    text = _sums_from_the_end([len(line) if _is_paragraph(line) else 0 for line in folded])
    for index, line in enumerate(folded):
        seen += running[index]
        if verdicts[index] not in {None, "buttons"} or seen * 5 <= total or len(line) > 200:
            continue
        # what follows is a list of other articles where most of it is short, or cut off
        is_list = text[index + 1] * 2 < left[index + 1] + 1
        rule = _first("cut", line) or (_first("list", line) if is_list else None)
        if rule is None:
            continue
        stop = len(folded)
        if rule == "related-list" and text[index + 1] * 5 > total * 2:
            stop = next((later for later in range(index + 1, len(folded)) if _is_paragraph(folded[later])), stop)
        for later in range(index, stop):
            verdicts[later] = verdicts[later] or rule
        if stop == len(folded):
            return


def _sums_from_the_end(sizes: list[int]) -> list[int]:
    return [*accumulate(reversed(sizes), initial=0)][::-1]


def _is_paragraph(line: str) -> bool:
    return len(line) > PARAGRAPH and line.endswith(ENDS)


def _clear_ends(folded: list[str], verdicts: list[str | None]) -> None:
    """Mark the furniture that is known by standing before the first or after the last running text."""
    for place, order in (("head", range(len(folded))), ("tail", range(len(folded) - 1, -1, -1))):
        passed = 0
        for index in order:
            if verdicts[index]:
                continue
            rule = _first(place, folded[index])
            if rule:
                verdicts[index] = rule
            elif is_running(folded[index]):
                passed += len(folded[index])
                if place == "tail" or passed > SHORT:
                    break


def _cut_above_dateline(folded: list[str], verdicts: list[str | None]) -> None:
    """Mark the few words that stand above the line of date and source: who reports, a headline's second line."""
    above: list[int] = []
    for index, line in enumerate(folded):
        if verdicts[index] in {"dateline", "labels"} or (verdicts[index] and DATED.search(line)):
            for place in above:
                verdicts[place] = "above-dateline"
            return
        if verdicts[index] is None:
            above.append(index)
            if len(line) > FEW_WORDS or len(above) > 2 or is_running(line):
                return


def _strip(line: str) -> tuple[str, list[Trimmed]]:
    records = []
    for rule in BY_PLACE["strip"]:
        found = rule.pattern.search(simplify(line[-LONGEST:]))
        if found:
            start = max(0, len(line) - LONGEST) + found.start()
            end = max(0, len(line) - LONGEST) + found.end()
            records.append(Trimmed(rule=rule.name, line=line[start:end].strip()))
            line = (line[:start] + line[end:]).strip()
    return line, records
