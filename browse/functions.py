"""Give every connection of Datasette the SQL functions of our search."""

import sqlite3

from browse.archive import is_archive
from browse.marks import excerpt
from browse.question import take_apart
from pipelines.fold import fold
from pipelines.query import query


def install(connection: sqlite3.Connection) -> None:
    """Register the functions on a connection to an archive; leave every other database as Datasette made it.

    `escape_fts(q)` replaces Datasette's own: it returns our index's expression for what a person typed, so that the
    search box of every table finds what our search page finds. `fangzhi_snippet(text, q)` returns HTML with marks.
    """
    if not is_archive(connection):
        return
    connection.create_function("escape_fts", 1, _expression, deterministic=True)
    connection.create_function("fangzhi_query", 1, _expression, deterministic=True)
    connection.create_function("fangzhi_fold", 1, _folded, deterministic=True)
    connection.create_function("fangzhi_snippet", 2, _snippet, deterministic=True)


def _expression(text: object) -> str:
    return query(take_apart(str(text or "")).words)


def _folded(text: object) -> str | None:
    return None if text is None else fold(str(text))


def _snippet(text: object, search: object) -> str:
    return str(excerpt(str(text or ""), take_apart(str(search or "")).words))
