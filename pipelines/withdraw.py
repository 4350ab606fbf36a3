"""Keep what is withdrawn out of the archive: of such a capture its place is left, of such an article its id."""

import json
import sqlite3
from collections.abc import Collection, Container, Iterable
from dataclasses import replace

from crawler.withdrawal import Withdrawal, pages_of
from pipelines.capture_rows import UNTOLD
from pipelines.outcome import Kind, Outcome, Refusal
from pipelines.records import Reason
from pipelines.reprints import regroup
from pipelines.settle import settle
from pipelines.table import Row, insert
from pipelines.unlink import unlink, unlinked
from pipelines.unsettle import near, take_files

STAGE = "withdraw"
SCRUB = "scrub"  # the setting that stands while something taken out may be left in free places of the file
HIDDEN = "hidden"  # the bytes are still there: the capture can be read again when the decision is lifted
PURGED = "purged"  # a tombstone lies in the place of the record
PAGES = "SELECT DISTINCT page FROM captures WHERE page IN (SELECT value FROM json_each(?)) AND outcome != 'withdrawn'"
FREED = """SELECT c.id FROM captures c JOIN skips s ON s.capture = c.id
    WHERE c.outcome = 'withdrawn' AND s.detail = ? AND c.page NOT IN (SELECT value FROM json_each(?))"""


def conceal(outcome: Outcome, withdrawn: Container[str]) -> Outcome:
    """Return an outcome without anything that is told of an article, where its page is withdrawn or its bytes are.

    That it is one of several pages is not told either: where the bytes are destroyed nobody could know.
    """
    purged = outcome.kind is Kind.WITHDRAWN
    if outcome.page not in withdrawn and outcome.own not in withdrawn and not purged:
        return unlinked(outcome, withdrawn)
    refusal = Refusal(stage=STAGE, reason=Reason.WITHDRAWN, detail=PURGED if purged else HIDDEN)
    return replace(
        outcome,
        kind=Kind.WITHDRAWN,
        page=outcome.own if outcome.own and outcome.own in withdrawn else outcome.page,
        own=None,
        charset=None,
        reading=None,
        attachment=None,
        failure=None,
        masks=(),
        refusal=refusal,
    )


def keep_out(db: sqlite3.Connection, decisions: Collection[Withdrawal]) -> bool:
    """Bring an archive in step with the decisions that stand; return whether that changed what it tells.

    The captures of what is withdrawn no longer are forgotten, so that the next build reads them.
    """
    withdrawn = json.dumps(sorted(pages_of(decisions)))
    db.execute("DELETE FROM withdrawals")
    insert(db, "withdrawals", [_row(one) for one in decisions])
    pages = [page for (page,) in db.execute(PAGES, [withdrawn])]
    if pages:
        _hide(db, pages)
    changed = unlink(db, withdrawn)
    freed = json.dumps([capture for (capture,) in db.execute(FREED, [HIDDEN, withdrawn])])
    db.execute("DELETE FROM skips WHERE capture IN (SELECT value FROM json_each(?))", [freed])
    db.execute("DELETE FROM captures WHERE id IN (SELECT value FROM json_each(?))", [freed])
    return bool(pages) or changed


def _hide(db: sqlite3.Connection, pages: Collection[str]) -> None:
    """Empty the rows of all captures of some pages, and settle what was tied to them without them."""
    around, these = near(db, pages), json.dumps(sorted(pages))
    take_files(db, pages)
    told = "SELECT id FROM captures WHERE page IN (SELECT value FROM json_each(?)) AND outcome != 'withdrawn'"
    captures = [capture for (capture,) in db.execute(told, [these])]
    untold = UNTOLD | {"outcome": Kind.WITHDRAWN.value}
    columns = ", ".join(f"{name} = :{name}" for name in untold)
    sql = f"UPDATE captures SET page = coalesce(own, page), {columns} WHERE id = :id"  # noqa: S608  (names from the schema)
    db.executemany(sql, [untold | {"id": capture} for capture in captures])
    for table in ("skips", "failures", "masks"):
        db.executemany(f"DELETE FROM {table} WHERE capture = ?", [(one,) for one in captures])  # noqa: S608
    skip: Row = {"stage": STAGE, "reason": Reason.WITHDRAWN.value, "detail": HIDDEN}
    insert(db, "skips", [{"capture": capture} | skip for capture in captures])
    regroup(db, settle(db, around, ()).changes)


def note_purged(db: sqlite3.Connection, captures: Iterable[str]) -> None:
    """Say of captures, by their ids, that their bytes are destroyed."""
    sql = "UPDATE skips SET detail = ? WHERE reason = ? AND capture IN (SELECT value FROM json_each(?))"
    db.execute(sql, [PURGED, Reason.WITHDRAWN.value, json.dumps(sorted(captures))])


def scrub(db: sqlite3.Connection) -> None:
    """Leave nothing of what was taken out in the search index and in places of the file that are free now."""
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _row(one: Withdrawal) -> Row:
    return {"article": one.article, "level": one.level.value, "at": one.at[:19] + "Z", "until": one.until}
