"""Hold what reading has learnt of pages that an outlet makes in one way."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Say where pages of one make have their article, and what stands around it on all of them.

    `way` names the elements from the first below <body> down to the one that holds the article, `furniture` the blocks
    beside that way (at which step of it, from 0, and the block's name) that never had a part in what was read. A name
    is an element's tag with its classes and its id; a step of the way has its number behind it, in brackets, where
    several of one name stand side by side. `pages` counts the pages from which this was learnt, `extractor`
    is the version that read them. Pages fetched after `since` (UTC) are read by it, after `until` no more.
    """

    way: tuple[str, ...]
    furniture: tuple[tuple[int, str], ...]
    pages: int
    extractor: str
    since: datetime
    until: datetime | None = None

    @property
    def id(self) -> str:
        """Return the template's name: 8 hex digits of the digest of its way and its beginning."""
        return hashlib.sha256(repr((self.way, self.since.isoformat())).encode()).hexdigest()[:8]

    def holds(self, moment: datetime) -> bool:
        """Say whether a page fetched at a moment (UTC) is to be read by it."""
        return self.since < moment and (self.until is None or moment <= self.until)
