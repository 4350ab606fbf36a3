"""Count what a build makes of the captures while a crawl goes on, for the table that shows both."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import NamedTuple, Self

from pipelines.connect import connected

EVERY = 5.0  # seconds between two counts
ARTICLES = "SELECT outlet, count(*) FROM articles GROUP BY outlet"
SKIPS = "SELECT c.outlet, count(*) FROM skips s JOIN captures c ON c.id = s.capture GROUP BY c.outlet"


class Made(NamedTuple):
    """What has come of an outlet's captures since the crawl began."""

    articles: int = 0
    skips: int = 0


class Tally:
    """Count in a thread of its own, from entering the context to leaving it; `of` and `whole` tell the last count."""

    def __init__(self, archive: Path, *, every: float = EVERY) -> None:
        self.archive = archive
        self.every = every
        self._before = self._count()
        self._now = self._before
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def of(self, slug: str) -> Made:
        """Return what has come of an outlet's captures so far."""
        before, now = self._before.get(slug, Made()), self._now.get(slug, Made())
        return Made(now.articles - before.articles, now.skips - before.skips)

    @property
    def whole(self) -> Made:
        """Return what has come of all outlets' captures so far."""
        made = [self.of(slug) for slug in self._now]
        return Made(sum(one.articles for one in made), sum(one.skips for one in made))

    def _run(self) -> None:
        while not self._over.wait(self.every):
            self._now = self._count() or self._now

    def _count(self) -> dict[str, Made]:
        """Return the counts by outlet; none where the archive is not there yet, or in other hands."""
        if not self.archive.is_file():
            return {}
        try:
            with closing(connected(self.archive)) as database:
                articles, skips = (dict(database.execute(sql).fetchall()) for sql in (ARTICLES, SKIPS))
        except (OSError, sqlite3.Error):
            return {}
        return {slug: Made(articles.get(slug, 0), skips.get(slug, 0)) for slug in articles.keys() | skips.keys()}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
