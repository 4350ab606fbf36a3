"""`fangzhi recheck`: look again at the articles that are held."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from crawler.outlet import HERE, Outlet, OutletError
from crawler.plan import Plan
from fangzhi.building import build_archive
from fangzhi.changes import KINDS, changes, states
from fangzhi.crawling import run_crawl
from fangzhi.manners import LOOPBACK, needs_contact
from fangzhi.outletbook import known_outlets
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB
from fangzhi.status.memory import remembered


@click.command(
    epilog="""\b
Examples:
  fangzhi recheck --contact archive@example.org
  fangzhi recheck --contact archive@example.org --older-than 30 --limit 2000 zhoukou-net
  fangzhi recheck --contact archive@example.org --json | jq -r '.[] | select(.kind == "gone") | .url'
"""
)
@click.argument("outlet", nargs=-1)
@click.option(
    "--older-than", default=0.0, show_default=True, type=click.FloatRange(0), help="Days since the last look."
)
@click.option("--limit", type=click.IntRange(1), help="Look at so many at most; those seen longest ago come first.")
@click.option("--contact", help="How a webmaster reaches you (address or URL); it stands in the user agent.")
@click.option("--folder", type=click.Path(path_type=Path), default=HERE, help="Folder of outlet files.")
@click.option("--captures", type=click.Path(path_type=Path), default=CAPTURES, show_default=True)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def recheck(
    outlet: tuple[str, ...],
    older_than: float,
    limit: int | None,
    contact: str | None,
    folder: Path,
    captures: Path,
    crawl_db: Path,
    archive: Path,
    json_: bool,
) -> None:
    """Fetch the known articles of OUTLETs (default: all that were crawled) again, and tell what changed.

    Articles and attachments alone: lists are left to `fangzhi crawl`. Prints a line for each article that changed,
    is missing (one look is not a deletion), is gone (missing for days), is back, or was found behind a redirect.
    """
    if not crawl_db.is_file():
        raise FileNotFoundError(2, "no such crawl memory; `fangzhi crawl` makes it", str(crawl_db))
    chosen = choose(known_outlets(captures, HERE, folder).known, crawled(crawl_db), outlet)
    needs_contact(contact, private=all(one.private for one in chosen))
    folders = (HERE, folder)
    lost = build_archive(
        captures, archive, folders=folders, crawl_db=crawl_db
    ).lost  # what waits to be built is not this run's news
    before = states(archive)
    plan = Plan(contact=contact, limit=limit, recheck=timedelta(days=older_than), known_only=True, resolve=LOOPBACK)
    report = run_crawl(chosen, plan, captures=captures, crawl_db=crawl_db)
    lost = build_archive(captures, archive, folders=folders, crawl_db=crawl_db).lost or lost
    found = list(changes(before, archive))
    if json_:
        click.echo(json.dumps([asdict(change) for change in found], ensure_ascii=False, indent=2))
    else:
        for change in found:
            click.echo(f"{change.kind:<8}{change.url}  {change.title or ''}".rstrip())
    looked = sum(one.done + one.failed for one in report.outlets.values())
    counts = Counter(change.kind for change in found)
    click.echo(f"looked at {looked} addresses: " + ", ".join(f"{counts[kind]} {kind}" for kind in KINDS), err=True)
    sys.exit(report.exit_code or int(lost))


def crawled(crawl_db: Path) -> list[str]:
    """Return the slugs of the outlets of which something was fetched."""
    with remembered(crawl_db) as database:
        rows = database.execute("SELECT DISTINCT outlet FROM urls WHERE fetched_at IS NOT NULL ORDER BY outlet")
        return [slug for (slug,) in rows]


def choose(known: dict[str, Outlet], crawled: list[str], asked: tuple[str, ...]) -> list[Outlet]:
    """Return the outlets asked for, all that were crawled where none is; raise OutletError for one that was not."""
    for slug in asked:
        if slug not in crawled:
            raise OutletError(f"{slug}: nothing of it was crawled yet; crawled: {', '.join(crawled) or 'none'}")
    for slug in asked or crawled:
        if slug not in known:
            raise OutletError(f"{slug}: was crawled, but no outlet file describes it any more; name --folder")
    return [known[slug] for slug in asked or crawled]
