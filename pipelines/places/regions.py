"""Know the administrative divisions of China: codes after GB/T 2260, names, levels, what belongs to what."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

TABLE = Path(__file__).with_name("regions.tsv")


class Level(StrEnum):
    """Say how high a division stands."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One division, as of today or of the last year it existed.

    `code` has six digits. `parent` is the code of the division it belongs to, None for a province. `lat` and `lon`
    are decimal degrees on the Chinese datum, None where they are not known. `until` is the last year of a division
    that is no more. `former` are names it had before, latest first.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    lat: float | None
    lon: float | None
    until: int | None
    former: tuple[str, ...]

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read one line of the table; raise ValueError where it is none."""
        code, name, level, parent, lat, lon, until, former = line.split("\t")
        return cls(
            code=code,
            name=name,
            level=Level(level),
            parent=parent or None,
            lat=float(lat) if lat else None,
            lon=float(lon) if lon else None,
            until=int(until) if until else None,
            former=tuple(filter(None, former.split("|"))),
        )


@cache
def regions() -> dict[str, Region]:
    """Return every division by its code, in order of code."""
    lines = TABLE.read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if not line.startswith("#")) + 1
    return {region.code: region for region in map(Region.from_line, lines[start:])}


def region_of(code: str) -> Region | None:
    """Return the division of a code, None where there is none.

    >>> region_of("411702").name, region_of("411700").former
    ('驿城区', ('驻马店地区',))
    """
    return regions().get(code)


@cache
def lineage(code: str) -> tuple[str, ...]:
    """Return a code and those of all it belongs to, province first; raise KeyError where it is unknown.

    >>> lineage("411702")
    ('410000', '411700', '411702')
    """
    region = regions()[code]
    return (*(lineage(region.parent) if region.parent else ()), code)


def name_path(code: str) -> str:
    """Return the full name of a division; raise KeyError where the code is unknown.

    >>> name_path("411702"), name_path("110105"), name_path("419001")
    ('河南省驻马店市驿城区', '北京市朝阳区', '河南省济源市')
    """
    return "".join(regions()[part].name for part in lineage(code))
