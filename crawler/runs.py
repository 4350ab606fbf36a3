"""Remember the runs of a crawl, and what the records of each are good for."""

import json
from collections.abc import Mapping
from typing import Any

from crawler.lease import lease_of
from crawler.memory import Memory
from crawler.stored import Stored

IN_ORDER = ("finished", "limit", "interrupted")  # outcomes of runs that closed their files


class RunMemory(Memory):
    """Read and write the table of runs; `run` is the one that goes on now, by its id."""

    run: int | None = None
    run_started: float

    def begin(self, settings: Mapping[str, Any] | None = None) -> int:
        """Open a run and take back every lease of runs that ended without giving theirs back; return the run's id."""
        self.run_started = self.clock()
        with self._transaction() as database:
            database.execute("UPDATE urls SET state = 'waiting', lease_until = NULL WHERE state = 'leased'")
            cursor = database.execute(
                "INSERT INTO runs (started, settings) VALUES (?, ?)", (self.run_started, json.dumps(settings or {}))
            )
        self.run = cursor.lastrowid
        assert self.run is not None  # noqa: S101  (for the type checker)
        return self.run

    def end(self, outcome: str, counts: Mapping[str, Any] | None = None) -> None:
        """Close the run; give back what it still holds."""
        with self._transaction() as database:
            database.execute("UPDATE urls SET state = 'waiting', lease_until = NULL WHERE state = 'leased'")
            database.execute(
                "UPDATE runs SET ended = ?, outcome = ?, counts = ? WHERE id = ?",
                (self.clock(), outcome, json.dumps(counts or {}), self.run),
            )

    def fold_into(self, earlier: int) -> None:
        """Strike the run that has just ended and brought nothing; let an earlier one last until now."""
        with self._transaction() as database:
            database.execute("DELETE FROM runs WHERE id = ?", (self.run,))
            database.execute("UPDATE runs SET ended = ? WHERE id = ?", (self.clock(), earlier))

    def payload(self, digest: str) -> Stored | None:
        """Return a record that holds a payload, of whatever address, to which a revisit may refer; None for none."""
        rows = self.database.execute("SELECT * FROM urls WHERE digest = ? ORDER BY id", (digest,))
        found = (lease_of(row).stored for row in rows)
        return next((one for one in found if one is not None and self.may_refer(one)), None)

    def may_refer(self, stored: Stored) -> bool:
        """Say whether a revisit may refer to a record: one of this run, or of one that ended in order."""
        if stored.run == self.run:
            return True
        ended = self.database.execute("SELECT outcome FROM runs WHERE id = ?", (stored.run,)).fetchone()
        return ended is not None and ended["outcome"] in IN_ORDER
