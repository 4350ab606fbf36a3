"""`fangzhi build`: WARC files → archive.db."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Event, Thread

import click

from crawler.outlet import HERE
from fangzhi.building import build_archive
from fangzhi.comparing import lines_of
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB, PlaceType
from pipelines.build import Engine, beside
from pipelines.comparison import compare


@click.command(
    epilog="""\b
Examples:
  fangzhi build
  fangzhi build --fresh
  fangzhi build --fresh --diff && fangzhi build --accept
  fangzhi build --no-masks --archive private.db
  fangzhi build --captures /srv/fangzhi/captures --archive /srv/fangzhi/archive.db --workers 8
  fangzhi build --captures s3://fangzhi/captures --cluster tcp://10.0.0.1:8786
"""
)
@click.option("--captures", type=PlaceType(), default=CAPTURES, show_default=True, help="Folder of WARC files, or URL.")
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default=HERE, help="Folder of outlet files.")
@click.option("--fresh", is_flag=True, help="Read everything anew, into a file that then takes the archive's place.")
@click.option("--diff", is_flag=True, help="With --fresh: leave the archive as it is, and say what would change.")
@click.option("--accept", is_flag=True, help="Put what --diff made in the archive's place, brought up to date.")
@click.option("--masks/--no-masks", default=None, help="Mask numbers of private persons.  [default: as before; on]")
@click.option("--json", "json_", is_flag=True, help="Print the differences as JSON.")
@click.option("--workers", type=click.IntRange(0, 256), help="Processes (default: one a processor; 0: none).")
@click.option("--follow", is_flag=True, help="Read what a crawl adds as it comes, until standard input ends.")
@click.option("--cluster", metavar="ADDRESS", help="Read on a Dask cluster; local:N starts N workers on this machine.")
@click.option("--parts", type=PlaceType(), help="Folder that its workers share (default: parts, in the captures).")
def build(
    captures: Path,
    archive: Path,
    crawl_db: Path,
    folder: Path,
    fresh: bool,
    diff: bool,
    accept: bool,
    masks: bool | None,
    json_: bool,
    workers: int | None,
    follow: bool,
    cluster: str | None,
    parts: Path | None,
) -> None:
    """Bring the archive up to date with the WARC files: only what is new, or was read by other code.

    As many captures as went in come out, as articles or as rows that say why not. Safe to interrupt and repeat.
    """
    if cluster and follow:
        raise click.UsageError("--follow reads on this machine alone; leave out --cluster")
    if diff != fresh and (diff or json_):
        raise click.UsageError("--diff goes with --fresh, and --json with --fresh --diff")
    if accept and (fresh or masks is not None):
        raise click.UsageError("--accept takes what was made as it is: without --fresh, --masks and --no-masks")
    if accept and not beside(archive).is_file():
        raise click.UsageError(f"{beside(archive)}: there is nothing to accept; --fresh --diff makes it")
    if diff and not archive.is_file():
        raise FileNotFoundError(2, "no such archive to compare with", str(archive))
    if cluster:
        from fangzhi.cluster.build import reading_on  # noqa: PLC0415  (Dask takes its time to load)

        reading: AbstractContextManager[Engine | None] = reading_on(cluster, parts or captures / "parts")
    else:
        reading = nullcontext()
    with reading as engine:
        report = build_archive(
            captures,
            archive,
            folders=(HERE, folder),
            fresh=fresh,
            hold=diff,
            accept=accept,
            masks=masks,
            engine=engine,
            workers=workers,
            crawl_db=crawl_db,
            goes_on=until_input_ends() if follow else None,
        )
    if diff:
        found = compare(archive, beside(archive))
        for line in [json.dumps(found.row(), ensure_ascii=False, indent=2)] if json_ else lines_of(found, archive):
            click.echo(line)
        click.echo(f"{archive} is as it was; `fangzhi build --accept` puts {beside(archive)} in its place", err=True)
    sys.exit(1 if report.lost else 0)


def until_input_ends() -> Callable[[], bool]:
    """Return what says True until the standard input of this process is at its end."""
    ended = Event()

    def wait() -> None:
        while sys.stdin.buffer.read(1):
            pass
        ended.set()

    Thread(target=wait, daemon=True).start()
    return lambda: not ended.is_set()
