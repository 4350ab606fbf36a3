"""Give articles integer keys in order of time that do not depend on the order in which they arrive.

The search index writes the distance between the keys of two articles for every word that both have, so small keys
make a small index: with these it is 1.5 times the text, with numbers that leave no gaps 1.2 times (10,000 articles,
144 a day); with 26 bits of the id in the key it was half as large again.
"""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
MINUTES = 2**27  # 255 years
SLOTS = 45  # keys in a minute: 64,800 a day, several times what hundreds of outlets publish; more spill into the next
DAY = 1440 * SLOTS

ROWS = "SELECT key, id, published_at, date_precision, first_seen FROM articles WHERE key BETWEEN ? AND ? ORDER BY key"


def base_key(article: str, published_at: str | None, precision: str | None, first_seen: str) -> int:
    """Return the key that an article wants: a slot of its minute, or of its day where only the day is known.

    An article without a date stands in the day on which it was first seen. The slot comes from the id.
    """
    moment = datetime.fromisoformat(published_at or first_seen)
    exact = published_at is not None and precision != "day"
    if published_at is None:
        moment = moment.replace(hour=0, minute=0)
    minute = min(max((moment - EPOCH) // timedelta(minutes=1), 1), MINUTES)
    return minute * SLOTS + int(article[:8], 16) % (SLOTS if exact else DAY)


def assign_keys(db: sqlite3.Connection, wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the key of each article that is to have another one than it has.

    `wanted` maps articles that are new, or whose time changed, to their `base_key`. Two that want one key stand side
    by side, in order of (wanted key, id), and so do all that follow without a gap: the keys are what adding all
    articles in that order would give. The result therefore holds others, too, where a collision or its end moves them.
    """
    keys = dict(wanted)
    these = json.dumps(sorted(set(wanted.values())))
    held = db.execute("SELECT key, id FROM articles WHERE key IN (SELECT value FROM json_each(?))", [these])
    spots = {key for key, name in held if name not in wanted}
    names = json.dumps(sorted(wanted))
    movers = db.execute("SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?))", [names])
    spots |= {key for (key,) in movers}  # who leaves may make room
    seen: set[int] = set()
    for key in wanted.values():
        if key in seen:
            spots.add(key)
        seen.add(key)
    done = -1
    for day in sorted({key // DAY for key in spots}):
        if day > done:
            done = _arrange(db, day, wanted, keys)
    return keys


def _arrange(db: sqlite3.Connection, day: int, wanted: Mapping[str, int], keys: dict[str, int]) -> int:
    """Put the articles of a day in order, and of those that it spills into; return the last day that was touched."""
    while True:  # a day that begins with what the one before it had no room for is ordered together with that one
        first = next(iter(db.execute(ROWS, [day * DAY, day * DAY])), None)
        if first is None or base_key(*first[1:]) >= day * DAY:
            break
        day -= 1
    rows: dict[str, tuple[int, int]] = {}
    end = day * DAY
    while True:  # who stands in a day may belong to one before it: all that hang together are put in order at once
        start, end = end, end + DAY
        rows |= {name: (key, base_key(name, *more)) for key, name, *more in db.execute(ROWS, [start, end - 1])}
        items = [(base, name) for name, (_, base) in rows.items() if name not in wanted]
        items += [(base, name) for name, base in wanted.items() if day * DAY <= base < end]
        places, last = {}, -1
        for base, name in sorted(items):
            places[name] = last = max(base, last + 1)
        following = next(iter(db.execute(ROWS, [end, end])), None)
        if last < end and (following is None or base_key(*following[1:]) >= end):
            break
    keys |= {name: key for name, key in places.items() if name in wanted or rows[name][0] != key}
    return end // DAY - 1
