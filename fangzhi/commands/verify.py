"""`fangzhi verify`: is everything still there, and as it was."""

import json
import sys
from pathlib import Path

import click

from crawler.outlet import HERE
from fangzhi.console import console
from fangzhi.paths import ARCHIVE, CAPTURES, CRAWL_DB, PlaceType
from fangzhi.verify import verify as verify_all
from fangzhi.verify.finding import Finding
from fangzhi.verify.mending import mend


@click.command(
    epilog="""\b
Examples:
  fangzhi verify
  fangzhi verify --repair
  fangzhi verify --json | jq -r '.[] | select(.mend == "restore") | .place'
"""
)
@click.option("--captures", type=PlaceType(), default=CAPTURES, show_default=True, help="Folder of WARC files, or URL.")
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True)
@click.option("--crawl-db", type=click.Path(path_type=Path), default=CRAWL_DB, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default=HERE, help="Folder of outlet files (for --repair).")
@click.option("--repair", is_flag=True, help="Make anew what is derived, then verify again.")
@click.option("--json", "json_", is_flag=True, help="Print JSON, with every offset.")
def verify(captures: Path, archive: Path, crawl_db: Path, folder: Path, repair: bool, json_: bool) -> None:
    """Check everything that is kept, and print a line for each thing that is wrong.

    WARC digests, torn records, rows without record and records without row, the search index against the texts,
    references between rows, the database files. Exit code 1 where anything is wrong. Every byte is read:
    10 GB take minutes.
    """
    findings = look(captures, archive, crawl_db)
    if repair and findings:
        for finding in findings:
            click.echo(finding.line, err=True)
        mend(findings, captures, archive, crawl_db, folders=(HERE, folder))
        findings = look(captures, archive, crawl_db)
    if json_:
        click.echo(json.dumps([finding.row() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(finding.line)
    click.echo(f"{len(findings)} things are wrong" if findings else "all is well", err=True)
    if findings:
        sys.exit(1)


def look(captures: Path, archive: Path, crawl_db: Path) -> list[Finding]:
    """Verify, and show on a terminal what is being read."""
    out = console(stderr=True)
    with out.status("verifying") as status:
        return list(verify_all(captures, archive, crawl_db, on_step=lambda words: status.update(f"verifying {words}")))
