"""Bring articles up to date with all captures of their addresses, whatever the order in which these arrived."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.index import attached_texts, index, unindex
from pipelines.keys import DAY, assign_keys, base_key
from pipelines.outcome import Outcome, Reading
from pipelines.relate import History, Look, history
from pipelines.reprints import Change
from pipelines.rows import (
    attachment_rows,
    content_row,
    document_rows,
    file_row,
    place_rows,
    repair_rows,
    state_row,
    trimmed_rows,
)
from pipelines.table import Row, dicts, insert

AROUND = "SELECT * FROM articles WHERE key BETWEEN ? AND ?"
Texts = dict[str, tuple[str | None, str]]  # digest of the content → title and text


@dataclass(slots=True)
class Settled:
    """What settling changed: the text of each article that it brought up to date, and how many articles are new."""

    changes: dict[str, Change] = field(default_factory=dict)
    added: int = 0


@dataclass(slots=True)
class _Before:
    looks: defaultdict[str, list[Look]]
    articles: dict[str, sqlite3.Row]
    texts: defaultdict[str, Texts]
    attached: dict[str, str]


def settle(db: sqlite3.Connection, pages: Iterable[str], outcomes: Sequence[Outcome]) -> Settled:
    """Bring the articles of some pages up to date; the captures' own rows are there already."""
    settled = Settled()
    names = sorted({*pages, *linking(db, (one.page for one in outcomes if one.attachment))})
    before = _before(db, names)
    _keep_files(db, outcomes)
    readings = {one.capture.id: (one, one.reading) for one in outcomes if one.reading}
    histories = {name: found for name in names if (found := history(before.looks[name]))}
    rows = {name: _row(name, histories[name], before, readings) for name in histories}
    for name, row in rows.items():
        former = before.articles[name]["text"] if name in before.articles else None
        present = readings.get(row["capture"])
        settled.changes[name] = Change(former, row["text"], present[1].sketch if present else None)
    settled.added = sum(name not in before.articles for name in rows)
    _store(db, rows, before, readings)
    _store_versions(db, histories, before, readings)
    db.execute(
        """UPDATE captures SET article = page WHERE article IS NULL AND page IN (SELECT value FROM json_each(?))""",
        [json.dumps(sorted(rows))],
    )
    return settled


def _before(db: sqlite3.Connection, names: list[str]) -> _Before:
    these = json.dumps(names)
    before = _Before(defaultdict(list), {}, defaultdict(dict), attached_texts(db, names))
    for page, *look in db.execute(
        "SELECT page, fetched_at, id, outcome, content FROM captures WHERE page IN (SELECT value FROM json_each(?))",
        [these],
    ):
        before.looks[page].append(Look(*look))
    for row in dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [these]):
        before.articles[row["id"]] = row
    for page, sha256, title, text in db.execute(
        "SELECT article, sha256, title, text FROM version_texts WHERE article IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(before.articles))],
    ):
        before.texts[page][sha256] = (title, text)
    return before


Readings = dict[str, tuple[Outcome, Reading]]


def _row(name: str, found: History, before: _Before, readings: Readings) -> Row:
    """Return the whole row of an article but its key: from its last reading, which is new or stored already."""
    new = readings.get(found.present)
    content = content_row(*new) if new else dict(before.articles[name])
    return {**content, **state_row(found)}


def _store(db: sqlite3.Connection, rows: dict[str, Row], before: _Before, readings: Readings) -> None:
    wanted = {name: _base(row) for name, row in rows.items()}
    for name, row in before.articles.items():
        if _base(row) == wanted[name]:
            del wanted[name]
    keys = assign_keys(db, wanted)
    these = json.dumps(sorted(keys.keys() - rows.keys()))  # others that a collision moves
    for moved in dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [these]):
        before.articles[moved["id"]], rows[moved["id"]] = moved, dict(moved)
    before.attached |= attached_texts(db, keys.keys() - rows.keys())
    regions = dict(db.execute("SELECT id, region FROM outlets"))
    renewed = {name for name, row in rows.items() if row["capture"] in readings}
    for table in ("repairs", "trimmed", "documents", "places", "attachments"):
        db.executemany(f"DELETE FROM {table} WHERE article = ?", [(name,) for name in sorted(renewed)])  # noqa: S608
    # keys may change hands within one batch: let go of all of them first
    db.executemany("UPDATE articles SET key = -key WHERE id = ?", [(name,) for name in sorted(before.articles)])
    for name in sorted(rows):
        old = before.articles.get(name)
        rows[name]["key"] = keys.get(name, old["key"] if old else 0)
        rows[name]["cluster"] = old["cluster"] if old else None
        if name in renewed and rows[name]["region"] is None:
            rows[name]["region"] = regions.get(rows[name]["outlet"])
    # in order of key: at each step back the search index would write out all that it has gathered
    by_key = sorted(rows, key=lambda name: int(rows[name]["key"]))
    for name in sorted(renewed):
        insert(db, "attachments", attachment_rows(readings[rows[name]["capture"]][1].article, name))
    attached = attached_texts(db, rows)
    stale = [
        name
        for name in by_key
        if _searched(before.articles.get(name), before.attached) != _searched(rows[name], attached)
    ]
    unindex(db, [before.articles[name] for name in stale if name in before.articles], before.attached)
    insert(db, "articles", [rows[name] for name in sorted(rows)], replace=True)
    terms = {one.page: reading.terms for name, (one, reading) in readings.items() if rows[one.page]["capture"] == name}
    index(db, [(rows[name], terms.get(name)) for name in stale], attached)
    for name in sorted(renewed):
        _, reading = readings[rows[name]["capture"]]
        article = reading.article
        insert(db, "places", place_rows(reading.places, name))
        insert(db, "repairs", repair_rows(name, article.repairs))
        insert(db, "trimmed", trimmed_rows(article, name))
        insert(db, "documents", document_rows(article, name))


