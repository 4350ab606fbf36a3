"""Mark in HTML what a search found; everything of the text itself is escaped."""

from markupsafe import Markup, escape

from browse.display import calm
from pipelines.snippet import mark, snippet

MARKS = ("<mark>", "</mark>")


def marked(text: str, words: str) -> Markup:
    """Return a whole text with the words of a search marked.

    >>> marked("<b>疫情</b>", "疫情")
    Markup('&lt;b&gt;<mark>疫情</mark>&lt;/b&gt;')
    """
    return Markup(mark(calm(text), words, marks=MARKS, escape=_escape))  # noqa: S704  (every part is escaped)


def excerpt(text: str, words: str) -> Markup:
    """Return the part of a text that holds most of what was searched, marked."""
    return Markup(snippet(calm(text), words, marks=MARKS, escape=_escape))  # noqa: S704  (every part is escaped)


def _escape(text: str) -> str:
    return str(escape(text))
