"""Ask archive.db: what became of what was fetched, and on which days less came than should have."""

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from fangzhi.status.records import GapDay, Imports, OutletStatus
from pipelines.usual import silences


def ask_archive(
    database: sqlite3.Connection, outlets: dict[str | None, OutletStatus], looks: Mapping[str, float]
) -> None:
    """Fill in what the archive knows. `looks`: when (seconds since 1970) each outlet was last taken up by a crawl."""

    def of(slug: str | None) -> OutletStatus:
        return outlets.setdefault(slug, OutletStatus(outlet=slug))

    for row in database.execute("SELECT outlet, status, count(*) AS n FROM articles GROUP BY outlet, status"):
        one = of(row["outlet"])
        one.articles += row["n"]
        one.changed += row["n"] if row["status"] == "changed" else 0
        one.gone += row["n"] if row["status"] == "gone" else 0
    for row in database.execute(
        """SELECT c.outlet, s.reason, count(*) AS n FROM skips s JOIN captures c ON c.id = s.capture
        GROUP BY c.outlet, s.reason"""
    ):
        of(row["outlet"]).skips[row["reason"]] = row["n"]
    sql = "SELECT outlet, day, expected, obtained, usual, gap FROM coverage WHERE gap IS NOT NULL ORDER BY day DESC"
    for row in database.execute(sql):
        of(row["outlet"]).gaps.append(GapDay(**{name: row[name] for name in row.keys() if name != "outlet"}))  # noqa: SIM118  (a row yields its values)
    for slug, gap in _unanswered(database, looks):
        one = of(slug)
        if gap.day not in {known.day for known in one.gaps}:
            one.gaps.append(gap)
            one.gaps.sort(key=lambda known: known.day, reverse=True)


def _unanswered(database: sqlite3.Connection, looks: Mapping[str, float]) -> Iterator[tuple[str, GapDay]]:
    """Yield the silent days of outlets that were asked and gave no answer at all: no capture tells of them.

    Days that no build has seen since are left out: what came on them is not known yet.
    """
    (built,) = database.execute("SELECT max(started) FROM builds WHERE finished IS NOT NULL").fetchone()
    if built is None:
        return
    zones = {row["id"]: ZoneInfo(row["timezone"]) for row in database.execute("SELECT id, timezone FROM outlets")}
    for slug, at in looks.items():
        if slug not in zones:
            continue
        last = min(datetime.fromtimestamp(at, UTC), datetime.fromisoformat(built))
        obtained = {
            date.fromisoformat(row["day"]): row["obtained"]
            for row in database.execute("SELECT day, obtained FROM coverage WHERE outlet = ? AND obtained > 0", [slug])
        }
        for day, usual in silences(obtained, last.astimezone(zones[slug]).date()):
            yield slug, GapDay(day=day.isoformat(), expected=0, obtained=0, usual=usual, gap="unusual")


def ask_imports(database: sqlite3.Connection) -> Imports | None:
    """Return what was brought in from outside; None where nothing was."""
    row = database.execute(
        """SELECT count(*) OVER () AS files, imported_at, file, software FROM imports ORDER BY n DESC LIMIT 1"""
    ).fetchone()
    if row is None:
        return None
    return Imports(files=row["files"], last_at=row["imported_at"], last_file=row["file"], last_software=row["software"])
