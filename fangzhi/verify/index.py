"""Compare the search index with the texts, term by term.

The index keeps no text of its own: every article is cut again, put into an index in memory, and what stands there is
compared with what stands in the archive's.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

from fangzhi.verify.finding import Finding, Mend
from pipelines.index import BATCH, attached_texts, index
from pipelines.migrations import SEARCH
from pipelines.table import dicts

TERMS = "CREATE VIRTUAL TABLE temp.terms USING fts5vocab({schema}, articles_fts, instance)"


def check_index(database: sqlite3.Connection) -> Iterator[Finding]:
    """Yield every article that is not in the index, or not as its text says, and every entry of no article."""
    held = _sums(database)
    lengths = {key for (key,) in database.execute("SELECT id FROM articles_fts_docsize")}
    articles = dicts(database, "SELECT key, id, title, text FROM articles ORDER BY key")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        memory.execute(SEARCH)
        while batch := list(islice(articles, BATCH)):
            memory.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
            attached = attached_texts(database, (row["id"] for row in batch))
            index(memory, ((dict(row), None) for row in batch), attached)
            wanted = _sums(memory)
            for row in batch:
                there, due = held.pop(row["key"], 0), wanted.get(row["key"], 0)
                listed = row["key"] in lengths
                lengths.discard(row["key"])
                if there != due or not listed:
                    words = "is not as its text says" if there and listed else "is not there"
                    yield _finding(f"article {row['id']}", f"its entry in the search index {words}")
    for key in sorted(held.keys() | lengths):
        yield _finding(f"search index, entry {key}", "belongs to no article")


def _finding(place: str, words: str) -> Finding:
    return Finding(check="index", place=place, words=words, mend=Mend.REINDEX)


def _sums(database: sqlite3.Connection) -> dict[int, int]:
    """Return one number for each entry of an index, made of all its terms and their places; equal for equal entries."""
    sums: defaultdict[int, int] = defaultdict(int)
    database.execute(TERMS.format(schema="main"))
    for term, entry, column, place in database.execute("SELECT term, doc, col, offset FROM temp.terms"):
        sums[entry] += hash((term, column, place))
    database.execute("DROP TABLE temp.terms")
    return sums
