"""Say what a repair would change: the unit that every rule gives back."""

from typing import NamedTuple


class Edit(NamedTuple):
    """Put `after` in place of text[start:end]; `certain` is False for a guess."""

    start: int
    end: int
    after: str
    certain: bool = True
