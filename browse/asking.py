"""Read a search from an address, check it, and write it back: the address is the search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from browse.question import Question, take_apart
from browse.templating import address

ORDERS = ("relevance", "date")
STATES = ("alive", "changed", "gone", "back")
LONGEST = 2000  # characters of a search; more is a pasted text, not a search


class BadSearch(ValueError):  # noqa: N818  (it reads as what it is)
    """A search cannot be understood; the message says which part, what was given, and what is allowed."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search: words as typed and filters. Days are ISO; `region` is a code and means all that lies in it."""

    q: str = ""
    outlet: str = ""
    kind: str = ""
    region: str = ""
    since: str = ""
    until: str = ""
    status: str = ""
    script: str = ""
    flag: str = ""
    source: str = ""
    order: str = ""

    @property
    def question(self) -> Question:
        """Return the words for the index and the conditions typed among them."""
        return take_apart(self.q)

    @property
    def by_date(self) -> bool:
        """Say whether newest comes first: asked for, or nothing to rank by."""
        return self.order == "date" or not self.question.words

    @property
    def filtered(self) -> bool:
        """Say whether any filter is set."""
        return any(getattr(self, name) for name in FILTERS)

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield the parts that are set, as they stand in an address."""
        for name in ("q", *FILTERS, "order"):
            if getattr(self, name):
                yield name, getattr(self, name)

    def link(self, path: str = "/search", **changes: Any) -> str:
        """Return the address of this search with some parts changed; any other argument is added."""
        own = {name: str(value or "") for name, value in changes.items() if name in self.__slots__}
        more = {name: value for name, value in changes.items() if name not in self.__slots__}
        return address(path, {**dict(replace(self, **own).items()), **more})


FILTERS = ("outlet", "kind", "region", "since", "until", "status", "script", "flag", "source")


def read(args: Mapping[str, Any]) -> Search:
    """Return the search of an address; raise BadSearch for a part that cannot be.

    >>> read({"q": "疫情", "since": "2022-03-01"}).link(since="")
    '/search?q=%E7%96%AB%E6%83%85'
    """
    parts = {name: str(args.get(name) or "").strip() for name in ("q", *FILTERS, "order")}
    if len(parts["q"]) > LONGEST:
        raise BadSearch(f"The search has {len(parts['q'])} characters; at most {LONGEST} are allowed.")
    for name, allowed in (("order", ORDERS), ("status", STATES)):
        if parts[name] and parts[name] not in allowed:
            raise BadSearch(f"{name} is {parts[name][:40]!r}; it can be {' or '.join(allowed)}.")
    for name in ("since", "until"):
        parts[name] = _day(name, parts[name])
    if parts["since"] and parts["until"] and parts["since"] > parts["until"]:
        raise BadSearch(f"since ({parts['since']}) lies after until ({parts['until']}).")
    return Search(**parts)


def _day(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadSearch(f"{name} is {value[:40]!r}; it must be a day such as 2022-03-01.") from None
