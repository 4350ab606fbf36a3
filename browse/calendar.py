"""Draw a year of an outlet, one square a day: how much is there, and which days lack something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CELL = 11.5  # user units from square to square
LEFT, TOP = 4.0, 14.0
STEPS = (1, 4, 10)  # articles a day at which the colour deepens


@dataclass(frozen=True, slots=True)
class Square:
    """One day: its place, its class (c0 to c4, or gap), and what it says."""

    day: str
    x: float
    y: float
    shade: str
    expected: int
    obtained: int


@dataclass(frozen=True, slots=True)
class Year:
    """The squares of a year, the names of its months with their places, and the size of the drawing."""

    squares: tuple[Square, ...]
    months: tuple[tuple[str, float], ...]
    width: float
    height: float


def year(number: int, days: Mapping[str, tuple[int, int]]) -> Year:
    """Return a year's drawing from (expected, obtained) by ISO day.

    >>> drawn = year(2026, {"2026-01-01": (2, 2), "2026-01-02": (3, 1)})
    >>> [square.shade for square in drawn.squares[:3]], len(drawn.squares)
    (['c2', 'gap', 'c0'], 365)
    """
    first = date(number, 1, 1)
    squares, months = [], []
    for n in range((date(number, 12, 31) - first).days + 1):
        day = first + timedelta(n)
        week = (n + first.weekday()) // 7
        expected, obtained = days.get(day.isoformat(), (0, 0))
        x, y = round(LEFT + week * CELL, 1), round(TOP + day.weekday() * CELL, 1)
        squares.append(Square(day.isoformat(), x, y, _shade(expected, obtained), expected, obtained))
        if day.day == 1:
            months.append((f"{day.month}", x))
    return Year(tuple(squares), tuple(months), LEFT + 54 * CELL, TOP + 7 * CELL)


def _shade(expected: int, obtained: int) -> str:
    if obtained < expected:
        return "gap"
    if obtained == 0:
        return "c0"
    return f"c{1 + sum(obtained > step for step in STEPS)}"
