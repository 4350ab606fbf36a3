"""Say what is usual of an outlet on a day of the week, and which days fall so far short of it that somebody must look.

An outlet that answers with its old front page for a week loses no address: every list was read, nothing new stood on
it. Only what it used to publish shows that something is wrong.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from statistics import median_low
from typing import Literal

Gap = Literal["lost", "unusual"]

WEEKS = 8  # so many days of the same name before a day are its measure; days without articles count as 0
BACK = tuple(timedelta(weeks=back) for back in range(1, WEEKS + 1))
KNOWN = 4  # of them must lie in the time since the outlet's first article, or nothing is said to be usual
LEAST = 4  # articles that must be wanting: a commission that publishes twice a week has no usual day
SHARE = 0.5  # of what is usual; less is a gap


def usual_on(day: date, obtained: Mapping[date, int], first: date) -> int | None:
    """Return how many articles are usual on such a day: the median of the same weekday in the weeks before.

    `obtained` holds the articles by day, `first` is the outlet's first day with one. None where too little is known.

    >>> mondays = {date(2026, 3, 2) - timedelta(weeks=back): 9 + back for back in range(1, 6)}
    >>> [usual_on(day, mondays, min(mondays)) for day in (date(2026, 3, 2), date(2026, 2, 16))]
    [12, None]
    """
    known = [obtained.get(one, 0) for back in BACK if (one := day - back) >= first]
    return median_low(known) if len(known) >= KNOWN else None


def gap_of(expected: int, obtained: int, usual: int | None) -> Gap | None:
    """Return what is wrong with a day: articles were asked for and "lost", or fewer came than is "unusual"; or None.

    >>> gap_of(5, 4, None), gap_of(5, 5, 12), gap_of(6, 6, 12), gap_of(0, 0, 3)
    ('lost', 'unusual', None, None)
    """
    if obtained < expected:
        return "lost"
    if usual is not None and usual - obtained >= LEAST and obtained < SHARE * usual:
        return "unusual"
    return None


def silences(obtained: Mapping[date, int], until: date) -> Iterator[tuple[date, int]]:
    """Yield every day before `until` on which nothing came though something is usual, with how much is."""
    first = min(obtained, default=until)
    # where none of the weeks before has an article, nothing is usual: no other days need be looked at
    days = {day + back for day in obtained for back in BACK}
    for day in sorted(days):
        usual = usual_on(day, obtained, first) if day < until and not obtained.get(day) else None
        if usual is not None and gap_of(0, 0, usual):
            yield day, usual
