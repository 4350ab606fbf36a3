"""Draw when the hits of a search were published: a row of bars, each a link that narrows the search to its span."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

WIDTH, HEIGHT, BASE = 720, 100, 78  # user units of the drawing; bars stand on BASE
MOST_BARS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of days (both included) with its hits, and its place in the drawing."""

    since: date
    until: date
    hits: int
    x: float
    width: float
    y: float
    height: float

    @property
    def label(self) -> str:
        """Name the span as a reader would: a day, a month, a year."""
        if self.since == self.until:
            return self.since.isoformat()
        if (self.since.year, self.since.month) == (self.until.year, self.until.month):
            return f"{self.since:%Y-%m}"
        if self.since.year == self.until.year and (self.until - self.since).days > 300:
            return f"{self.since:%Y}"
        return f"{self.since} – {self.until}"


def bars(hits: Mapping[date, int]) -> list[Bar]:
    """Return the bars of a timeline: by day, month or year, whatever keeps them few; [] where there is no hit.

    >>> [(bar.label, bar.hits) for bar in bars({date(2022, 3, 1): 2, date(2022, 3, 3): 1})]
    [('2022-03-01', 2), ('2022-03-02', 0), ('2022-03-03', 1)]
    """
    if not hits:
        return []
    spans = _spans(min(hits), max(hits))
    counts = [sum(count for day, count in hits.items() if since <= day <= until) for since, until in spans]
    most = max(counts)
    step = min(WIDTH / len(spans), 48.0)
    drawn = []
    for number, ((since, until), count) in enumerate(zip(spans, counts, strict=True)):
        height = max(2.0, (BASE - 8) * count / most) if count else 0.0
        x, width = round(number * step + 0.5, 2), round(max(step - 1.5, 1.0), 2)
        drawn.append(Bar(since, until, count, x, width, round(BASE - height, 2), round(height, 2)))
    return drawn


def end(drawn: list[Bar]) -> float:
    """Return where the drawing ends, so that the last label stands below the last bar.

    >>> end(bars({date(2022, 3, day): 1 for day in range(1, 29)}))
    720.0
    """
    return round(max(drawn[-1].x + drawn[-1].width, 160.0) + 0.5) * 1.0 if drawn else 0.0


def _spans(first: date, last: date) -> list[tuple[date, date]]:
    if (last - first).days < MOST_BARS:
        return [(day, day) for day in (first + timedelta(n) for n in range((last - first).days + 1))]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= MOST_BARS:
        starts = [_month(first.year, first.month + n) for n in range(months + 1)]
    else:
        starts = [date(year, 1, 1) for year in range(first.year, min(last.year, date.max.year - 1) + 2)]
    return [(start, after - timedelta(1)) for start, after in pairwise(starts)]


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
