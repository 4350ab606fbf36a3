"""Hold what a list yields, and the verdict that it cannot be read."""

from dataclasses import dataclass

from crawler.lease import LISTS, Found


class Unreadable(ValueError):  # noqa: N818  (a verdict on what a server sent)
    """A feed, sitemap or list is not what it should be; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one page of a source yields: articles and attachments in `found`, further pages of the list in `more`.

    `more` is wanted only while the pages before brought something new; `always` are lists that are wanted anyway.
    """

    found: tuple[Found, ...] = ()
    more: tuple[Found, ...] = ()
    always: tuple[Found, ...] = ()

    @property
    def articles(self) -> tuple[Found, ...]:
        """Return the articles alone."""
        return tuple(one for one in self.found if one.kind not in LISTS and one.kind != "asset")
