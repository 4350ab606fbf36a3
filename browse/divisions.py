"""Know the administrative divisions of an archive as a tree, each with the articles about it and about its parts."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from browse.archive import Archive
from browse.dotmap import Spot

ROWS = "select code, name, level, parent, lat, lon, until, former from regions order by code"
COUNTS = "select region, count(*) as articles from articles where region is not null group by region"


@dataclass(frozen=True, slots=True)
class Division:
    """A division: `own` articles are about itself, `total` also about what lies in it."""

    row: sqlite3.Row
    own: int
    total: int

    @property
    def code(self) -> str:
        """Return its code of GB/T 2260."""
        return str(self.row["code"])

    @property
    def name(self) -> str:
        """Return its name."""
        return str(self.row["name"])

    def spots(self) -> Iterator[Spot]:
        """Yield it for the map, where its place is known."""
        if self.row["lat"] is not None and self.row["lon"] is not None:
            yield Spot(self.code, self.name, self.row["lat"], self.row["lon"], self.total)


class Divisions:
    """The tree of divisions of an archive."""

    def __init__(self, rows: Iterable[sqlite3.Row], counts: Mapping[str, int]) -> None:
        self._rows = {row["code"]: row for row in rows}
        self._own = {code: counts.get(code, 0) for code in self._rows}
        self._total = dict.fromkeys(self._rows, 0)
        self._parts: dict[str | None, list[str]] = {}
        for code, row in self._rows.items():
            self._parts.setdefault(row["parent"] if row["parent"] in self._rows else None, []).append(code)
            for above in self._chain(code):
                self._total[above] += self._own[code]

    def get(self, code: str) -> Division | None:
        """Return a division."""
        return Division(self._rows[code], self._own[code], self._total[code]) if code in self._rows else None

    def above(self, code: str) -> list[Division]:
        """Return what a division lies in, the largest first."""
        return [self._known(one) for one in reversed(self._chain(code)[1:])]

    def parts(self, code: str | None) -> list[Division]:
        """Return the divisions right below one, or the topmost; those with most articles first."""
        return sorted((self._known(one) for one in self._parts.get(code, [])), key=lambda one: (-one.total, one.code))

    def within(self, code: str | None) -> list[Division]:
        """Return everything below a division, or everything."""
        return [one for part in self.parts(code) for one in (part, *self.within(part.code))]

    def _known(self, code: str) -> Division:
        return Division(self._rows[code], self._own[code], self._total[code])

    def _chain(self, code: str) -> list[str]:
        """Return a division and what it lies in, upwards; a circle is cut."""
        chain: list[str] = []
        while code in self._rows and code not in chain:
            chain.append(code)
            code = self._rows[code]["parent"] or ""
        return chain


async def divisions(archive: Archive) -> Divisions:
    """Return the divisions of an archive; a region is counted as the main one of its articles."""
    counts = {row["region"]: row["articles"] for row in await archive.remembered(COUNTS)}
    return Divisions(await archive.remembered(ROWS), counts)
