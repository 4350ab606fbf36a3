"""`fangzhi status`: what happened, per outlet, and why."""

from pathlib import Path

import click
from rich.table import Table

from fangzhi.console import console
from fangzhi.overview import EDITIONS_SHOWN, OutletStatus, as_json, overview, words_of
from fangzhi.paths import ARCHIVE, CRAWL_DB


@click.command(
    epilog="""\b
Examples:
  fangzhi status
  fangzhi status --json | jq '.outlets[] | select(.quarantine != [])'
"""
)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def status(crawl_db: Path, archive: Path, json_: bool) -> None:
    """Tell per outlet what was fetched, what failed and why, and on which days less came than was to be expected."""
    if not crawl_db.is_file() and not archive.is_file():
        raise FileNotFoundError(2, "no such crawl memory, nor an archive; `fangzhi crawl` makes both", str(crawl_db))
    found = overview(crawl_db, archive)
    if json_:
        click.echo(as_json(found))
        return
    out = console()
    for run in found["runs"][:1]:
        ended = run["outcome"] or "not ended: it runs, or was killed; the next crawl goes on from there"
        out.print(f"last crawl: began {run['started']}, {ended}")
    table = Table("outlet", "last success", "last new", "captured", "articles", "changed", "gone", "queued", box=None)
    for one in found["outlets"]:
        numbers = (one.captured, one.articles, one.changed, one.gone, one.queued)
        table.add_row(one.outlet or "(none)", minute(one.last_success), minute(one.last_new), *map(str, numbers))
    for column in table.columns:
        column.no_wrap = True
    out.print(table)
    for one in found["outlets"]:
        for line in remarks(one):
            out.print(f"{one.outlet}: {line}", markup=False, soft_wrap=True)


def minute(moment: str | None) -> str:
    """Return a time without its seconds, for a narrow column; a dash for none.

    >>> minute("2026-03-11T08:15:30Z")
    '2026-03-11 08:15'
    """
    return moment[:16].replace("T", " ") if moment else "–"


def remarks(one: OutletStatus) -> list[str]:
    """Return what a person should know of an outlet, a line each."""
    lines = [f"{source['type']} {source['url']}: {source['health']}" for source in one.sources if unwell(source)]
    for trouble, number in sorted(one.troubles.items()):
        lines.append(f"{number} × {trouble}: {words_of(trouble)}")
    lines += [f"given up: {row['url']}: {row['reason']} ({row['detail']})" for row in one.quarantine]
    if one.missing_editions:
        lines.append(f"editions missing: {', '.join(one.missing_editions[:EDITIONS_SHOWN])}")
    lines += [f"gap: {gap['day']}: {gap['obtained']} of {gap['expected']} articles" for gap in one.gaps]
    if one.skips:
        lines.append(
            "no article in: " + ", ".join(f"{number} {reason}" for reason, number in sorted(one.skips.items()))
        )
    return lines


def unwell(source: dict[str, str]) -> bool:
    """Say whether a source needs a person's eye."""
    return source["health"] != "well"
