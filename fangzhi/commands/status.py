"""`fangzhi status`: what happened, per outlet, and why."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from fangzhi.console import console
from fangzhi.paths import ARCHIVE, CRAWL_DB
from fangzhi.status.alerts import alerts, remarks
from fangzhi.status.metrics import metrics
from fangzhi.status.overview import overview
from fangzhi.status.records import Overview
from fangzhi.status.wanted import Wanted, wanted

NEEDS_A_LOOK = 10  # exit code


@click.command(
    epilog="""\b
Examples:
  fangzhi status
  fangzhi status --check || mail -s "fangzhi: look" you@example.org < /dev/null
  fangzhi status --metrics > /var/lib/node_exporter/fangzhi.prom
  fangzhi status --wanted
  fangzhi status --json | jq '.outlets[] | select(.quarantine != [])'
"""
)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--check", is_flag=True, help="Print only what somebody must look at; exit code 10 where there is any.")
@click.option("--metrics", "metrics_", is_flag=True, help="Print figures for Prometheus.")
@click.option("--wanted", "wanted_", is_flag=True, help="Tell whose originals the archive lacks, most wanted first.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def status(crawl_db: Path, archive: Path, check: bool, metrics_: bool, wanted_: bool, json_: bool) -> None:
    """Tell per outlet what was fetched, what failed and why, and on which days less came than is usual."""
    if check + metrics_ + json_ > 1 or (wanted_ and check + metrics_):
        raise click.UsageError("--check, --metrics and --json exclude each other: name one")
    if wanted_:
        show_wanted(wanted(archive), as_json=json_)
        return
    if not crawl_db.is_file() and not archive.is_file():
        raise FileNotFoundError(2, "no such crawl memory, nor an archive; `fangzhi crawl` makes both", str(crawl_db))
    found = overview(crawl_db, archive)
    now = datetime.now(UTC)
    if check:
        wrong = alerts(found, now)
        for alert in wrong:
            click.echo(f"{alert.outlet}: {alert.words}" if alert.outlet else alert.words)
        sys.exit(NEEDS_A_LOOK if wrong else 0)
    if metrics_:
        click.echo(metrics(found, now), nl=False)
    elif json_:
        click.echo(found.as_json())
    else:
        show(found)


def show(found: Overview) -> None:
    """Print what is known, for people."""
    out = console()
    for run in found.runs[:1]:
        never = "it runs" if found.running else "it was killed; the next crawl goes on from there"
        ended = f"{run['outcome']} {minute(run['ended'])}" if run["outcome"] else f"not ended: {never}"
        out.print(f"last crawl: began {minute(run['started'])}, {ended} (UTC)")
    if (came := found.imports) is not None:
        files = "1 file" if came.files == 1 else f"{came.files} files"
        made_by = f" ({came.last_software})" if came.last_software else ""
        line = f"imported: {files}, last {minute(came.last_at)} (UTC): {Path(came.last_file).name}{made_by}"
        out.print(line, markup=False, soft_wrap=True)
    table = Table("outlet", "last success", "last new", "captured", "articles", "changed", "gone", "queued", box=None)
    for one in found.outlets:
        numbers = (one.captured, one.articles, one.changed, one.gone, one.queued)
        table.add_row(one.label, minute(one.last_success), minute(one.last_new), *map(str, numbers))
    for column in table.columns:
        column.no_wrap = True
    out.print(table)
    for one in found.outlets:
        for line in remarks(one):
            out.print(f"{one.label}: {line}", markup=False, soft_wrap=True)


def show_wanted(found: list[Wanted], *, as_json: bool) -> None:
    """Print the outlets whose originals are wanted, for people or as JSON."""
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    table = Table("source that copies name", "outlet", "texts", "articles", "one of them, its original", box=None)
    for one in found:
        addresses = "\n".join(filter(None, (one.sample, one.original)))
        table.add_row(one.name, one.outlet or "none known", str(one.texts), str(one.copies), addresses)
    console().print(table if found else "every source that a copy names is here with its text")


def minute(moment: str | None) -> str:
    """Return a time without its seconds, for a narrow column; a dash for none.

    >>> minute("2026-03-11T08:15:30Z")
    '2026-03-11 08:15'
    """
    return moment[:16].replace("T", " ") if moment else "–"
