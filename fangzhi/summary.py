"""Sum up an archive in a few lines: what it holds, what was repaired, what changed."""

from pathlib import Path

from rich.table import Table

from fangzhi.console import console
from pipelines.opened import opened

# what is told, and the query that counts it; in the order of telling
FIGURES: tuple[tuple[str, str], ...] = (
    ("articles", "SELECT count(*) FROM articles"),
    ("edited since first seen", "SELECT count(DISTINCT article) FROM versions WHERE n > 1"),
    ("missing at the last look", "SELECT count(*) FROM absences WHERE back_at IS NULL AND gone_at IS NULL"),
    ("gone from their address", "SELECT count(*) FROM articles WHERE status = 'gone'"),
    ("texts that stand at several addresses", "SELECT count(DISTINCT cluster) FROM reprints"),
    ("government documents", "SELECT count(*) FROM documents"),
    ("articles that were repaired", "SELECT count(DISTINCT article) FROM repairs"),
    ("single repairs", "SELECT coalesce(sum(count), 0) FROM repairs"),
    ("lines of clutter taken off", "SELECT count(*) FROM trimmed"),
    ("captures without an article, each with its reason", "SELECT count(*) FROM skips"),
    ("failures", "SELECT count(*) FROM failures"),
    ("days on which less came than was to be expected", "SELECT count(*) FROM coverage WHERE gap IS NOT NULL"),
)
OUTLETS = """
    SELECT o.id, o.name, o.kind, count(a.id), count((SELECT 1 FROM versions v WHERE v.article = a.id AND v.n = 2)),
           coalesce(sum(a.status = 'gone'), 0), coalesce(sum(a.repairs > 0), 0)
    FROM outlets o JOIN articles a ON a.outlet = o.id GROUP BY o.id ORDER BY count(a.id) DESC
"""


def print_summary(archive: Path) -> None:
    """Print the summary on stdout."""
    with opened(archive) as database:
        figures = [(words, database.execute(query).fetchone()[0]) for words, query in FIGURES]
        outlets = database.execute(OUTLETS).fetchall()
    out = console()
    table = Table("outlet", "name", "kind", "articles", "edited", "gone", "repaired", box=None)
    for row in outlets:
        table.add_row(*map(str, row))
    out.print(table)
    for words, number in figures:
        out.print(f"{number:>7}  {words}")
