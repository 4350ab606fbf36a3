"""What the crawler sees of the links of a page."""

import re

import pytest

from crawler.discovery.hrefs import hrefs, matching
from crawler.discovery.links import links

BASE = "http://paper.localhost/kx/"


def test_words_of_every_link_to_one_address_are_kept():
    body = '<a href="index_2.html">2</a> … <a href="index_2.html">下一页</a>'.encode()

    found = links(body, BASE)

    assert [link.url for link in found] == ["http://paper.localhost/kx/index_2.html"]
    assert found[0].matches(re.compile("下一页"))


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5hkscs"])
def test_words_whose_bytes_look_like_white_space_in_latin_1_are_read(charset):
    body = '<a href="1.html"> 記者 者丠 </a>'.encode(charset, "ignore")

    assert links(body, BASE)[0].matches(re.compile("^記者 者"))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<A HREF="B.PDF">x</A>', {"B.PDF": "http://paper.localhost/kx/B.PDF"}),
        ("<a href = '/f/1.doc' >x", {"/f/1.doc": "http://paper.localhost/f/1.doc"}),
        ("<img SRC=1.png><a href=2.pdf>", {"1.png": f"{BASE}1.png", "2.pdf": f"{BASE}2.pdf"}),
        ('<a href="a?b=1&amp;c=2">x', {"a?b=1&c=2": f"{BASE}a?b=1&c=2"}),
        ('<a href="/x"></a><a href="/x">', {"/x": "http://paper.localhost/x"}),
        ('<a href="/go?src=/f/2.pdf">', {"/go?src=/f/2.pdf": "http://paper.localhost/go?src=/f/2.pdf"}),
        ('<a href="http://[x">', {"http://[x": ""}),
        ("<p>the href of a page", {}),
    ],
)  # fmt: skip
def test_addresses_are_found_without_a_parse(body, found):
    assert hrefs(body.encode(), BASE) == found
    assert list(hrefs(body.encode(), BASE)) == list(found)


def test_an_address_in_chinese_is_asked_for_as_its_author_wrote_it():
    found = hrefs('<a href="附件.pdf"><a href="附件.pdf#2">'.encode("gb18030"), BASE)

    assert matching(found, BASE, re.compile(r"\.pdf")) == [f"{BASE}%E9%99%84%E4%BB%B6.pdf"]
