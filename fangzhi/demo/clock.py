"""Let a day pass in the demonstration between two runs: the time that its captures are dated by."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fangzhi.demo.site import CHINA, TODAY

DAY = 86_400.0
EVENING = 18  # hour at which a crawl begins: all that the sites print of that day is there by then


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier runs with one memory were: how many finished, when the last of them began (seconds since 1970)."""

    runs: int = 0
    last: float = 0.0


def past(crawl_db: Path) -> Past:
    """Return what a crawl's memory tells of earlier runs; nothing where there is none, or none that can be read."""
    if not crawl_db.is_file():
        return Past()
    database = sqlite3.connect(f"{crawl_db.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return Past(*database.execute("SELECT count(*), max(started) FROM runs WHERE outcome = 'finished'").fetchone())
    except sqlite3.DatabaseError:
        return Past()  # the crawl will say what is wrong with it
    finally:
        database.close()


def day_after(before: Past) -> int:
    """Return the day of the demonstration that comes next; the last one stays.

    >>> day_after(Past()), day_after(Past(runs=9))
    (1, 5)
    """
    return min(before.runs + 1, max(TODAY))


def clock(day: int, before: Past) -> Callable[[], float]:
    """Return a clock that goes from the evening of a day on, at least a day after the last run began."""
    evening = datetime.fromisoformat(f"{TODAY[day]}T{EVENING}:00").replace(tzinfo=CHINA).timestamp()
    start = max(evening, before.last + DAY if before.runs else 0.0)
    begun = time.time()
    return lambda: start + time.time() - begun
