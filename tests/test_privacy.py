"""Numbers of private persons are masked before anything is stored, found or shown; those of offices stay."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.mask import mask
from pipelines.privacy.rules import RULES

CASES = Path(__file__).parent / "cases" / "privacy"


def rows(name: str) -> list:
    given = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return [pytest.param(row, id=row["label"]) for row in given]


@pytest.mark.parametrize("row", rows("positive"))
def test_what_belongs_to_a_person_is_masked_by_its_rule(row):
    text, spans = mask(row["text"])

    assert (text, [span.rule for span in spans]) == (row["masked"], [row["rule"]])
    assert mask(text) == (text, ())


@pytest.mark.parametrize("row", rows("negative"))
def test_what_belongs_to_nobody_or_to_an_office_stays(row):
    assert mask(row["text"]) == (row["text"], ())


def test_every_rule_has_a_case():
    assert {rule.name for rule in RULES} == {row.values[0]["rule"] for row in rows("positive")}


PARTS = st.sampled_from(
    ["13800138000", "11010519491231002X", "6222021234567890128", "联系人", "热线", "，", "。", " ", "1", "a"]
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_a_masked_text_keeps_its_length_and_masking_twice_is_masking_once(text):
    once, spans = mask(text)

    assert len(once) == len(text)
    assert mask(once) == (once, ())
    assert all(one == other for place, (one, other) in enumerate(zip(text, once, strict=True))
               if not any(span.start <= place < span.end for span in spans))  # fmt: skip
