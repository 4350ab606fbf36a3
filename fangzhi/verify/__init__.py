"""Verify everything that is kept: WARC files against their digests, the archive against them and against itself."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from fangzhi.verify.finding import Finding, Mend
from fangzhi.verify.index import check_index
from fangzhi.verify.records import check_captures, sizes_of
from fangzhi.verify.tables import check_file, check_references, check_rules
from pipelines.errors import NotAnArchive

TABLES = frozenset({"articles", "captures", "versions", "skips", "failures", "articles_fts"})
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def verify(
    captures: Path, archive: Path, crawl_db: Path | None = None, *, on_step: Callable[[str], None] = lambda _: None
) -> Iterator[Finding]:
    """Yield everything that is wrong. Reads every byte of the WARC files; writes nothing.

    A crawl or a build may run meanwhile: the archive is seen as it is at the beginning. `on_step` is called with a few
    words before each part. Raises FileNotFoundError for a path that is not there, NotAnArchive for a foreign database.
    """
    if not captures.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(captures))
    if not archive.is_file():
        raise FileNotFoundError(errno.ENOENT, "no such archive", str(archive))
    sizes = sizes_of(captures)  # before the archive is opened: what comes later is not held against it
    steps: tuple[tuple[str, Callable[[sqlite3.Connection], Iterator[Finding]]], ...] = (
        ("the database file", lambda database: check_file(database, str(archive))),
        ("references between rows", check_references),
        ("rules between rows", check_rules),
        ("the search index", check_index),
        (
            "WARC files",
            lambda database: check_captures(database, captures, sizes, lambda name: on_step(f"WARC file {name}")),
        ),
    )
    with closing(_opened(archive)) as database:
        for words, check in steps:
            on_step(words)
            try:
                yield from check(database)
            except sqlite3.DatabaseError as error:
                if not getattr(error, "sqlite_errorname", "").startswith(DAMAGED):
                    raise
                yield Finding(
                    check="file", place=f"{archive}, {words}", words=f"cannot be read: {error}", mend=Mend.FRESH
                )
    if crawl_db is not None and crawl_db.is_file():
        on_step("the crawl's memory")
        with closing(_read_only(crawl_db)) as database:
            yield from check_file(database, str(crawl_db), Mend.RESTORE)


def _opened(archive: Path) -> sqlite3.Connection:
    database = _read_only(archive)
    try:
        database.execute("BEGIN")
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    except BaseException:
        database.close()
        raise
    if not tables >= TABLES:
        database.close()
        raise NotAnArchive(f"{archive}: this database is not an archive; name another file")
    return database


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None)