def _base(row: Any) -> int:
    return base_key(row["id"], row["published_at"], row["date_precision"], row["first_seen"])


def _searched(row: Any, attached: Mapping[str, str]) -> tuple[Any, ...] | None:
    return (row["key"], row["title"], row["text"], attached.get(row["id"])) if row is not None else None


def linking(db: sqlite3.Connection, files: Iterable[str]) -> set[str]:
    """Return the articles that link to some files, given by the ids of their addresses."""
    sql = "SELECT DISTINCT article FROM attachments WHERE page IN (SELECT value FROM json_each(?))"
    return {article for (article,) in db.execute(sql, [json.dumps(sorted(files))])}


def _keep_files(db: sqlite3.Connection, outcomes: Iterable[Outcome]) -> None:
    """Keep what each file says by the last reading of its address, whatever the order in which readings arrive."""
    for outcome in outcomes:
        if outcome.attachment is None:
            continue
        new = file_row(outcome, outcome.attachment)
        held = db.execute("SELECT fetched_at, capture FROM files WHERE page = ?", [outcome.page]).fetchone()
        if held is None or held < (new["fetched_at"], new["capture"]):
            insert(db, "files", [new], replace=True)


def _store_versions(db: sqlite3.Connection, histories: dict[str, History], before: _Before, readings: Readings) -> None:
    rows = []
    for name, found in histories.items():
        texts = before.texts[name]
        for look in sorted(before.looks[name]):  # the last reading of a content speaks for it
            if look.content and look.capture in readings:
                article = readings[look.capture][1].article
                last = max(other for other in before.looks[name] if other.content == look.content)
                if last == look or look.content not in texts:
                    texts[look.content] = (article.title, article.text)
        for n, version in enumerate(found.versions, 1):
            title, text = texts[version.content] if n < len(found.versions) else (None, None)
            row = {"article": name, "n": n, "seen_at": version.seen_at, "last_seen": version.last_seen}
            rows.append(row | {"sha256": version.content, "capture": version.capture, "title": title, "text": text})
    db.executemany("DELETE FROM versions WHERE article = ?", [(name,) for name in histories])
    insert(db, "versions", rows)


def unsettle(db: sqlite3.Connection, pages: Iterable[str]) -> dict[str, Change]:
    """Take out some pages with all that hangs on them; return what became of each article's text."""
    pages = set(pages)
    these = json.dumps(sorted(pages))
    articles = list(dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [these]))
    others = json.dumps(sorted(linking(db, pages) - {row["id"] for row in articles}))  # they lose what their files say
    bereft = list(dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [others]))
    unindex(db, [*articles, *bereft], attached_texts(db, (row["id"] for row in (*articles, *bereft))))
    for table in ("repairs", "trimmed", "documents", "places", "attachments", "versions", "reprints"):
        db.execute(f"DELETE FROM {table} WHERE article IN (SELECT value FROM json_each(?))", [these])  # noqa: S608
    captures = "SELECT id FROM captures WHERE page IN (SELECT value FROM json_each(?))"
    for table in ("skips", "failures"):
        db.execute(f"DELETE FROM {table} WHERE capture IN ({captures})", [these])  # noqa: S608  (constants)
    db.execute("DELETE FROM files WHERE page IN (SELECT value FROM json_each(?))", [these])
    index(db, [(dict(row), None) for row in bereft], attached_texts(db, (row["id"] for row in bereft)))
    db.execute("DELETE FROM captures WHERE page IN (SELECT value FROM json_each(?))", [these])
    db.execute("DELETE FROM articles WHERE id IN (SELECT value FROM json_each(?))", [these])
    _close_up(db, {row["key"] // DAY for row in articles})
    return {row["id"]: Change(row["text"], None) for row in articles}


def _close_up(db: sqlite3.Connection, days: Iterable[int]) -> None:
    """Let articles have the keys that they want, where those who held them are gone."""
    rows = (row for day in sorted(days) for row in dicts(db, AROUND, [day * DAY, (day + 2) * DAY]))
    keys = assign_keys(db, {row["id"]: _base(row) for row in rows if row["key"] != _base(row)})
    these = dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(sorted(keys))])
    moved = [row for row in these if row["key"] != keys[row["id"]]]
    attached = attached_texts(db, (row["id"] for row in moved))
    unindex(db, moved, attached)
    db.executemany("UPDATE articles SET key = -key WHERE id = ?", [(row["id"],) for row in moved])
    db.executemany("UPDATE articles SET key = ? WHERE id = ?", [(keys[row["id"]], row["id"]) for row in moved])
    index(db, [({**dict(row), "key": keys[row["id"]]}, None) for row in moved], attached)
