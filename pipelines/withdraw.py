"""Keep what is withdrawn out of the archive: of such a capture its place is left, of such an article its id."""

import json
import sqlite3
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from crawler.withdrawal import Withdrawal
from pipelines.outcome import Kind, Outcome, Refusal
from pipelines.records import Reason
from pipelines.reprints import regroup
from pipelines.rows import UNTOLD
from pipelines.settle import unsettle
from pipelines.table import Row, dicts, insert

STAGE = "withdraw"
HIDDEN = "hidden"  # the bytes are still there: the capture can be read again when the decision is lifted
PURGED = "purged"  # a tombstone lies in the place of the record
PAGES = "SELECT DISTINCT page FROM captures WHERE page IN (SELECT value FROM json_each(?)) AND outcome != 'withdrawn'"
FREED = """SELECT DISTINCT c.page FROM captures c JOIN skips s ON s.capture = c.id
    WHERE c.outcome = 'withdrawn' AND s.detail = ? AND c.page NOT IN (SELECT article FROM withdrawals)"""


def conceal(outcome: Outcome, withdrawn: Container[str]) -> Outcome:
    """Return an outcome without anything that is told of an article, where its page is withdrawn or its bytes are."""
    purged = outcome.kind is Kind.WITHDRAWN
    if outcome.page not in withdrawn and not purged:
        return outcome
    refusal = Refusal(stage=STAGE, reason=Reason.WITHDRAWN, detail=PURGED if purged else HIDDEN)
    return replace(
        outcome, kind=Kind.WITHDRAWN, charset=None, reading=None, attachment=None, failure=None, refusal=refusal
    )


def keep_out(db: sqlite3.Connection, decisions: Mapping[str, Withdrawal]) -> bool:
    """Bring an archive in step with the decisions that stand; return whether anything was taken out.

    The captures of what is withdrawn no longer are forgotten, so that the next build reads them.
    """
    rows = [_row(one) for one in decisions.values()]
    held = {tuple(row) for row in db.execute("SELECT article, level, at, until FROM withdrawals")}
    pages = [page for (page,) in db.execute(PAGES, [json.dumps(sorted(decisions))])]
    if not pages and held == {tuple(row.values()) for row in rows}:
        return False
    db.execute("DELETE FROM withdrawals")
    insert(db, "withdrawals", rows)
    _hide(db, pages)
    freed = [page for (page,) in db.execute(FREED, [HIDDEN])]
    regroup(db, unsettle(db, freed))
    return bool(pages or freed)


def _hide(db: sqlite3.Connection, pages: Iterable[str]) -> None:
    these = json.dumps(sorted(pages))
    sql = "SELECT * FROM captures WHERE page IN (SELECT value FROM json_each(?)) ORDER BY id"
    captures = [dict(row) for row in dicts(db, sql, [these])]
    purged = {name for (name,) in db.execute("SELECT capture FROM skips WHERE detail = ?", [PURGED])}
    regroup(db, unsettle(db, json.loads(these)))
    insert(db, "captures", [row | UNTOLD | {"outcome": Kind.WITHDRAWN.value} for row in captures])
    skips: list[Row] = []
    for row in captures:
        detail = PURGED if row["id"] in purged else HIDDEN
        skips.append({"capture": row["id"], "stage": STAGE, "reason": Reason.WITHDRAWN.value, "detail": detail})
    insert(db, "skips", skips)


def note_purged(db: sqlite3.Connection, captures: Iterable[str]) -> None:
    """Say of captures, by their ids, that their bytes are destroyed."""
    sql = "UPDATE skips SET detail = ? WHERE reason = ? AND capture IN (SELECT value FROM json_each(?))"
    db.execute(sql, [PURGED, Reason.WITHDRAWN.value, json.dumps(sorted(captures))])


def _row(one: Withdrawal) -> Row:
    return {"article": one.article, "level": one.level.value, "at": one.at[:19] + "Z", "until": one.until}
