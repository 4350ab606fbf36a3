"""`fangzhi crawl`: fetch, capture, build."""

import sys
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path

import click

from crawler.outlet import HERE, Outlet, OutletError, Outlets, read_outlets
from crawler.plan import Plan
from crawler.watch import OutletFiles
from fangzhi.manners import LOOPBACK, needs_contact
from fangzhi.mounted import still_there
from fangzhi.outletbook import keep_outlets
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB, PlaceType
from fangzhi.rounds import WAKE, Builder

DAY = click.DateTime(formats=["%Y-%m-%d"])
WRONG_FILE = 3  # exit code


@click.command(
    epilog="""\b
Examples:
  fangzhi crawl --contact archive@example.org zhoukou-net
  fangzhi crawl --contact archive@example.org --since 2026-03-01 --limit 500 zhumadian-net
  fangzhi crawl --contact archive@example.org --retry-quarantine
  fangzhi crawl --contact archive@example.org --forever
  fangzhi crawl --contact archive@example.org --captures /shared/captures --cluster tcp://10.0.0.1:8786
"""
)
@click.argument("outlet", nargs=-1)
@click.option("--folder", type=click.Path(path_type=Path), default=HERE, help="Folder of outlet files.")
@click.option("--contact", help="How a webmaster reaches you (address or URL); it stands in the user agent.")
@click.option("--since", type=DAY, help="Only what was published on this day or later (YYYY-MM-DD).")
@click.option("--until", type=DAY, help="Only what was published on this day or earlier.")
@click.option("--limit", type=click.IntRange(1), help="Fetch at most so many articles.")
@click.option("--forever", is_flag=True, help="Go on until interrupted: poll what is due, build now and then.")
@click.option("--build-every", type=click.FloatRange(0.01), default=15.0, show_default=True, help="Minutes; --forever.")
@click.option("--retry-quarantine", is_flag=True, help="Try again what was given up.")
@click.option("--cluster", metavar="ADDRESS", help="Crawl on a Dask cluster; local:N starts N workers on this machine.")
@click.option("--captures", type=PlaceType(), default=CAPTURES, show_default=True, help="Folder of WARC files, or URL.")
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--no-build", is_flag=True, help="Capture only; build later.")
def crawl(
    outlet: tuple[str, ...],
    folder: Path,
    contact: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    forever: bool,
    build_every: float,
    retry_quarantine: bool,
    cluster: str | None,
    captures: Path,
    crawl_db: Path,
    archive: Path,
    no_build: bool,
) -> None:
    """Crawl OUTLETs (default: all), capture every response, build the archive. Goes on where it stopped.

    Outlet files that are edited while it runs are read again. An outlet whose file is wrong is named and left out.
    robots.txt is obeyed, hosts are left in peace between requests. Ctrl-C once ends it when what is in flight
    has come in, twice at once; both lose nothing.
    """
    chosen, wrong = choose(read_outlets(folder), outlet, folder)
    for error in wrong:
        click.echo(f"fangzhi: {error}", err=True)
    files = OutletFiles(folder, outlet, on_change=lambda one: keep_outlets(captures, [one]))
    needs_contact(contact, private=all(one.private for one in chosen))
    if cluster and forever:
        raise click.UsageError("--cluster crawls once; start it from a timer instead of with --forever")
    still_there(captures, crawl_db)
    keep_outlets(captures, chosen)
    plan = Plan(
        contact=contact,
        limit=limit,
        since=day_of(since),
        until=day_of(until),
        retry_quarantine=retry_quarantine,
        resolve=LOOPBACK,
        forever=WAKE if forever else None,
    )
    every = build_every * 60 if forever else None
    builds = Builder(captures=captures, archive=archive, crawl_db=crawl_db, folder=folder, every=every)
    with nullcontext() if no_build else builds:
        # Scrapy and Dask take their time to load: the build starts meanwhile
        if cluster:
            from fangzhi.cluster.crawl import crawl_on  # noqa: PLC0415

            report = crawl_on(cluster, chosen, plan, captures=captures, crawl_db=crawl_db, files=files)
        else:
            from fangzhi.crawling import run_crawl  # noqa: PLC0415

            built = None if no_build else archive
            report = run_crawl(chosen, plan, captures=captures, crawl_db=crawl_db, files=files, archive=built)
    sys.exit(report.exit_code or (WRONG_FILE if wrong or report.wrong else builds.code))


def choose(read: Outlets, slugs: tuple[str, ...], folder: Path) -> tuple[list[Outlet], list[OutletError]]:
    """Return the outlets named, all that are enabled where none is, and the errors of those whose files are wrong.

    Raises OutletError for a name that no file bears, for one that is switched off, and where no outlet is left.
    """
    for slug in slugs:
        if slug not in read.known and slug not in read.wrong:
            raise OutletError(f"{slug}: no such outlet in {folder}; known: {', '.join(read.known) or 'none'}")
        if slug in read.known and not read.known[slug].enabled:
            raise OutletError(f"{folder / slug}.toml: enabled is false, so nothing is asked of it; set it to true")
    wrong = [error for slug, error in read.wrong.items() if not slugs or slug in slugs]
    chosen = [one for slug, one in read.known.items() if one.enabled and (not slugs or slug in slugs)]
    if not chosen:
        raise wrong[0] if wrong else OutletError(f"{folder}: no outlet is enabled there")
    return chosen, wrong


def day_of(moment: datetime | None) -> date | None:
    """Return the day of a moment, None for none."""
    return moment.date() if moment else None
