"""Check the tables of an archive against each other."""

import sqlite3
from collections.abc import Iterator

from fangzhi.verify.finding import Finding, Mend

MOST = 1_000_000  # faults that SQLite lists; it would stop at 100

# what must not be, beside what the schema itself forbids: words, rows (one column, what to call the row), remedy
RULES: tuple[tuple[str, str, Mend], ...] = (
    (
        "its capture was no article, or is that of another one",
        """SELECT 'article ' || a.id FROM articles a JOIN captures c ON c.id = a.capture
        WHERE c.article IS NOT a.id OR c.outcome != 'article' ORDER BY a.id""",
        Mend.FRESH,
    ),
    (
        "has no version",
        "SELECT 'article ' || id FROM articles WHERE id NOT IN (SELECT article FROM versions) ORDER BY id",
        Mend.FRESH,
    ),
    (
        "was read as an article, which is not there",
        "SELECT 'capture ' || id FROM captures WHERE outcome = 'article' AND article IS NULL ORDER BY id",
        Mend.FRESH,
    ),
    (
        "was read as an attachment, whose text is not there",
        """SELECT 'capture ' || id FROM captures WHERE outcome = 'attachment'
        AND page NOT IN (SELECT page FROM files) ORDER BY id""",
        Mend.FRESH,
    ),
    (
        "its capture was no attachment, or is that of another address",
        """SELECT 'file ' || f.page FROM files f JOIN captures c ON c.id = f.capture
        WHERE c.page != f.page OR c.outcome != 'attachment' ORDER BY f.page""",
        Mend.FRESH,
    ),
    (
        "is no article, and nothing says why",
        """SELECT 'capture ' || id FROM captures WHERE outcome IN ('skip', 'seen', 'gone')
        AND id NOT IN (SELECT capture FROM skips) ORDER BY id""",
        Mend.FRESH,
    ),
    (
        "failed, and nothing says how",
        """SELECT 'capture ' || id FROM captures WHERE outcome = 'failure'
        AND id NOT IN (SELECT capture FROM failures) ORDER BY id""",
        Mend.BUILD,
    ),
)


def check_file(database: sqlite3.Connection, name: str, mend: Mend = Mend.FRESH) -> Iterator[Finding]:
    """Yield what SQLite itself finds wrong with the file."""
    for (words,) in database.execute(f"PRAGMA integrity_check({MOST})"):
        if words != "ok":
            yield Finding(check="file", place=name, words=words, mend=mend)


def check_references(database: sqlite3.Connection) -> Iterator[Finding]:
    """Yield every row that refers to one that is not there, such as an article whose capture is missing."""
    for table, rowid, parent, number in database.execute("PRAGMA foreign_key_check").fetchall():
        keys = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[5]]
        column = next(row[3] for row in database.execute(f"PRAGMA foreign_key_list({table})") if row[0] == number)
        sql = f"SELECT {column}, {', '.join(keys)} FROM {table} WHERE rowid = ?"  # noqa: S608  (names from the schema)
        value, *key = database.execute(sql, [rowid]).fetchone()
        yield Finding(
            check="references",
            place=f"{table} {' '.join(map(str, key))}",
            words=f"its {column}, {value}, is not in {parent}",
            # the capture is read again, and its article with it
            mend=Mend.BUILD if parent == "captures" and table in {"articles", "versions"} else Mend.FRESH,
        )


def check_rules(database: sqlite3.Connection) -> Iterator[Finding]:
    """Yield every row that breaks one of RULES."""
    for words, sql, mend in RULES:
        for (place,) in database.execute(sql).fetchall():
            yield Finding(check="rows", place=place, words=words, mend=mend)
