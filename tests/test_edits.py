"""What was edited is classed by rules, each with cases for and against it; comparing is the same both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.edits.classes import RULES, Kind, edits_between
from pipelines.edits.compare import compare, hunks
from tests.tables import table

ROWS = table("edits")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["label"])
def test_edit_is_of_its_kind(row):
    old, new = row.get("title", (None, None))
    found = edits_between((old, row["old"]), (new, row["new"]))

    assert [edit.kind.value for edit in found.edits] == row["kinds"]
    assert 0 < found.changed <= 1


def test_every_rule_has_a_case_for_and_one_against_it():
    named = [kind for row in ROWS for kind in row["kinds"]]

    assert {kind for kind, _ in RULES} == set(Kind) == {Kind(kind) for kind in named}
    assert all(any(kind.value not in row["kinds"] for row in ROWS) for kind in Kind)


lines = st.lists(st.text("甲乙丙丁12，。", max_size=12), max_size=6).map("\n".join)


@given(lines, lines)
def test_both_sides_of_a_comparison_are_the_two_texts(old, new):
    pairs = compare(old, new)

    assert "".join(part.text for pair in pairs for part in pair.old) == old.replace("\n", "")
    assert "".join(part.text for pair in pairs for part in pair.new) == new.replace("\n", "")
    for pair in pairs:
        for hunk in hunks(pair):
            assert hunk.old[hunk.start : hunk.start + len(hunk.before)] == hunk.before


@given(lines, lines)
def test_nothing_is_edited_where_nothing_differs_and_something_where_it_does(old, new):
    found = edits_between((None, old), (None, new))

    assert (found.changed > 0) == bool(found.edits)
    assert not edits_between(("t", old), ("t", old)).edits


def test_a_long_text_that_was_written_anew_is_not_compared_line_by_line():
    old, new = ("\n".join(f"{word}第{n}行" for n in range(300)) for word in ("甲", "乙"))
    kinds = {edit.kind for edit in edits_between((None, old), (None, new)).edits}

    assert kinds == {Kind.CUT, Kind.ADDED}
