"""Give articles integer keys in order of time that do not depend on the order in which they arrive."""

import json
import sqlite3
from collections.abc import Mapping

from pipelines.rows import NAMES, base_key


def assign_keys(db: sqlite3.Connection, wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the key of each article: the wanted one, or the next free one of its minute.

    `wanted` maps articles that are new or whose time changed to `base_key`. The result holds other articles, too,
    where a collision or its end moves them: in every minute the keys are what adding its articles in order of
    (wanted key, id) would give.
    """
    minutes = set()
    if len(set(wanted.values())) < len(wanted):
        minutes |= {key // NAMES for key in wanted.values()}
    marks = json.dumps(sorted(set(wanted.values())))
    held = db.execute("SELECT key, id FROM articles WHERE key IN (SELECT value FROM json_each(?))", [marks])
    minutes |= {key // NAMES for key, name in held if wanted.get(name) != key}
    movers = db.execute(
        "SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?))", [json.dumps([*wanted])]
    )
    minutes |= {key // NAMES for (key,) in movers}  # who leaves a minute may make room in it
    keys = dict(wanted)
    for minute in sorted(minutes):
        keys.update(_arranged(db, minute, wanted))
    return keys


def _arranged(db: sqlite3.Connection, minute: int, wanted: Mapping[str, int]) -> dict[str, int]:
    rows = db.execute(
        "SELECT id, published_at, first_seen FROM articles WHERE key BETWEEN ? AND ?",
        [minute * NAMES, (minute + 1) * NAMES - 1],
    )
    bases = {name: base_key(name, at, seen) for name, at, seen in rows if name not in wanted}
    bases |= {name: key for name, key in wanted.items() if key // NAMES == minute}
    keys: dict[str, int] = {}
    last = -1
    for name, base in sorted(bases.items(), key=lambda item: (item[1], item[0])):
        last = keys[name] = max(base, last + 1)
    return keys
