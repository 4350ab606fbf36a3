"""Keep every address under which an article was ever found, with the time in which it led there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.moves import Found
from pipelines.table import Row
from pipelines.url import cleaned


@dataclass(frozen=True, slots=True)
class Address:
    """One look at an address: the page that it counts for, the id of the bare address, the address, the time (UTC).

    `part` is the number of the page that it shows, of an article over several.
    """

    page: str
    id: str
    url: str
    at: str
    part: int = 1


def alias_rows(articles: Iterable[Found], addresses: Iterable[Address]) -> list[Row]:
    """Return a row for every address of some articles but the one that gave the article its id.

    `how` says why it leads there: a rule of the outlet ("rule"), a later page of the article ("page"), a redirect
    without a text of its own ("redirect"), or the same text where a redirect led ("moved").
    """
    seen = defaultdict(list)
    for one in addresses:
        seen[one.page].append(one)
    rows = []
    for article in articles:
        pages = {look.page for look in article.looks}
        found = defaultdict(list)
        for page in (*pages, *article.doors):
            for one in seen[page]:
                found[one.id, _how(one, is_read=page in pages)].append(one)
        rows += [_row(article.id, how, looks) for (name, how), looks in sorted(found.items()) if name != article.id]
    return rows


def _how(one: Address, *, is_read: bool) -> str:
    if one.part > 1:
        return "page"
    if one.id != one.page:
        return "rule"
    return "moved" if is_read else "redirect"


def _row(article: str, how: str, looks: list[Address]) -> Row:
    first, last = min(looks, key=lambda one: one.at), max(looks, key=lambda one: (one.at, one.url))
    return {
        "id": first.id,
        "article": article,
        "url": cleaned(last.url),
        "how": how,
        "since": first.at,
        "until": last.at,
    }
