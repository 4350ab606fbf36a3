"""Search an archive from the command line, by the very search of the pages."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from browse.asking import Search, read
from browse.attached import InFile, choose
from browse.finding import SCORE, ask
from browse.functions import install
from pipelines.opened import opened
from pipelines.query import Problem
from pipelines.snippet import missing

WORDS = {
    Problem.EMPTY: "no words were given",
    Problem.NO_WORD: "the search holds no word, only punctuation",
    Problem.ONLY_EXCLUDED: "the search only excludes; name a word to look for as well",
    Problem.TOO_LONG: "the search has too many words",
}


class SearchRefused(ValueError):  # noqa: N818  (a verdict on the search)
    """A search says nothing that could be found; the message says why."""


def read_search(words: str, **filters: str | None) -> Search:
    """Return a search; raise BadSearch, which names the part, what was given and what is allowed."""
    return read({"q": words, **{name: value for name, value in filters.items() if value}})


def search_archive(archive: Path, search: Search, *, limit: int | None = None) -> Iterator[sqlite3.Row]:
    """Yield every article that a search finds, best first (newest first where it is asked so), at most `limit`.

    Raises SearchRefused where its words say nothing, FileNotFoundError where there is no archive.
    """
    asked = ask(search)
    if isinstance(asked, Problem):
        raise SearchRefused(WORDS[asked])
    ranked = asked.by_words and not search.by_date
    order = f"{SCORE}, a.key DESC" if ranked else "a.key DESC"
    sql = f"SELECT a.* FROM {asked.source} WHERE {asked.where} ORDER BY {order} LIMIT :most"  # noqa: S608  (all ours)
    with opened(archive) as database:
        install(database)
        yield from database.execute(sql, {**asked.params, "most": -1 if limit is None else limit})


def found_in(archive: Path, article: str, text: str, words: str) -> InFile | None:
    """Return the file of an article that holds words which its own text (headline included) lacks, None for none."""
    lost = missing(text, words)
    if not lost:
        return None
    sql = "SELECT name, text FROM attachment_texts WHERE article = ? AND text IS NOT NULL ORDER BY n"
    with opened(archive) as database:
        return choose([InFile(*row) for row in database.execute(sql, [article])], lost)
