"""Keep sketches and links of an archive as rows of SQLite, so that a new article finds its copies without a pass.

A number of a sketch that stands in very many articles (the advice at the end of every daily report) is looked up in
its HUBS articles of lowest id alone, and of all the candidates those are compared that share the rarest numbers. This
bounds the work for one article whatever the archive holds, and loses nothing that matters: the copies of a text much
reprinted are all linked to the same hubs, and two copies of one daily report meet in the numbers made from its own
figures, which are rare.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from math import lcm
from typing import NamedTuple

from pipelines.similar.normal import Normal
from pipelines.similar.sketch import SHARED, signature
from pipelines.similar.sketches import SCHEMA as SKETCHES
from pipelines.similar.sketches import Sketches
from pipelines.similar.verdict import Relation, Verdict, overlap, same_text

HUBS = 16
FEW, MANY = 4, 64  # the same, where one is told from whom it was taken: of so many different texts so few
COMPARED = 32  # candidates; more than there are hubs, so that a text much reprinted meets all of its own
LCM = lcm(*range(1, HUBS + 1))  # whole numbers, so that the sum does not depend on the order
KEPT = 512  # normal texts kept in memory with their shingles: hubs are compared again and again
PLAIN = 4096  # normal texts kept without, at a hundredth of the memory: enough for an exact copy

SCHEMA = (
    *SKETCHES,
    """CREATE TABLE links (
        article INTEGER NOT NULL, other INTEGER NOT NULL, similarity REAL NOT NULL, PRIMARY KEY (article, other)
    ) WITHOUT ROWID""",
)


class Link(NamedTuple):
    """Two articles that are one text, the lower id first."""

    a: str
    b: str
    similarity: float

    @classmethod
    def between(cls, one: str, two: str, similarity: float) -> "Link":
        """Return the link of two articles, given in any order."""
        return cls(min(one, two), max(one, two), similarity)


class Index:
    """The sketches and links of one archive; `read` returns the text of an article by its id.

    The caller owns the connection and its transactions, and has made the tables of SCHEMA.
    """

    def __init__(self, connection: sqlite3.Connection, read: Callable[[str], str]) -> None:
        self._db = connection
        self._sketches = Sketches(connection)
        # most copies are exact: one normal form serves for all of them
        plain_of, normal_of = lru_cache(KEPT)(lambda text: Normal.of(text).plain), lru_cache(KEPT)(Normal)
        self._plain = lru_cache(PLAIN)(lambda article: plain_of(read(article)))
        self._normal = lru_cache(PLAIN)(lambda article: normal_of(self._plain(article)))
        self._verdict = lru_cache(PLAIN)(lambda one, two: same_text(normal_of(one), normal_of(two)))

    def add(self, article: str, text: str, sketch: Sequence[int] | None = None) -> list[tuple[Link, Verdict]]:
        """Add an article, link it to every article that is one text with it, and return those links.

        An article whose text changed is removed first, under its old text. `sketch` is the text's `signature`, where
        that is known already.
        """
        marks = signature(text) if sketch is None else sketch
        others = self._near(marks, article)
        normal = Normal.of(text if others else "")
        found = [
            (Link.between(article, other, verdict.similarity), verdict)
            for other in others
            if (verdict := same_text(normal, self._normal(other))).similar
        ]
        self._sketches.enter(_number(article), marks)
        self._db.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", _rows(link for link, _ in found))
        return found

    def enter(self, article: str, text: str | Normal) -> None:
        """Add an article without a look for its copies: those that come later find it."""
        self._sketches.enter(_number(article), signature(text))

    def pour(self) -> None:
        """Make room where new sketches go; once after many articles."""
        self._sketches.pour()

    def remove(self, article: str, text: str) -> None:
        """Take out an article, whose text was this one when it was added."""
        number = _number(article)
        self._sketches.remove(number, signature(text))
        others = self._db.execute("SELECT other FROM links WHERE article = ?", (number,)).fetchall()
        self._db.executemany(
            "DELETE FROM links WHERE article = ? AND other = ?", [(other, number) for (other,) in others]
        )
        self._db.execute("DELETE FROM links WHERE article = ?", (number,))
        self._plain.cache_clear()
        self._normal.cache_clear()

    def candidates(self, text: str | Normal, *, but: str | None = None) -> list[str]:
        """Return up to COMPARED articles that a text is worth comparing with, the likeliest first.

        Likeliest is what shares the rarest numbers, each counting by how few articles were found under it.
        """
        return self._near(signature(text), but)

    def _near(self, sketch: Sequence[int], but: str | None) -> list[str]:
        shared, rarity = Counter[int](), Counter[int]()
        for mark in set(sketch):
            under = self._sketches.under(mark, HUBS)
            for number in under:  # by hand: for so few at a time Counter.update costs as much as the queries
                shared[number] += 1
                rarity[number] += LCM // len(under)
        if but is not None:
            del shared[_number(but)]
        worth = (number for number, count in shared.items() if count >= SHARED)
        ranked = sorted(worth, key=lambda number: (-rarity[number], number))
        return [_id(number) for number in ranked[:COMPARED]]

    def size(self, article: str) -> int:
        """Return the length of an article's normal form, in characters."""
        return len(self._plain(article))

    def shares(self, articles: Sequence[str]) -> Callable[[str, str], float | None]:
        """Return what tells the share of their joint text that two of some articles have; None: they are not one text.

        An article is measured against the first HUBS different texts among these, which come in an order of the
        caller's, and against FEW of very many. Links alone would not do: which of many copies met depends on the order
        in which they came.
        """
        firsts: dict[str, str] = {}
        first = {article: firsts.setdefault(self._plain(article), article) for article in articles}
        hubs = frozenset(islice(firsts.values(), HUBS if len(firsts) <= MANY else FEW))

        @cache
        def measured(one: str, other: str) -> float | None:
            query = "SELECT similarity FROM links WHERE article = ? AND other = ?"
            held = self._db.execute(query, (_number(one), _number(other))).fetchone()
            if held is not None:
                return float(held[0])
            verdict = self.compare(one, other)
            return verdict.similarity if verdict.similar else None

        def share(one: str, other: str) -> float | None:
            if first[one] == first[other]:
                return 1.0
            return measured(first[one], first[other]) if first[other] in hubs else None

        return share

    def compare(self, one: str, two: str) -> Verdict:
        """Say how two articles stand to one another."""
        return same_text(self._normal(one), self._normal(two))

    def similarity(self, one: str, two: str) -> float:
        """Return the share of their joint text that two articles have in common."""
        return overlap(self._normal(one), self._normal(two))

    def on_one_form(self, one: str, two: str) -> bool:
        """Say whether two articles are different notices written on one form."""
        plain: list[str] = sorted((self._plain(one), self._plain(two)))  # of many exact copies each asks the same
        return self._verdict(*plain).relation is Relation.FORM

    def component(self, *articles: str) -> list[Link]:
        """Return every link of the articles that hang together with any of these, by whatever chain."""
        links: list[Link] = []
        names = {_number(article): article for article in articles}
        open_ = list(names)
        query = "SELECT other, similarity FROM links WHERE article = ?"
        while open_:
            here = open_.pop()
            for other, similarity in self._db.execute(query, (here,)):
                if other not in names:
                    names[other] = _id(other)
                    open_.append(other)
                if here < other:  # each link stands under both its ends
                    links.append(Link(names[here], names[other], similarity))
        return sorted(links)


def _rows(links: Iterable[Link]) -> Iterator[tuple[int, int, float]]:
    for link in links:
        a, b = _number(link.a), _number(link.b)
        yield a, b, link.similarity
        yield b, a, link.similarity


def _number(article: str) -> int:
    """Return an article's id (16 hex digits) as SQLite's signed integer, in the same order: half the bytes."""
    return int(article, 16) - 2**63


def _id(number: int) -> str:
    return f"{number + 2**63:016x}"
