"""Looks at one address make one history; copies of one text have one probable original, for a reason that is told."""

from dataclasses import replace
from itertools import pairwise

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.outcome import Kind
from pipelines.relate import MIN_COPY, ORIGINAL, Copy, Look, content_digest, fingerprint, history, rank

TEXT = "云岭县卫生健康局召开春季传染病防控工作会议，部署校园晨检、疫苗接种和基层督查，要求各乡镇按时报送情况。"
COPY = Copy(
    article="5", outlet="a", names=("云岭日报",), kind="paper", source=None, published_at="2026-03-01T01:00:00Z",
    exact=True, first_seen="2026-03-02T00:00:00Z", repairs=3,
)  # fmt: skip
PORTAL = replace(COPY, article="3", outlet="b", names=("云岭新闻网",), kind="portal")


@pytest.mark.parametrize(("rule", "original", "other"), [
    ("named_as_source", replace(PORTAL, published_at=None), replace(COPY, source="来源：雲嶺新聞網")),
    ("kind_of_outlet", COPY, PORTAL),
    ("kind_of_outlet", replace(COPY, kind=None), replace(COPY, article="1", kind="farm")),
    ("kind_of_outlet", COPY, replace(COPY, article="1", kind=None)),
    ("printed_time", COPY, replace(COPY, article="1", published_at="2026-03-01T01:00:01Z")),
    ("printed_time", COPY, replace(COPY, article="1", published_at=None)),
    ("printed_time", COPY, replace(COPY, article="1", published_at="2026-02-28T16:00:00Z", exact=False)),
    ("first_sight", COPY, replace(COPY, article="1", first_seen="2026-03-02T00:00:01Z")),
    ("damage", COPY, replace(COPY, article="1", repairs=4)),
    ("id", COPY, replace(COPY, article="6")),
])  # fmt: skip
def test_each_rule_decides_where_those_before_it_are_silent(rule, original, other):
    for copies in ([original, other], [other, original]):
        first, second = rank(copies)

        assert (first.copy.article, first.is_original, first.rule) == (original.article, True, rule)
        assert (second.copy.article, second.is_original, second.rule) == (other.article, False, rule)


def test_evidence_names_every_rule():
    assert [set(one.values) for one in rank([COPY, PORTAL])] == [{score.__name__ for score in ORIGINAL}] * 2


def test_outlet_that_names_itself_gains_nothing():
    boastful = replace(PORTAL, source="云岭新闻网")

    assert rank([boastful, COPY])[0].copy.article == COPY.article


def test_fingerprint_is_blind_to_script_width_spaces_and_punctuation():
    traditional = opencc.OpenCC("s2t").convert(TEXT)

    assert fingerprint(TEXT) == fingerprint(f"　　{traditional}".replace("，", " , ").replace("会", "会\n"))
    assert fingerprint(TEXT) != fingerprint(TEXT.replace("春季", "秋季"))
    assert fingerprint(TEXT[: MIN_COPY - 5]) == ""


def test_content_differs_where_a_word_or_a_mark_does():
    assert (
        content_digest("标题", TEXT)
        == content_digest("标 题", TEXT.replace("，", "，\n"))
        == content_digest("标题", TEXT)
    )
    assert content_digest("标题", TEXT) != content_digest("标题", TEXT.replace("，", "。"))
    assert content_digest("标题", TEXT) != content_digest(None, TEXT)
    assert content_digest("ab", "c") != content_digest("a", "bc")


KINDS = (Kind.ARTICLE, Kind.SEEN, Kind.GONE, Kind.SKIP, Kind.FAILURE)
looks = st.builds(
    Look, st.sampled_from([f"2026-03-{day:02}T00:00:00Z" for day in range(1, 9)]), st.sampled_from("abcdef"),
    st.sampled_from(KINDS), st.sampled_from(["x", "y"]),
)  # fmt: skip


@given(st.lists(looks, unique_by=lambda look: (look.at, look.capture)), st.randoms(use_true_random=False))
def test_history_does_not_depend_on_the_order_of_looks(given_looks, random):
    assert history(given_looks) == history(random.sample(given_looks, len(given_looks)))


@given(st.lists(looks, unique_by=lambda look: (look.at, look.capture)))
def test_history_is_whole(given_looks):
    found = history(given_looks)
    read = sorted(look for look in given_looks if look.kind == Kind.ARTICLE)

    assert (found is None) == (not read)
    if found:
        contents = [version.content for version in found.versions]
        assert all(one != other for one, other in pairwise(contents))
        assert found.present == read[-1].capture
        assert found.first_seen == read[0].at
        assert found.status == ("gone" if found.gone_at else "changed" if len(contents) > 1 else "alive")
        assert all(version.seen_at <= version.last_seen for version in found.versions)


def test_block_or_error_says_nothing_about_an_article():
    read = Look("2026-03-01T00:00:00Z", "a", Kind.ARTICLE, "x")
    found = history(
        [
            read,
            Look("2026-03-02T00:00:00Z", "b", Kind.SKIP, None),
            Look("2026-03-03T00:00:00Z", "c", Kind.FAILURE, None),
        ]
    )

    assert found == history([read])
