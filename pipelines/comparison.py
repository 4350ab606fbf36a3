"""Say what a rebuilt archive has otherwise than the one whose place it is to take, before it does."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pipelines.connect import connected
from pipelines.errors import in_plain_words
from pipelines.table import dicts

SAMPLES = 10  # articles shown of each kind
LINES = 3  # lines shown of a changed text, each way
# what tells of the making, or stands for itself: a key moves with its neighbours, texts are compared apart
ASIDE = frozenset({"id", "key", "text", "capture", "extractor", "evidence", "fingerprint", "cluster", "chars"})
# what is counted by rule: a name, the query
BY_RULE = (
    ("skips", "SELECT reason, count(*) FROM {schema}.skips GROUP BY reason"),
    ("repairs", "SELECT rule, sum(count) FROM {schema}.repairs GROUP BY rule"),
    ("trimmed", "SELECT rule, count(*) FROM {schema}.trimmed GROUP BY rule"),
    ("masks", "SELECT rule, sum(count) FROM {schema}.masks GROUP BY rule"),
)


@dataclass(slots=True, kw_only=True)
class Comparison:
    """What a newer archive has otherwise than an older one; `samples` by kind, at most SAMPLES of each.

    `articles` counts both archives; `gained`, `lost` and `changed` (text or headline) count articles by outlet, ""
    where none is known; `characters` those that changed texts lost and gained, by whole lines; `fields` the articles
    by column that differ; `rules` what each rule did in both archives, where that differs.
    """

    articles: tuple[int, int] = (0, 0)
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    characters: tuple[int, int] = (0, 0)
    fields: Counter[str] = field(default_factory=Counter)
    rules: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Say whether both archives tell the same of every article."""
        return not (self.gained or self.lost or self.changed or self.fields or self.rules)

    def row(self) -> dict[str, Any]:
        """Return the comparison as plain JSON."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def show(self, kind: str, sample: dict[str, Any]) -> None:
        """Keep a sample, as long as there are few."""
        held = self.samples.setdefault(kind, [])
        if len(held) < SAMPLES:
            held.append(sample)


def compare(older: Path, newer: Path) -> Comparison:
    """Compare two archives, article by article, in bounded memory; raise StoreError where one cannot be read.

    Both must be of this release's schema, as `Store` leaves them.
    """
    found = Comparison()
    with in_plain_words(newer), closing(connected(newer)) as db:
        db.execute("ATTACH ? AS older", [f"{older.resolve().as_uri()}?mode=ro"])
        counts = [db.execute(f"SELECT count(*) FROM {name}.articles").fetchone()[0] for name in ("older", "main")]  # noqa: S608
        found.articles = (counts[0], counts[1])
        _one_sided(db, found, "gained", "main", "older")
        _one_sided(db, found, "lost", "older", "main")
        _changed(db, found)
        for name, sql in BY_RULE:
            before, after = (dict(db.execute(sql.format(schema=schema)).fetchall()) for schema in ("older", "main"))
            counted = {rule: (before.get(rule, 0), after.get(rule, 0)) for rule in sorted(before | after)}
            if told := {rule: pair for rule, pair in counted.items() if pair[0] != pair[1]}:
                found.rules[name] = told
    return found


def _one_sided(db: sqlite3.Connection, found: Comparison, kind: str, here: str, there: str) -> None:
    """Count articles that only one archive has; of those that were lost, say why."""
    sql = f"""SELECT a.id, a.outlet, a.url, a.title, a.capture FROM {here}.articles a
        WHERE NOT EXISTS (SELECT 1 FROM {there}.articles b WHERE b.id = a.id) ORDER BY a.id"""  # noqa: S608  (constants)
    why = """SELECT coalesce(s.reason || ': ' || s.detail, c.outcome) FROM main.captures c
        LEFT JOIN main.skips s ON s.capture = c.id WHERE c.id = ?"""
    counts: Counter[str] = getattr(found, kind)
    for row in dicts(db, sql):
        counts[row["outlet"] or ""] += 1
        if len(found.samples.get(kind, ())) < SAMPLES:
            sample = {"id": row["id"], "url": row["url"], "title": row["title"]}
            if kind == "lost":
                sample["why"] = next((reason for (reason,) in db.execute(why, [row["capture"]])), "no capture")
            found.show(kind, sample)


def _changed(db: sqlite3.Connection, found: Comparison) -> None:
    columns = [row[1] for row in db.execute("PRAGMA main.table_info(articles)") if row[1] not in ASIDE]
    differ = ", ".join(f"a.{column} IS NOT b.{column} AS {column}" for column in columns)
    sql = f"""SELECT a.id AS id, b.outlet AS outlet_name, b.url AS address, a.title AS former_title,
            b.title AS new_title, a.text IS NOT b.text AS text, a.text AS former, b.text AS latter, {differ}
        FROM older.articles a JOIN main.articles b ON b.id = a.id
        WHERE a.text IS NOT b.text OR {" OR ".join(f"a.{column} IS NOT b.{column}" for column in columns)}
        ORDER BY a.id"""  # noqa: S608  (names from the schema)
    lost = gained = 0
    for row in dicts(db, sql):
        found.fields.update(column for column in (*columns, "text") if row[column])
        if row["text"] or row["title"]:
            found.changed[row["outlet_name"] or ""] += 1
            out, new = _lines(row["former"], row["latter"]), _lines(row["latter"], row["former"])
            lost, gained = lost + sum(map(len, out)), gained + sum(map(len, new))
            titles = {"title": row["new_title"]} | ({"was": row["former_title"]} if row["title"] else {})
            lines = {"before": out[:LINES], "after": new[:LINES]}
            found.show("changed", {"id": row["id"], "url": row["address"], **titles, **lines})
    found.characters = lost, gained


def _lines(text: str, other: str) -> list[str]:
    """Return the lines of a text that another has not, as often as they stand in one more than in the other."""
    left = Counter(other.split("\n"))
    lines = []
    for line in text.split("\n"):
        if left[line]:
            left[line] -= 1
        else:
            lines.append(line)
    return lines
