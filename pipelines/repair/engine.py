"""Apply rules to text until none finds anything, and keep the log in offsets of the text that comes out."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from pipelines.records import Repair
from pipelines.repair.edit import Edit
from pipelines.repair.odd import odd_in
from pipelines.repair.survey import Survey

Log = tuple[Repair, ...]
_ROUNDS = 6  # layers of damage that are undone; text with more than three has not been seen


class Rule(NamedTuple):
    """A repair: its name, a cheap test whether it can apply at all, and what it would change, in order of place.

    The test is given the text and the set of its odd characters (see `odd_in`), which tells most rules at once that
    there is nothing.
    """

    name: str
    may_apply: Callable[[str, AbstractSet[str]], object]
    edits: Callable[[str, Survey], Sequence[Edit]]
    of_page: bool = False  # the test needs the text of the whole page, not of one of its nodes


def apply_rules(text: str, rules: Sequence[Rule], log: Log = ()) -> tuple[str, Log]:
    """Return one text with all rules applied to a fixed point, and the log, in order of place.

    `log` is what was done to the text before; the log that comes back leads all the way back.
    """
    [text], [log] = apply_to_all([text], rules, [log])
    return text, log


def apply_to_all(texts: Sequence[str], rules: Sequence[Rule], logs: Sequence[Log] = ()) -> tuple[list[str], list[Log]]:
    """Return the texts of one page with all rules applied to a fixed point, and a log for each.

    A rule sees what the rules before it left, and decides by all texts together; it goes on until nothing changes.
    """
    texts = list(texts)
    logs = list(logs) or [()] * len(texts)
    odd = [odd_in(text) for text in texts]
    survey = Survey("\n".join(texts))
    for _ in range(_ROUNDS):
        changed = False
        for rule in rules:
            hit = False
            if rule.of_page and not rule.may_apply(survey.text, frozenset()):
                continue
            for number, text in enumerate(texts):
                if (rule.of_page or rule.may_apply(text, odd[number])) and (edits := rule.edits(text, survey)):
                    texts[number], logs[number] = compose(text, logs[number], rule.name, edits)
                    if texts[number] != text:
                        odd[number], hit = odd_in(texts[number]), True
            if hit:
                survey, changed = Survey("\n".join(texts), before=survey), True
        if not changed:
            break
    return texts, logs


def undo(text: str, repairs: Sequence[Repair], offset: int = 0) -> str:
    """Return the damaged text again: put every `before` back in place of its `after`.

    The repairs stand in order of place; `offset` is where the text begins in the text that they count from.
    """
    pieces: list[str] = []
    place = 0
    for repair in repairs:
        pieces += (text[place : repair.start - offset], repair.before)
        place = repair.end - offset
    return "".join((*pieces, text[place:]))


def compose(text: str, log: tuple[Repair, ...], rule: str, edits: Sequence[Edit]) -> tuple[str, tuple[Repair, ...]]:
    """Return the text with one rule's edits made, and the log moved along with them.

    Where an edit changes again what an earlier repair made, one record that names both rules takes their place, so
    that the log never overlaps and always leads back to the text that first came in.
    """
    changes = [edit for edit in edits if text[edit.start : edit.end] != edit.after]
    if not changes:
        return text, log
    pieces: list[str] = []
    new_log: list[Repair] = []
    place = moved = 0
    for start, end, repairs, group in _groups(log, changes):
        if not group:
            new_log += (_moved(repair, moved) for repair in repairs)
            continue
        after = _edited(text, start, end, group)
        names = dict.fromkeys((*(name for repair in repairs for name in repair.rule.split("+")), rule))
        new_log.append(
            Repair(
                rule="+".join(names),
                before=undo(text[start:end], repairs, start),
                after=after,
                start=start + moved,
                end=start + moved + len(after),
                certain=all(repair.certain for repair in repairs) and all(edit.certain for edit in group),
            )
        )
        pieces += (text[place:start], after)
        place = end
        moved += len(after) - (end - start)
    return "".join((*pieces, text[place:])), tuple(one for one in new_log if one.before != one.after)


def _groups(log: Sequence[Repair], edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Repair], list[Edit]]]:
    """Yield (start, end, repairs, edits) for every run of them that overlap, in order of place."""
    both: list[Repair | Edit] = sorted((*log, *edits), key=lambda one: one.start)
    start = end = -1
    repairs: list[Repair] = []
    group: list[Edit] = []
    for one in both:
        if one.start >= end and (repairs or group):
            yield start, end, repairs, group
            repairs, group, start = [], [], one.start
        elif not (repairs or group):
            start = one.start
        end = max(end, one.end)
        if isinstance(one, Edit):
            group.append(one)
        else:
            repairs.append(one)
    if repairs or group:
        yield start, end, repairs, group


def _edited(text: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    pieces: list[str] = []
    place = start
    for edit in edits:
        pieces += (text[place : edit.start], edit.after)
        place = edit.end
    return "".join((*pieces, text[place:end]))


def _moved(repair: Repair, by: int) -> Repair:
    return Repair(
        rule=repair.rule,
        before=repair.before,
        after=repair.after,
        start=repair.start + by,
        end=repair.end + by,
        certain=repair.certain,
        part=repair.part,
    )
