"""Know the elements that call themselves source, author or editor: fields stand there without a label."""

import re
from functools import lru_cache

HOLDERS = frozenset(
    ("span", "a", "em", "i", "b", "div", "p", "td", "li", "textarea", "font", "label", "strong")
)  # what such a field is printed in
NAMED = re.compile(
    r"source|laiyuan|media[-_]?(?:name|user)|nick[-_]?name|js_name|(?:account|author)[-_]?name|(?:^|[\W_])(?:ly|author|zuozhe|editor|bianji|reporter)(?:[\W_]|$)"
)


@lru_cache(maxsize=8192)  # the same few names on every page of a site
def names_a_field(attrs: str) -> bool:
    """Say whether an element's class and id name a field.

    >>> names_a_field("news-source"), names_a_field("resources"), names_a_field("ly")
    (True, True, True)
    >>> names_a_field("article")
    False
    """
    return bool(NAMED.search(attrs.lower()))
