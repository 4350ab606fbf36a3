"""Bring articles up to date with all captures of their addresses, whatever the order in which these arrived."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.addresses import alias_rows
from pipelines.before import Before, Readings, before_settling, last_reading, sameness, texts_of
from pipelines.history import History, history
from pipelines.index import attached_texts, index, unindex
from pipelines.keys import assign_keys
from pipelines.moves import articles_of
from pipelines.outcome import Outcome
from pipelines.pages import Whole, whole_of
from pipelines.reprints import Change
from pipelines.rows import file_row
from pipelines.table import Row, dicts, insert
from pipelines.told import absence_rows, edit_rows, state_row, version_rows
from pipelines.unit import Unit, page_reading_rows, paged, unit_of
from pipelines.unsettle import READ, TOLD, close_up, linking, near, take_out, wanted_key


@dataclass(slots=True)
class Settled:
    """What settling changed: the text of each article that it brought up to date, and how many articles are new.

    `unread` are pages whose present reading is neither new nor stored, as where older code took another for it.
    """

    changes: dict[str, Change] = field(default_factory=dict)
    added: int = 0
    unread: list[str] = field(default_factory=list)


def settle(db: sqlite3.Connection, addressed: Iterable[str], outcomes: Sequence[Outcome]) -> Settled:
    """Bring the articles of some pages up to date; the captures' own rows are there already."""
    settled = Settled()
    linked = linking(db, (one.page for one in outcomes if one.attachment))
    before = before_settling(db, near(db, {*addressed, *linked}))
    _keep_files(db, outcomes)
    readings = {one.capture.id: (one, one.reading) for one in outcomes if one.reading}
    found = {one.id: one for one in articles_of(before.looks, sameness(before, readings))}
    said = {name: texts_of(one.looks, before, readings) for name, one in found.items()}
    wholes = {name: whole_of(one.looks, said[name]) for name, one in found.items()}
    histories = {name: told for name, whole in wholes.items() if (told := history(whole.looks))}
    pages = {name: _pages(db, whole, before, readings) for name, whole in wholes.items() if whole.paged}
    units = {name: unit_of(*new) for name, told in histories.items() if (new := readings.get(told.present))}
    units |= {name: _joined(wholes[name], its, before) for name, its in pages.items()}
    rows = {name: _row(name, told, before, units.get(name)) for name, told in histories.items()}
    for name, row in rows.items():
        former = before.articles[name]["text"] if name in before.articles else None
        settled.changes[name] = Change(former, row["text"], units[name].sketch if name in units else None)
        settled.added += not any(look.capture in before.former for look in found[name].looks)
        if not (_is_read(wholes[name], pages[name]) if name in pages else row["capture"] == histories[name].present):
            settled.unread += sorted({look.page for look in found[name].looks})
        _carry(db, before.former.get(row["capture"], name), name)
    merged = {name: row for name, row in before.articles.items() if name not in rows}
    settled.changes.update({name: Change(row["text"], None) for name, row in merged.items()})
    take_out(db, merged, before.attached)
    before.articles = {name: row for name, row in before.articles.items() if name in rows}
    these = json.dumps(sorted(rows))
    _store(db, rows, before, units)
    for table in TOLD:
        db.execute(f"DELETE FROM {table} WHERE article IN (SELECT value FROM json_each(?))", [these])  # noqa: S608
    for name, told in histories.items():
        insert(db, "versions", version_rows(name, told, wholes[name].texts))
        insert(db, "edits", edit_rows(name, told, wholes[name].texts))
        insert(db, "absences", absence_rows(name, told))
        if len(wholes[name].last) > 1:
            insert(db, "page_readings", page_reading_rows(name, found[name].looks, said[name], pages[name]))
    insert(db, "aliases", alias_rows(found.values(), before.addresses))
    db.executemany(
        "UPDATE captures SET article = ?1 WHERE page = ?2 AND article IS NOT ?1",
        [(name, page) for name, one in found.items() for page in sorted({look.page for look in one.looks})],
    )
    close_up(db, merged.values())
    return settled


