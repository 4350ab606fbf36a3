"""Check that every decision on a withdrawn article is carried out in the archive."""

import json
import sqlite3
from collections.abc import Collection, Iterator

from crawler.withdrawal import Withdrawal, pages_of
from fangzhi.verify.finding import Finding, Mend
from pipelines.withdraw import SCRUB

PAGES = """SELECT DISTINCT page FROM captures WHERE outcome != 'withdrawn'
    AND page IN (SELECT value FROM json_each(?)) ORDER BY page"""


def check_withdrawals(database: sqlite3.Connection, decisions: Collection[Withdrawal]) -> Iterator[Finding]:
    """Yield every article that is withdrawn by the journal and of which the archive still tells, in rows or not."""
    for (page,) in database.execute(PAGES, [json.dumps(sorted(pages_of(decisions)))]).fetchall():
        words = "is withdrawn and still there"
        yield Finding(check="withdrawals", place=f"article {page}", words=words, mend=Mend.WITHDRAW)
    if database.execute("SELECT 1 FROM settings WHERE name = ?", [SCRUB]).fetchone():
        words = "free places of the file may hold what is withdrawn"
        yield Finding(check="withdrawals", place="archive", words=words, mend=Mend.WITHDRAW)
