"""Sketches say the same whatever table their rows have come to."""

import sqlite3
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.similar import sketches
from pipelines.similar.sketches import SCHEMA, TABLES, Sketches

marks = st.integers(-(2**31), 2**31 - 1) | st.integers(0, 3)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.integers(0, 30), st.lists(marks, max_size=6)),
        st.tuples(st.just("remove"), st.integers(0, 30), st.just([])),
        st.tuples(st.just("pour"), st.just(0), st.just([])),
    ),
    max_size=60,
)


def database() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    for statement in SCHEMA:
        db.execute(statement)
    return db


def rows(db: sqlite3.Connection) -> dict[str, int]:
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


@given(steps)
def test_what_was_entered_is_found_until_it_is_removed(taken):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sketches, "TABLES", {"sketches_newest": 4, "sketches_recent": 16, "sketches": None})
        held, kept = Sketches(database()), defaultdict(set)
        for step, article, numbers in taken:
            if step == "pour":
                held.pour()
            elif step == "remove":
                held.remove(article, kept.pop(article, ()))
            else:
                held.enter(article, numbers)
                kept[article].update(numbers)
    for mark in {mark for numbers in kept.values() for mark in numbers} | {0, 1}:
        there = sorted(article for article, numbers in kept.items() if mark in numbers)
        assert held.under(mark, 3) == there[:3]


def test_full_tables_are_poured_on(monkeypatch):
    monkeypatch.setattr(sketches, "TABLES", {"sketches_newest": 4, "sketches_recent": 16, "sketches": None})
    db = database()
    held = Sketches(db)
    for article in range(5):
        held.enter(article, range(article * 5, article * 5 + 5))
        held.pour()

    assert rows(db) == {"sketches_newest": 0, "sketches_recent": 5, "sketches": 20}
