"""Read the tables of cases, and give each row to a test under its own label."""

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


def table(name: str) -> list[dict]:
    """Return the rows of a table: `fields/dates` is tests/cases/fields/dates.json."""
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


def cases(name: str) -> list:
    """Return the rows of a table as parameters of a test."""
    return [pytest.param(row, id=row["label"]) for row in table(name)]
