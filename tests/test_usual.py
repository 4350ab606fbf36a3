"""A day on which far less came than is usual of the outlet is a gap, also where nothing that was asked for is lost."""

import sqlite3

import pytest

from pipelines.usual import gap_of
from tests.weekly_paper import build_weeks


@pytest.mark.parametrize(
    ("expected", "obtained", "usual", "gap"),
    [
        (3, 3, 3, None),
        (3, 2, None, "lost"),
        (3, 2, 20, "lost"),
        (0, 0, None, None),
        (0, 0, 3, None),  # too few to miss one
        (0, 0, 4, "unusual"),
        (4, 4, 8, None),  # half of it is bad luck
        (3, 3, 8, "unusual"),
        (30, 30, 20, None),
    ],
)
def test_a_gap_is_what_was_lost_or_far_less_than_is_usual(expected, obtained, usual, gap):
    assert gap_of(expected, obtained, usual) == gap


@pytest.fixture(scope="module")
def coverage(tmp_path_factory):
    database = sqlite3.connect(build_weeks(tmp_path_factory.mktemp("usual")))
    yield {day: rest for day, *rest in database.execute("SELECT day, expected, obtained, usual, gap FROM coverage")}
    database.close()


def test_a_silent_day_of_a_busy_outlet_has_a_row_and_is_a_gap(coverage):
    assert coverage["2026-02-16"] == [0, 0, 6, "unusual"]  # the Monday on which nothing came
    assert coverage["2026-02-17"] == [0, 0, 5, "unusual"]
    assert coverage["2026-02-23"] == [0, 0, 6, "unusual"]


def test_a_day_as_ever_is_none_and_the_first_weeks_know_nothing(coverage):
    assert coverage["2026-01-05"] == [6, 6, None, None]
    assert coverage["2026-02-02"] == [6, 6, 6, None]
    assert coverage["2026-02-19"] == [1, 1, 1, None]  # one article on a Thursday is all there ever is
    assert "2026-02-21" not in coverage  # nothing is usual on Saturdays


def test_a_day_that_is_not_over_is_no_gap(coverage):
    assert coverage["2026-02-24"] == [1, 1, 5, None]
