"""Compare the search index with the texts, term by term, in memory that does not grow with the archive.

The index keeps no text of its own: every article is cut again, put into an index in memory, and what stands there is
compared with what stands in the archive's. Terms and places are added up as digests, entries by their number in
BUCKETS sums; where two sums differ, the entries behind them are looked at one by one. That costs 1.2 ms an article of
440 characters, whatever their number.
"""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from itertools import islice

from fangzhi.verify.finding import Finding, Mend
from pipelines.index import BATCH, attached_texts, index
from pipelines.migrations import SEARCH_TEXT_FIRST
from pipelines.table import dicts

TERMS = "CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, articles_fts, instance)"
LISTED, KEYS = "SELECT id FROM articles_fts_docsize", "SELECT key FROM articles"
BUCKETS = 2**18
MASK = 2**64 - 1
NAMED = 2_000  # sums that differ up to which every entry behind them is named


def check_index(database: sqlite3.Connection, *, named: int = NAMED) -> Iterator[Finding]:
    """Yield every article that is not in the index, or not as its text says, and every entry of no article.

    Where more than `named` sums differ the index is wrong as a whole, and that is all that is said.
    """
    foreign = {key for (key,) in database.execute(f"{LISTED} EXCEPT {KEYS}")}
    absent = {key for (key,) in database.execute(f"{KEYS} EXCEPT {LISTED}")}
    held, due = _buckets(_terms(database)), _buckets(_due(database))
    wrong = {bucket for bucket in range(BUCKETS) if held[bucket] != due[bucket]}
    if len(wrong) > named:
        yield _finding("search index", "hardly anything in it is as the texts say")
        return
    looked_at = wrong | {key % BUCKETS for key in absent}
    there, wanted = (_entries(terms, looked_at) for terms in (_terms(database), _due(database)))
    for key, article in database.execute("SELECT key, id FROM articles ORDER BY key") if looked_at else ():
        if key % BUCKETS in looked_at and (there[key] != wanted[key] or key in absent):
            words = "is not as its text says" if there[key] and key not in absent else "is not there"
            yield _finding(f"article {article}", f"its entry in the search index {words}")
        there.pop(key, None)
    for key in sorted(foreign | there.keys()):
        yield _finding(f"search index, entry {key}", "belongs to no article")


def _finding(place: str, words: str) -> Finding:
    return Finding(check="index", place=place, words=words, mend=Mend.REINDEX)


def _terms(database: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Yield (entry, digest) for every term of an index at every place."""
    database.execute("DROP TABLE IF EXISTS temp.terms")
    database.execute(TERMS)
    for term, entry, column, place in database.execute("SELECT term, doc, col, offset FROM temp.terms"):
        yield entry, hash((term, column, place))


def _due(database: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Yield (entry, digest) for every term that the index should have, by an index in memory of some articles."""
    articles = dicts(database, "SELECT key, id, title, text FROM articles ORDER BY key")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        memory.execute(SEARCH_TEXT_FIRST)
        while batch := list(islice(articles, BATCH)):
            memory.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
            attached = attached_texts(database, (row["id"] for row in batch))
            index(memory, ((dict(row), None) for row in batch), attached)
            yield from _terms(memory)


def _buckets(terms: Iterable[tuple[int, int]]) -> "array[int]":
    sums = array("Q", bytes(8 * BUCKETS))
    for entry, digest in terms:
        bucket = entry % BUCKETS
        sums[bucket] = (sums[bucket] + digest) & MASK
    return sums


def _entries(terms: Iterable[tuple[int, int]], buckets: Collection[int]) -> defaultdict[int, int]:
    """Return the sum of each entry that falls into some buckets."""
    sums: defaultdict[int, int] = defaultdict(int)
    for entry, digest in terms if buckets else ():
        if entry % BUCKETS in buckets:
            sums[entry] += digest
    return sums
