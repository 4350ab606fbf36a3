"""Look over a whole page once, so that a repair of one line can be decided by all of them."""

from functools import cached_property

from pipelines.repair.pinyin.profile import Profile
from pipelines.repair.pinyin.signs import profile_of


class Survey:
    """What the text of a page shows as a whole; each part is worked out when a rule first asks for it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def injection(self) -> Profile | None:
        """Return what the page shows of a pinyin injection, or None."""
        return profile_of(self.text)
