"""Hold crawl.db open for those who remember something in it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Memory:
    """A crawl's database, in transactions; `clock` returns seconds since 1970."""

    database: sqlite3.Connection
    clock: Callable[[], float]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self.database.in_transaction:
            yield self.database
            return
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")
