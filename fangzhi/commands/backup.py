"""`fangzhi backup`: a second copy of everything, in a folder that can be used as it is."""

import sys
from pathlib import Path

import click

from fangzhi.backup import back_up, manifest
from fangzhi.console import console
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB


@click.command(
    epilog="""\b
Examples:
  fangzhi backup /mnt/backup/fangzhi
  fangzhi backup --check /mnt/backup/fangzhi
  cp -a /mnt/backup/fangzhi . && cd fangzhi && fangzhi serve
"""
)
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Compare every file in DIR with the manifest; write nothing.")
@click.option("--copy", is_flag=True, help="Copy WARC files also where a hard link would do.")
@click.option("--captures", type=click.Path(path_type=Path), default=CAPTURES, show_default=True)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
def backup(target: Path, check: bool, copy: bool, captures: Path, crawl_db: Path, archive: Path) -> None:
    """Back up WARC files, crawl.db and archive.db into DIR, also while a crawl runs; later runs add what is new.

    What lies on the same file system is linked: a link keeps a file that is deleted, not a disk that fails.
    Exit code 1 where a WARC file is no longer what was backed up, or --check finds anything wrong.
    """
    if check:
        wrong = list(manifest.check(target))
        for line in wrong:
            click.echo(line)
        click.echo(f"{len(wrong)} files are wrong" if wrong else "every file is as the manifest says", err=True)
        sys.exit(1 if wrong else 0)
    with console(stderr=True).status("backing up") as status:
        report = back_up(
            target,
            captures=captures,
            databases=(archive, crawl_db),
            links=not copy,
            on_file=lambda name: status.update(f"backing up {name}"),
        )
    click.echo(
        f"{target}: {report.copied} files copied ({report.bytes / 1e6:.1f} MB), {report.linked} linked, "
        f"{report.same} as before"
    )
    for line in report.troubles:
        click.echo(line, err=True)
    sys.exit(1 if report.troubles else 0)
