"""Every row of damage is undone by name, every honest row survives, every known failure still fails."""

import pytest

from pipelines.repair import LINE_RULES, RULES, repair_text, spam_lines, undo
from tests.tables import cases, table


@pytest.mark.parametrize("row", cases("repairs/wild"))
def test_damage_is_undone_and_named(row):
    repaired = repair_text(row["original"])

    assert repaired.text == row["fixed"]
    assert sorted({name for repair in repaired.repairs for name in repair.rule.split("+")}) == row["repairs"]


@pytest.mark.parametrize("row", cases("repairs/wild"))
def test_the_log_alone_leads_back_to_the_damage(row):
    repaired = repair_text(row["original"])

    assert undo(repaired.text, repaired.repairs) == row["original"]
    assert all(repaired.text[one.start : one.end] == one.after for one in repaired.repairs)


@pytest.mark.parametrize("row", cases("repairs/wild"))
def test_repairing_what_is_repaired_changes_nothing(row):
    once = repair_text(row["original"]).text

    assert repair_text(once) == (once, ())


@pytest.mark.parametrize("row", cases("repairs/negative"))
def test_odd_but_intended_text_is_left_alone(row):
    assert repair_text(row["text"]) == (row["text"], ())


@pytest.mark.parametrize("row", cases("repairs/spam"))
def test_spam_in_the_text_is_told_and_stays(row):
    assert list(spam_lines(row["text"].split("\n"))) == row["spam"]
    assert repair_text(row["text"]).text == row["text"]


@pytest.mark.xfail(strict=True, reason="see tests/cases/repairs/README.md")
@pytest.mark.parametrize("row", cases("repairs/known-failures"))
def test_known_failures_still_fail(row):
    assert repair_text(row["original"]).text == row["fixed"]


def test_every_rule_has_a_row():
    named = {name for row in table("repairs/wild") for name in row["repairs"]}

    assert named == {rule.name for rule in (*RULES, *LINE_RULES)}
