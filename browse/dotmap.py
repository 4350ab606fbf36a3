"""Draw how many articles each region has: a dot for each, over the faint dots of every region there is."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH, MOST_HEIGHT = 720.0, 560.0  # user units
MARGIN = 16.0
SMALLEST, LARGEST = 3.0, 18.0  # radius of a dot


@dataclass(frozen=True, slots=True)
class Spot:
    """A region to draw: its place in degrees, its articles."""

    code: str
    name: str
    lat: float
    lon: float
    articles: int = 0


@dataclass(frozen=True, slots=True)
class Dot:
    """A region as drawn, in user units."""

    spot: Spot
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing: what is counted, largest first so that small dots lie on top, and what is faint behind it."""

    dots: tuple[Dot, ...]
    ground: tuple[tuple[float, float], ...]
    width: float
    height: float


def draw(counted: Iterable[Spot], ground: Iterable[Spot]) -> Map | None:
    """Return the map of some regions, None where fewer than two places are known: one place shows nothing.

    Degrees of longitude are shortened as in the middle of what is drawn, so that shapes look as on usual maps.

    >>> draw([Spot("1", "甲", 30.0, 110.0, 4)], [])
    >>> drawn = draw([Spot("1", "甲", 30.0, 110.0, 4), Spot("2", "乙", 34.0, 114.0, 1)], [])
    >>> [(dot.spot.name, dot.radius) for dot in drawn.dots]
    [('甲', 18.0), ('乙', 9.0)]
    """
    spots, faint = [spot for spot in counted if spot.articles], list(ground)
    every = [*spots, *faint]
    if len({(spot.lat, spot.lon) for spot in every}) < 2 or not spots:
        return None
    south, north = min(spot.lat for spot in every), max(spot.lat for spot in every)
    west, east = min(spot.lon for spot in every), max(spot.lon for spot in every)
    shortened = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * shortened, 0.01), max(north - south, 0.01)
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)

    def place(spot: Spot) -> tuple[float, float]:
        x, y = MARGIN + (spot.lon - west) * shortened * scale, MARGIN + (north - spot.lat) * scale
        return round(x, 1), round(y, 1)

    most = max(spot.articles for spot in spots)
    dots = [
        Dot(spot, *place(spot), round(max(SMALLEST, LARGEST * math.sqrt(spot.articles / most)), 1))
        for spot in sorted(spots, key=lambda spot: (-spot.articles, spot.code))
    ]
    size = (round(wide * scale + 2 * MARGIN, 1), round(high * scale + 2 * MARGIN, 1))
    return Map(tuple(dots), tuple(place(spot) for spot in faint), *size)
