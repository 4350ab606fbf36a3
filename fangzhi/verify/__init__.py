"""Verify everything that is kept: WARC files against their digests, the archive against them and against itself."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from crawler.withdrawal import PURGING, read_journal, standing
from fangzhi.status.memory import remembered
from fangzhi.verify.finding import Finding, Mend
from fangzhi.verify.index import check_index
from fangzhi.verify.records import check_captures, sizes_of
from fangzhi.verify.tables import check_file, check_references, check_rules
from fangzhi.verify.withdrawn import check_withdrawals
from fangzhi.withdrawing import wanted
from pipelines.errors import StoreDamaged
from pipelines.opened import opened

DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def verify(
    captures: Path, archive: Path, crawl_db: Path | None = None, *, on_step: Callable[[str], None] = lambda _: None
) -> Iterator[Finding]:
    """Yield everything that is wrong. Reads every byte of the WARC files; writes nothing.

    A crawl or a build may run meanwhile: the archive is seen as it is at the beginning. `on_step` is called with a few
    words before each part. Raises FileNotFoundError for a path that is not there, and StoreError for a database that is
    none of ours, older or newer than this program; one that is damaged is a finding.
    """
    if not captures.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(captures))
    sizes = sizes_of(captures)  # before the archive is opened: what comes later is not held against it
    decisions = standing(read_journal(captures)).values()
    to_purge = wanted(one for one in decisions if one.level in PURGING)
    steps: tuple[tuple[str, Callable[[sqlite3.Connection], Iterator[Finding]]], ...] = (
        ("the database file", lambda database: check_file(database, str(archive))),
        ("references between rows", check_references),
        ("rules between rows", check_rules),
        ("withdrawals", lambda database: check_withdrawals(database, decisions)),
        ("the search index", check_index),
        (
            "WARC files",
            lambda database: check_captures(
                database, captures, sizes, to_purge, lambda name: on_step(f"WARC file {name}")
            ),
        ),
    )
    with ExitStack() as stack:
        try:
            database = stack.enter_context(opened(archive))
        except StoreDamaged as error:
            yield Finding(check="file", place=str(archive), words=f"cannot be read: {error.__cause__}", mend=Mend.FRESH)
            return
        database.execute("BEGIN")
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
        with remembered(crawl_db) as database:
            yield from check_file(database, str(crawl_db), Mend.RESTORE)
