"""Write and read cursors: where a list stopped, as a word that travels in an address."""

import base64
import binascii
import json
from typing import Any

VERSION = 1
STRANGE = "The cursor was not made by this list; start again without it."


class BadCursor(ValueError):  # noqa: N818  (it reads as what it is)
    """A cursor was not made by this version of the archive's pages, or not for this list."""


def write(kind: str, *place: float | str) -> str:
    """Return a cursor for a kind of list and a place in it.

    >>> read("date", write("date", 12))
    [12]
    """
    return base64.urlsafe_b64encode(json.dumps([VERSION, kind, *place]).encode()).decode().rstrip("=")


def read(kind: str, cursor: str) -> list[Any]:
    """Return the place that a cursor names; raise BadCursor for a cursor of another kind or making.

    >>> read("date", "nonsense")
    Traceback (most recent call last):
    ...
    browse.cursors.BadCursor: The cursor was not made by this list; start again without it.
    """
    try:
        version, made_for, *place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, TypeError, RecursionError):
        version, made_for, place = None, None, []
    if version != VERSION or made_for != kind or not all(isinstance(part, int | float | str) for part in place):
        raise BadCursor(STRANGE)
    return list(place)
