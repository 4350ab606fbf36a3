"""Measure storing: articles a second with the search index, copies and versions, beside bare `executemany`; bytes.

FANGZHI_SHARED=DIR python benchmarks/store.py --articles 20000
"""

import argparse
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from archives import BATCH, fill

TEXT = "SELECT title, text FROM articles ORDER BY key"
BYTES = "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"


def bare(archive: Path, path: Path) -> float:
    """Return the seconds of processor that `executemany` takes for an archive's texts in one plain table."""
    seconds = 0.0
    with closing(sqlite3.connect(archive)) as texts, closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, text TEXT)")
        found = texts.execute(TEXT)
        number = 0
        while rows := [(f"{number + place:016x}", *row) for place, row in enumerate(found.fetchmany(BATCH))]:
            start = time.process_time()
            with db:
                db.executemany("INSERT INTO articles VALUES (?, ?, ?)", rows)
            seconds += time.process_time() - start
            number += len(rows)
    return seconds


def sizes(path: Path) -> list[tuple[str, int]]:
    """Return the bytes of the largest tables, each with its indexes; the search index counts as one."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(
            """SELECT CASE WHEN tbl_name LIKE 'articles_fts%' THEN 'search index' ELSE tbl_name END, sum(pgsize)
            FROM dbstat JOIN sqlite_master USING (name) GROUP BY 1 ORDER BY 2 DESC LIMIT 6"""
        ).fetchall()


def main() -> None:
    """Fill an archive, then a plain table with the same texts; print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--share", type=float, default=1.0, help="length of the texts, of that of real ones")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, count = Path(folder, "archive.db"), wanted.articles
        cost = fill(path, count, share=wanted.share)
        plain = bare(path, Path(folder, "bare.db"))
        with closing(sqlite3.connect(path)) as db:
            (text,) = db.execute(BYTES).fetchone()
        print(f"{count} articles, {text / count:.0f} bytes of title and text each; seconds are those of the processor")
        print(f"  storing, in the writer   {count / cost['store']:8.0f} a second")
        print(f"  finishing                {cost['finish']:8.1f} s")
        print(f"  bare executemany         {count / plain:8.0f} a second")
        print(f"  archive                  {path.stat().st_size / text:8.2f} x the text")
        for name, size in sizes(path):
            print(f"    {name:<22} {size / text:8.2f} x")


if __name__ == "__main__":
    main()
