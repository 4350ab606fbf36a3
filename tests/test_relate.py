"""Copies of one text have one probable original, for a reason that is told; digests tell texts apart."""

from dataclasses import replace

import opencc
import pytest

from pipelines.fingerprint import MIN_COPY, content_digest, fingerprint
from pipelines.relate import ORIGINAL, Copy, rank

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
