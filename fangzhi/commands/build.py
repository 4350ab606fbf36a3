"""`fangzhi build`: WARC files → archive.db."""

import sys
from pathlib import Path

import click

from crawler.outlet import HERE
from fangzhi.building import build_archive
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB


@click.command(
    epilog="""\b
Examples:
  fangzhi build
  fangzhi build --fresh
  fangzhi build --captures /srv/fangzhi/captures --archive /srv/fangzhi/archive.db --workers 8
"""
)
@click.option("--captures", type=click.Path(path_type=Path), default=CAPTURES, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default=HERE, help="Folder of outlet files.")
@click.option("--fresh", is_flag=True, help="Read everything anew, into a file that then takes the archive's place.")
@click.option("--workers", type=click.IntRange(0, 256), help="Processes (default: one a processor; 0: none).")
def build(captures: Path, archive: Path, crawl_db: Path, folder: Path, fresh: bool, workers: int | None) -> None:
    """Bring the archive up to date with the WARC files: only what is new, or was made by an older extractor.

    As many captures as went in come out, as articles or as rows that say why not. Safe to interrupt and repeat.
    """
    report = build_archive(captures, archive, folders=(HERE, folder), fresh=fresh, workers=workers, crawl_db=crawl_db)
    sys.exit(1 if report.lost else 0)