def _joined(whole: Whole, pages: Mapping[int, Unit], before: Before) -> Unit:
    return paged(whole, pages, before.regions.get(pages[whole.own[0]].row["outlet"]))


def _pages(db: sqlite3.Connection, whole: Whole, before: Before, readings: Readings) -> dict[int, Unit]:
    """Return the last reading of each page of an article over several."""
    return {number: last_reading(db, look.capture, before, readings) for number, look in whole.last.items()}


def _is_read(whole: Whole, pages: Mapping[int, Unit]) -> bool:
    """Say whether the pages of an article were read from the captures that are their last ones now."""
    return all(pages[number].row["capture"] == look.capture for number, look in whole.last.items())


def _row(name: str, found: History, before: Before, unit: Unit | None) -> Row:
    """Return the whole row of an article but its key: from its present reading, which is new or stored already."""
    if unit is None:
        return {**before.articles[before.former[found.present]], "id": name, **state_row(found)}
    region = unit.region or before.regions.get(unit.row["outlet"])
    return {**unit.row, "id": name, "region": region, **state_row(found)}


def _carry(db: sqlite3.Connection, former: str, name: str) -> None:
    """Hang what was read of an article on the id that it has from now on."""
    if former != name:
        for table in READ:
            db.execute(f"DELETE FROM {table} WHERE article = ?", [name])  # noqa: S608  (constants)
            db.execute(f"UPDATE {table} SET article = ? WHERE article = ?", [name, former])  # noqa: S608


def _store(db: sqlite3.Connection, rows: dict[str, Row], before: Before, units: Mapping[str, Unit]) -> None:
    wanted = {name: wanted_key(row) for name, row in rows.items()}
    for name, row in before.articles.items():
        if wanted_key(row) == wanted[name]:
            del wanted[name]
    keys = assign_keys(db, wanted)
    these = json.dumps(sorted(keys.keys() - rows.keys()))  # others that a collision moves
    for moved in dicts(db, "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))", [these]):
        before.articles[moved["id"]], rows[moved["id"]] = moved, dict(moved)
    before.attached |= attached_texts(db, keys.keys() - rows.keys())
    for table in READ:
        db.executemany(f"DELETE FROM {table} WHERE article = ?", [(name,) for name in sorted(units)])  # noqa: S608
    # keys may change hands within one batch: let go of all of them first
    db.executemany("UPDATE articles SET key = -key WHERE id = ?", [(name,) for name in sorted(before.articles)])
    for name in sorted(rows):
        old = before.articles.get(name)
        rows[name]["key"] = keys.get(name, old["key"] if old else 0)
        rows[name]["cluster"] = old["cluster"] if old else None
    # in order of key: at each step back the search index would write out all that it has gathered
    by_key = sorted(rows, key=lambda name: int(rows[name]["key"]))
    for name in sorted(units):
        for table, hung in units[name].hung.items():
            insert(db, table, [{"article": name, **row} for row in hung])
    attached = attached_texts(db, rows)
    stale = [
        name
        for name in by_key
        if _searched(before.articles.get(name), before.attached) != _searched(rows[name], attached)
    ]
    unindex(db, [before.articles[name] for name in stale if name in before.articles], before.attached)
    insert(db, "articles", [rows[name] for name in sorted(rows)], replace=True)
    index(db, [(rows[name], units[name].terms if name in units else None) for name in stale], attached)


def _searched(row: Any, attached: Mapping[str, str]) -> tuple[Any, ...] | None:
    return (row["key"], row["title"], row["text"], attached.get(row["id"])) if row is not None else None


def _keep_files(db: sqlite3.Connection, outcomes: Iterable[Outcome]) -> None:
    """Keep what each file says by the last reading of its address, whatever the order in which readings arrive."""
    for outcome in outcomes:
        if outcome.attachment is None:
            continue
        new = file_row(outcome, outcome.attachment)
        held = db.execute("SELECT fetched_at, capture FROM files WHERE page = ?", [outcome.page]).fetchone()
        if held is None or held < (new["fetched_at"], new["capture"]):
            insert(db, "files", [new], replace=True)
