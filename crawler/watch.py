"""Read outlet files again when somebody edits them while a crawl runs; keep the old one where the new one is wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawler.outlet import Outlet, OutletError, load_outlet

EVERY = 2.0  # seconds between two looks at the folder

Stamp = tuple[int, int, int]  # inode, size (bytes), time of change (nanoseconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of an outlet's file: a new `outlet`, an `error` that keeps the old one, or neither: it is gone."""

    slug: str
    outlet: Outlet | None = None
    error: OutletError | None = None


class OutletFiles:
    """Watch the outlet files of a folder: all of them, or those of `slugs`; they have this `ending`, `load` reads one.

    `on_change` is called with every outlet whose file was read anew. What a file says when this is made counts as
    read. `wrong` holds the errors of the files that are wrong at present, by slug.
    """

    def __init__(  # noqa: PLR0913  (each by name)
        self,
        folder: Path,
        slugs: tuple[str, ...] = (),
        *,
        on_change: Callable[[Outlet], None] = lambda _: None,
        every: float = EVERY,
        ending: str = ".toml",
        load: Callable[[Path], Outlet] = load_outlet,
    ) -> None:
        self.folder = folder
        self.slugs = frozenset(slugs)
        self.on_change = on_change
        self.every = every
        self.ending = ending
        self.load = load
        self.wrong: dict[str, OutletError] = {}
        self._stamps = self._look()
        self._looked = time.monotonic()

    def changes(self) -> list[Change]:
        """Return what has changed since the last call; looks at the folder every so many seconds only."""
        now = time.monotonic()
        if now - self._looked < self.every:
            return []
        self._looked = now
        before, self._stamps = self._stamps, self._look()
        changed = [path for path, stamp in self._stamps.items() if before.get(path) != stamp]
        gone = [Change(slug=path.stem) for path in before if path not in self._stamps]
        for change in gone:
            self.wrong.pop(change.slug, None)
        return [self._read(path) for path in changed] + gone

    def _look(self) -> dict[Path, Stamp]:
        stamps = {}
        for path in sorted(self.folder.glob(f"*{self.ending}")):
            if self.slugs and path.stem not in self.slugs:
                continue
            try:
                status = path.stat()
            except OSError:  # an editor puts a new file in the place of the old one
                continue
            stamps[path] = (status.st_ino, status.st_size, status.st_mtime_ns)
        return stamps

    def _read(self, path: Path) -> Change:
        try:
            outlet = self.load(path)
        except OutletError as error:
            self.wrong[path.stem] = error
            return Change(slug=path.stem, error=error)
        self.wrong.pop(path.stem, None)
        self.on_change(outlet)
        return Change(slug=path.stem, outlet=outlet)
