"""Compare the search index with the texts, term by term.

The index keeps no text of its own: every article is cut again, put into an index in memory, and what stands there is
compared with what stands in the archive's. That costs milliseconds an article, and holds a number for each; beyond
EXACT articles a sample is taken instead: all entries are compared with the articles by their numbers, and of SAMPLE
articles, spread evenly, every word has to be found where the text has it. What an entry has beside its text is then
not seen, nor a wrong entry of an article outside the sample.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

from fangzhi.verify.finding import Finding, Mend
from pipelines.index import BATCH, attached_texts, index
from pipelines.migrations import SEARCH_TEXT_FIRST
from pipelines.segment import cut
from pipelines.table import dicts

TERMS = "CREATE VIRTUAL TABLE temp.terms USING fts5vocab({schema}, articles_fts, instance)"


EXACT = 100_000  # articles up to which every entry is compared: some minutes
SAMPLE = 2_000
PHRASE = 40  # terms that are asked for at once


def check_index(database: sqlite3.Connection, *, exact: int = EXACT, sample: int = SAMPLE) -> Iterator[Finding]:
    """Yield every article that is not in the index, or not as its text says, and every entry of no article.

    In an archive of more than `exact` articles the texts of `sample` of them are compared.
    """
    (count,) = database.execute("SELECT count(*) FROM articles").fetchone()
    yield from _whole(database) if count <= exact else _sampled(database, max(1, count // sample))


def _sampled(database: sqlite3.Connection, step: int) -> Iterator[Finding]:
    listed, keys = "SELECT id FROM articles_fts_docsize", "SELECT key FROM articles"
    for (key,) in database.execute(f"{keys} EXCEPT {listed} ORDER BY 1"):
        (article,) = database.execute("SELECT id FROM articles WHERE key = ?", [key]).fetchone()
        yield _finding(f"article {article}", "its entry in the search index is not there")
    for (key,) in database.execute(f"{listed} EXCEPT {keys} ORDER BY 1"):
        yield _finding(f"search index, entry {key}", "belongs to no article")
    missing = {key for (key,) in database.execute(f"{keys} EXCEPT {listed}")}
    chosen = [key for (key,) in islice(database.execute(f"{keys} ORDER BY key"), 0, None, step) if key not in missing]
    found = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
    for key in chosen:
        article, text = database.execute("SELECT id, text FROM articles WHERE key = ?", [key]).fetchone()
        terms = cut(text).split()
        phrases = [" ".join(terms[start : start + PHRASE]) for start in range(0, len(terms), PHRASE)]
        if not all(database.execute(found, [f'text : "{one}"', key]).fetchone() for one in phrases):
            yield _finding(f"article {article}", "its entry in the search index is not as its text says")


def _whole(database: sqlite3.Connection) -> Iterator[Finding]:
    held = _sums(database)
    lengths = {key for (key,) in database.execute("SELECT id FROM articles_fts_docsize")}
    articles = dicts(database, "SELECT key, id, title, text FROM articles ORDER BY key")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        memory.execute(SEARCH_TEXT_FIRST)
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
