"""Look over a whole page once, so that a repair of one line can be decided by all of them."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from pipelines.repair.odd import odd_in
from pipelines.repair.pinyin.profile import Profile
from pipelines.repair.pinyin.signs import profile_of

T = TypeVar("T")


class Survey:
    """What the text of a page shows as a whole; each part is worked out when a rule first asks for it."""

    def __init__(self, text: str, before: "Survey | None" = None) -> None:
        """Take a text, and the survey of what it was before the last rule."""
        self.text = text
        self._before = before
        self._found: dict[str, Any] = {}

    def cached(self, name: str, find: Callable[[str], T]) -> T:
        """Return what a function finds in the text of the page; it is called once."""
        if name not in self._found:
            self._found[name] = find(self.text)
        found: T = self._found[name]
        return found

    @cached_property
    def odd(self) -> frozenset[str]:
        """Return what is odd in the text of the page (see `odd_in`)."""
        return odd_in(self.text)

    @cached_property
    def injection(self) -> Profile | None:
        """Return what the page shows of a pinyin injection, or None."""
        return profile_of(self.text)

    @property
    def was_injected(self) -> bool:
        """Say whether the page shows a pinyin injection, or showed one before it was undone."""
        return self.injection is not None or (self._before is not None and self._before.was_injected)
