"""What the crawler sees of the links of a page."""

import re

import pytest

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
