"""One article has one address and one id, however its address is written."""

import hashlib
from urllib.parse import unquote_to_bytes

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
    ("http://daily.example/zw/../a.html", "http://daily.example/a.html"),
    ("http://daily.example./a.html", "http://daily.example/a.html"),
    ("http://daily.example/%e4%b8%ad.html", "http://daily.example/%E4%B8%AD.html"),
    ("http://daily.example/中.html", "http://daily.example/%E4%B8%AD.html"),
    ("http://daily.example/%7Ezw/%61.html", "http://daily.example/~zw/a.html"),
    ("http://daily.example/a?t=%d6%d0&utm_source=wx", "http://daily.example/a?t=%D6%D0"),
    ("http://daily.example/a?b=1&t=中", "http://daily.example/a?b=1&t=%E4%B8%AD"),
    ("http://daily.example/a?%e4%b8%ad", "http://daily.example/a?%E4%B8%AD"),
    ("http://中文.example/a", "http://xn--fiq228c.example/a"),
    ("http://daily.localhost:8413/a", "http://daily.localhost:8413/a"),
    ("file:///0123/a.html", "file:///0123/a.html"),
])  # fmt: skip
def test_addresses_of_one_page_are_one(written, known):
    assert canonical(written) == known
    assert article_id(written) == hashlib.sha256(known.encode()).hexdigest()[:16]


@pytest.mark.parametrize(("one", "other"), [
    ("http://daily.example/a", "http://daily.example/A"), ("http://daily.example/a", "http://www.daily.example/a"),
    ("http://daily.example/a?t=%D6%D0", "http://daily.example/a?t=%B9%FA"), ("http://a.example/a%2Fb", "http://a.example/a/b"),
    ("http://daily.example/a?t=1%262", "http://daily.example/a?t=1&2"), ("http://a.example//a", "http://a.example/a"),
    ("http://daily.example/a?id=1", "http://daily.example/a?id=2"), ("http://a.example:81/", "http://a.example/"),
])  # fmt: skip
def test_different_pages_stay_apart(one, other):
    assert article_id(one) != article_id(other)


def test_address_to_follow_keeps_its_scheme():
    assert cleaned("https://daily.example/a?utm_source=x#top") == "https://daily.example/a"


def test_address_to_follow_keeps_what_is_escaped_in_gbk():
    assert cleaned("http://daily.example/a?t=%D6%D0&utm_source=x&b=1") == "http://daily.example/a?t=%D6%D0&b=1"


escaped = st.lists(
    st.sampled_from(["%D6%D0", "%b9%fa", "%E4%B8%AD", "中", "a", "%61", "/", "+", "%20", "%25", ";", "="])
)


@given(escaped, escaped, st.booleans())
def test_ways_of_writing_escapes_share_an_id_and_nothing_else_does(one, other, in_query):
    start = "http://daily.example/" + ("?t=" if in_query else "")
    urls = [start + "".join(pieces) for pieces in (one, other)]
    meant = [unquote_to_bytes("".join(pieces).replace("+", "%20" if in_query else "+")) for pieces in (one, other)]

    assert article_id(urls[0]) == article_id(urls[0].replace("%D6%D0", "%d6%d0").replace("%b9%fa", "%B9%FA"))
    if meant[0] != meant[1]:
        assert article_id(urls[0]) != article_id(urls[1])


@given(st.text(), st.sampled_from(["http://a.example/", "https://a.example/?", ""]))
def test_canonical_form_is_final(text, start):
    assert canonical(canonical(start + text)) == canonical(start + text)
