"""One article has one address and one id, however its address is written."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.url import article_id, canonical, cleaned


@pytest.mark.parametrize(("written", "known"), [
    ("http://daily.example/a.html", "http://daily.example/a.html"),
    ("https://daily.example/a.html", "http://daily.example/a.html"),
    ("https://daily.example:443/a.html", "http://daily.example/a.html"),
    ("http://DAILY.example:80/a.html#top", "http://daily.example/a.html"),
    ("http://daily.example", "http://daily.example/"),
    ("http://daily.example/a?id=7&utm_source=wx&from=timeline", "http://daily.example/a?id=7"),
    ("http://daily.example/a?b=2&a=1", "http://daily.example/a?a=1&b=2"),
    ("http://daily.example/a?from=list", "http://daily.example/a?from=list"),
    ("http://daily.example/a;jsessionid=AB12?id=7", "http://daily.example/a?id=7"),
    ("http://daily.localhost:8413/a", "http://daily.localhost:8413/a"),
    ("file:///0123/a.html", "file:///0123/a.html"),
])  # fmt: skip
def test_addresses_of_one_page_are_one(written, known):
    assert canonical(written) == known
    assert article_id(written) == hashlib.sha256(known.encode()).hexdigest()[:16]


@pytest.mark.parametrize(("one", "other"), [
    ("http://daily.example/a", "http://daily.example/A"), ("http://daily.example/a", "http://www.daily.example/a"),
    ("http://daily.example/a?id=1", "http://daily.example/a?id=2"), ("http://a.example:81/", "http://a.example/"),
])  # fmt: skip
def test_different_pages_stay_apart(one, other):
    assert article_id(one) != article_id(other)


def test_address_to_follow_keeps_its_scheme():
    assert cleaned("https://daily.example/a?utm_source=x#top") == "https://daily.example/a"


@given(st.text(), st.sampled_from(["http://a.example/", "https://a.example/?", ""]))
def test_canonical_form_is_final(text, start):
    assert canonical(canonical(start + text)) == canonical(start + text)
