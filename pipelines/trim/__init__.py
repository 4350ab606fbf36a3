"""Cut the furniture that survived extraction, a named rule and a record for every line."""

from dataclasses import replace

from pipelines.extract.body import is_running
from pipelines.extract.fold import simplify
from pipelines.extract.headline import fold
from pipelines.records import Draft, Trimmed
from pipelines.trim.rules import RULES

LONGEST = 300  # a furniture line is short; a longer one is asked about its beginning only
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


def _first(place: str, line: str) -> str | None:
    return next((rule.name for rule in BY_PLACE[place] if rule.pattern.search(line)), None)


def _cut_above_headline(draft: Draft, verdicts: list[str | None]) -> None:
    """Mark the headline, where it is repeated at the top of the text, and what stands above it."""
    if not draft.title:
        return
    key = fold(draft.title)
    for index, line in enumerate(draft.lines[:25]):
        here = fold(line)
        if here and (here == key or (len(here) > 7 and (here in key or key in here) and len(here) < len(key) + 6)):
            for above in range(index):
                verdicts[above] = "above-headline"
            verdicts[index] = "headline"
            return
        if is_running(line) and len(line) > 60:
            return


def _cut_sections(folded: list[str], verdicts: list[str | None]) -> None:
    """Mark everything from a line on that begins a list, a comment box or a statement."""
    running = [
        len(line) if verdict is None and is_running(line) else 0 for line, verdict in zip(folded, verdicts, strict=True)
    ]
    total, seen = sum(running), 0
    for index, line in enumerate(folded):
        if verdicts[index] is None and seen * 5 > total and len(line) <= 200:
            rule = _first("cut", line) or (_first("list", line) if _is_list(folded[index + 1 :]) else None)
            if rule:
                for later in range(index, len(folded)):
                    verdicts[later] = verdicts[later] or rule
                return
        seen += running[index]


def _is_list(following: list[str]) -> bool:
    """Say whether the lines below a heading are a list of other articles, not text: mostly short, or cut off."""
    text = sum(len(line) for line in following if len(line) > 60 and line.endswith(ENDS))
    return text * 2 < sum(len(line) for line in following) + 1


def _clear_ends(folded: list[str], verdicts: list[str | None]) -> None:
    """Mark the furniture that is known by standing before the first or after the last running text."""
    for place, order in (("head", range(len(folded))), ("tail", range(len(folded) - 1, -1, -1))):
        for index in order:
            if verdicts[index]:
                continue
            rule = _first(place, folded[index])
            if rule:
                verdicts[index] = rule
            elif is_running(folded[index]):
                break


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
