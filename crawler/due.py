"""Make rows due, or never due, by rule: after a look at the clock, the outlet files or the calendar."""

import json
from collections.abc import Iterable

from crawler.lease import Lease
from crawler.memory import Memory
from crawler.rhythm import LONGEST_REST

SLACK = 60.0  # seconds by which clocks may differ


class DueMemory(Memory):
    """Change when the rows of the table of addresses are due."""

    def forgo(self, lease: Lease) -> None:
        """Give a row back as one that the outlet's rules want never; `reconsider` lets it be asked for again."""
        self.database.execute(
            "UPDATE urls SET state = 'waiting', lease_until = NULL, due = NULL, verdict = 'never' WHERE id = ?",
            (lease.id,),
        )

    def reconsider(self, outlets: Iterable[str]) -> None:
        """Make due what the rules of some outlets, which may have changed since, wanted never."""
        self.database.execute(
            """UPDATE urls SET due = ?, verdict = NULL WHERE verdict = 'never'
            AND outlet IN (SELECT value FROM json_each(?))""",
            (self.clock(), json.dumps(list(outlets))),
        )

    def mend_times(self) -> int:
        """Take back what a clock that was ahead has put into the future, as if asked for now; return how many rows."""
        now = self.clock()
        with self._transaction() as database:
            database.execute(
                "UPDATE hosts SET cool_until = ? WHERE cool_until > ?", (now + LONGEST_REST, now + LONGEST_REST)
            )
            return database.execute(
                """UPDATE urls SET due = ? + (due - asked_at), fetched_at = min(fetched_at, ?), asked_at = ?
                WHERE state = 'waiting' AND asked_at > ?""",
                (now, now, now, now + SLACK),
            ).rowcount

    def due(self, outlets: Iterable[str], *, older_than: float) -> int:
        """Make everything due now that was last asked for more than `older_than` seconds ago; return how many rows.

        Sources are polled, articles and attachments looked at again; quarantine stays closed.
        """
        now = self.clock()
        return self.database.execute(
            """UPDATE urls SET due = ? WHERE state = 'waiting' AND asked_at <= ? AND (due IS NULL OR due > ?)
            AND (kind IN ('article', 'asset') OR (coalesce(via, '') = ''
                AND coalesce(source, 0) NOT IN (SELECT id FROM sources WHERE retired)))
            AND outlet IN (SELECT value FROM json_each(?))""",
            (now, now - older_than, now, json.dumps(list(outlets))),
        ).rowcount

    def retry_quarantine(self, outlets: Iterable[str]) -> int:
        """Let everything out of quarantine, due now and with a clean record; return how many rows."""
        return self.database.execute(
            """UPDATE urls SET state = 'waiting', due = ?, tries = 0 WHERE state = 'quarantine'
            AND outlet IN (SELECT value FROM json_each(?))""",
            (self.clock(), json.dumps(list(outlets))),
        ).rowcount

    def expire(self) -> int:
        """Take back leases that have run out; return how many."""
        return self.database.execute(
            "UPDATE urls SET state = 'waiting', lease_until = NULL WHERE state = 'leased' AND lease_until < ?",
            (self.clock(),),
        ).rowcount
