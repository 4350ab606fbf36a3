"""Give tags back the "<" that a byte out of step swallowed."""

import re

_TAGS = "a|b|br|div|dd|dl|dt|em|font|h[1-6]|i|img|li|ol|p|section|span|strong|table|tbody|td|th|tr|u|ul"
# out of step, the last byte of a text and the "<" behind it are one "?": what follows is a tag without its beginning
_HEADLESS = re.compile(rf"(?<=[^\x00-\x7f])\?(?=/?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>)", re.IGNORECASE)


def has_headless_tags(source: str) -> bool:
    """Say whether a tag stands in the source that begins with a question mark.

    >>> has_headless_tags("<p>我們?nèi)〉寐?/p>"), has_headless_tags("<p>真的?</p>")
    (True, False)
    """
    return _HEADLESS.search(source) is not None


def with_heads(source: str) -> str:
    """Return the source with "?<" where a tag begins with "?": the mark still stands for the byte.

    >>> with_heads("<p>我們?nèi)〉寐?/p><p>區(qū)</p>")
    '<p>我們?nèi)〉寐?</p><p>區(qū)</p>'
    """
    return _HEADLESS.sub("?<", source)
