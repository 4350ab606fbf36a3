"""Give tags and attributes back the "<" and the quote that a byte out of step swallowed."""

import re

_TAGS = "a|b|br|div|dd|dl|dt|em|font|h[1-6]|i|img|li|ol|p|section|span|strong|table|tbody|td|th|tr|u|ul"
# out of step, the last byte of a text and the "<" behind it are one mark: what follows is a tag without its beginning
_HEADLESS = re.compile(rf"(?<=[^\x00-\x7f]|\))([?\ufffd])(?=/?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>)", re.IGNORECASE)
# and so are the last byte of an attribute's value and the quote behind it
_ENDLESS = re.compile(
    r"""(=\s*(["'])[^"'<>]{0,1000}(?:[^\x00-\x7f]|\))[?\ufffd])(?=\s*/?>|\s+[a-z-]{1,20}=["'])""", re.IGNORECASE
)


def is_broken(source: str) -> bool:
    """Say whether a tag begins with a mark in the source, or a value of an attribute has one for its quote.

    >>> is_broken("<p>我們?nèi)〉寐?/p>"), is_broken("<a title='我們?nèi)?>"), is_broken("<p title='真的?'>真的?</p>")
    (True, True, False)
    """
    return _HEADLESS.search(source) is not None or _ENDLESS.search(source) is not None


def mended(source: str) -> str:
    """Return the source with a "<" where a tag begins with a mark, and a quote behind such a value.

    The mark still stands for the byte.

    >>> mended("<p>我們?nèi)〉寐?/p><p>區(qū)</p>"), mended("<h1>晚?qǐng)?/h1><a title='我們?nèi)〉寐?>區(qū)</a>")
    ('<p>我們?nèi)〉寐?</p><p>區(qū)</p>', "<h1>晚?qǐng)?</h1><a title='我們?nèi)〉寐?'>區(qū)</a>")
    """
    return _ENDLESS.sub(r"\1\2", _HEADLESS.sub(r"\1<", source))
