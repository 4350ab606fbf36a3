"""Law: copies of one text are told from texts that only look alike, whatever was done to the copy."""

import importlib
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.similar.normal import Normal
from pipelines.similar.sketch import SHARED, SIZE, signature
from pipelines.similar.verdict import HALF, Relation, same_text
from tests.tables import cases, table

HERE = Path(__file__).parent
STORIES = table("similar/stories")
stories = st.sampled_from(STORIES)


@pytest.fixture
def made(monkeypatch):
    """The makers of pairs, which the benchmark shares."""
    monkeypatch.syspath_prepend(HERE.parent / "benchmarks")
    return importlib.import_module("similar_pairs")


@pytest.mark.parametrize("row", cases("similar/same"))
def test_copies_are_one_text(row):
    verdict = same_text(row["a"], row["b"])

    assert verdict.relation is Relation.SAME, verdict.evidence


@pytest.mark.parametrize("row", cases("similar/different"))
def test_texts_that_only_look_alike_are_kept_apart(row):
    verdict = same_text(row["a"], row["b"])

    assert verdict.relation == row["relation"], verdict.evidence


@pytest.mark.xfail(strict=True, reason="see docs/reprints.md")
@pytest.mark.parametrize("row", cases("similar/known-failures"))
def test_known_failures_still_fail(row):
    assert same_text(row["a"], row["b"]).relation == row["relation"]


def test_evidence_names_what_differs_between_two_notices():
    row = next(row.values[0] for row in cases("similar/different") if row.values[0]["relation"] == "form")

    assert all(piece in same_text(row["a"], row["b"]).evidence for piece in row["evidence"])


def test_every_made_copy_is_found_and_every_look_alike_refused(made):
    pairs = [
        *made.copied(STORIES, STORIES, random.Random(3)),
        *made.siblings(random.Random(4), 4),
        *made.sequels(STORIES, random.Random(5)),
        *made.same_leads(STORIES, random.Random(6)),
        *made.strangers(STORIES, random.Random(7)),
    ]
    wrong = [
        (pair.kind, same_text(pair.a, pair.b).evidence)
        for pair in pairs
        if same_text(pair.a, pair.b).similar != pair.same
    ]

    assert len(pairs) > 120
    assert wrong == []


def test_pairs_of_the_corpus_reach_their_f1(made):
    if not (shared := os.environ.get("FANGZHI_SHARED")):
        pytest.skip("FANGZHI_SHARED is not set: no corpus to make pairs of")
    pairs = made.all_pairs(made.corpus(Path(shared, "corpus", "gold.jsonl"))[::8])
    judged = [(pair.same, same_text(pair.a, pair.b).similar) for pair in pairs]
    hits, wrong = judged.count((True, True)), sum(same != similar for same, similar in judged)

    assert 2 * hits / (2 * hits + wrong) >= 0.99


@settings(deadline=None)
@given(stories, stories, st.integers(0, 400), st.integers(0, 400))
def test_verdict_does_not_depend_on_the_order_of_the_texts(one, two, start, end):
    a, b = one, two[start:] + one[:end]
    there, back = same_text(a, b), same_text(b, a)

    assert (there.relation, there.similarity, there.of_a, there.agreeing) == (
        back.relation,
        back.similarity,
        back.of_b,
        back.agreeing,
    )
    assert [(one.a, one.b) for one in there.differences] == [(one.b, one.a) for one in back.differences]


@settings(deadline=None)
@given(stories, st.text(max_size=300))
def test_one_text_means_more_than_half_of_both(story, other):
    verdict = same_text(story, story[:200] + other)

    assert not verdict.similar or min(verdict.of_a, verdict.of_b) > HALF


@settings(deadline=None)
@given(st.text(max_size=80))
def test_a_text_is_one_with_itself_and_its_sketch_is_fixed(text):
    assert same_text(text, text).similar
    assert signature(text) == signature(Normal.of(text))
    assert len(signature(text)) in {0, SIZE}


@pytest.mark.parametrize("text", ["", "。", "方", "3", "例" * 20_000, "12例" * 5_000, "一 2 " * 4_000])
def test_texts_out_of_the_ordinary_are_compared_too(text):
    assert same_text(text, text + "方志").relation in Relation
    assert len(signature(text)) in {0, SIZE}


@pytest.mark.parametrize("story", STORIES, ids=[story[:8] for story in STORIES])
def test_a_cut_copy_shares_enough_of_its_sketch_to_be_found(story):
    copy = story[: round(len(story) * 0.6)]

    assert len(set(signature(story)) & set(signature(copy))) >= SHARED


def test_sketches_are_those_that_archives_hold():
    """Where this fails, another release of rensa sketches otherwise: look at what its archives then find."""
    assert signature(STORIES[0])[:3] == (-1898394426, 492053601, -1093192925)
