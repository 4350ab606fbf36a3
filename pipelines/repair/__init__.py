"""Undo damage to text, by a log that can be read and reversed.

`RULES` is the one list of repairs, in the order in which they apply; `LINE_RULES` work on the lines of an article.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.records import Page, Repair
from pipelines.repair.compatibility import may_stand_in, write_plainly
from pipelines.repair.engine import Rule, apply_rules, undo
from pipelines.repair.escapes import may_be_escaped, read_escapes
from pipelines.repair.headline import drop_spliced_headline, may_hold_headline
from pipelines.repair.invisible import drop_invisible, may_be_invisible
from pipelines.repair.join_lines import join_wrapped_lines, may_be_wrapped
from pipelines.repair.locate import locate, of_lines
from pipelines.repair.mirror_marks import (
    drop_dirt_before_marks,
    may_be_doubled,
    may_be_led,
    may_look_alike,
    undouble_marks,
    write_look_alikes,
)
from pipelines.repair.mojibake_chinese import may_be_chinese_mojibake, undo_chinese_mojibake
from pipelines.repair.mojibake_latin import may_be_latin_mojibake, undo_latin_mojibake
from pipelines.repair.nodes import repair_tree
from pipelines.repair.page_numbers import drop_page_numbers, may_be_paged
from pipelines.repair.part_headings import may_be_run_in, part_headings
from pipelines.repair.repeated import keep_sections_once, may_repeat
from pipelines.repair.script import script_of
from pipelines.repair.spam import spam_lines, spam_title
from pipelines.repair.survey import Survey
from pipelines.repair.undo_pinyin import may_have_pinyin, undo_pinyin

__all__ = [
    "LINE_RULES", "RULES", "Repaired", "locate", "repair_lines", "repair_page", "repair_text", "script_of",
    "spam_lines", "spam_title", "undo",
]  # fmt: skip

RULES = (
    Rule("read_escapes", may_be_escaped, read_escapes),
    Rule("undo_chinese_mojibake", may_be_chinese_mojibake, undo_chinese_mojibake),
    Rule("undo_latin_mojibake", may_be_latin_mojibake, undo_latin_mojibake),
    Rule("drop_invisible", may_be_invisible, drop_invisible),
    Rule("undo_pinyin", may_have_pinyin, undo_pinyin),
    Rule("write_look_alikes", may_look_alike, write_look_alikes),
    Rule("undouble_marks", may_be_doubled, undouble_marks),
    Rule("drop_dirt_before_marks", may_be_led, drop_dirt_before_marks),
    Rule("drop_spliced_headline", may_hold_headline, drop_spliced_headline, of_page=True),
    Rule("write_plainly", may_stand_in, write_plainly),
)
LINE_RULES = (
    Rule("drop_page_numbers", may_be_paged, drop_page_numbers),
    Rule("part_headings", may_be_run_in, part_headings),
    Rule("join_wrapped_lines", may_be_wrapped, join_wrapped_lines),
    Rule("keep_sections_once", may_repeat, keep_sections_once),
)


class Repaired(NamedTuple):
    """A text with its damage undone, and the log in offsets of that text, in order of place."""

    text: str
    repairs: tuple[Repair, ...]


def repair_text(text: str, *, lines: bool = True) -> Repaired:
    """Return a text repaired, taken by itself: all rules, then (where `lines`) those of line structure.

    >>> repair_text("驛城區(qū)政府召開會議").text
    '驛城區政府召開會議'
    """
    fixed, log = apply_rules(text, RULES)
    if lines:
        fixed, log = apply_rules(fixed, LINE_RULES, log)
    return Repaired(fixed, log)


def repair_page(page: Page, seen: str) -> Page:
    """Return the page with the damage of its text undone: of every text node of its tree, or of its plain text.

    `seen` is what a reader sees of a page with a tree, a line each: where that shows no damage, the page comes back as
    it is. The tree is changed in place (it is the page's own). `page.repairs` counts offsets within the node that was
    repaired; `locate` turns them into offsets of the article.
    """
    return repair_tree(page, RULES, seen)


def repair_lines(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[Repair, ...]]:
    r"""Return the lines of an article with their structure restored, and the log.

    Offsets count in the lines that come out, joined by "\n"; `locate` moves them to where those lines end up.
    """
    text = "\n".join(lines)
    survey = Survey(text)
    if not any(rule.may_apply(text, frozenset()) and rule.edits(text, survey) for rule in LINE_RULES):
        return tuple(lines), ()
    fixed, log = apply_rules(text, LINE_RULES)
    return tuple(fixed.split("\n")), tuple(of_lines(repair, fixed) for repair in log)
