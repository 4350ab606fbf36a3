"""Make anew what is derived, where it is wrong; what only a backup holds is left as it is."""

from collections.abc import Collection
from pathlib import Path

import click

from crawler.recover import recover
from fangzhi.building import build_archive
from fangzhi.verify.finding import Finding, Mend
from fangzhi.withdrawing import Stores, carry_out
from pipelines.store import Store


def mend(
    findings: Collection[Finding], captures: Path, archive: Path, crawl_db: Path, *, folders: tuple[Path, ...]
) -> None:
    """Do what the findings ask for, and say so on stderr.

    Nothing is made anew from WARC files that have lost bytes: the archive may hold the last copy of their text.
    """
    asked = {finding.mend for finding in findings}
    if Mend.WITHDRAW in asked:
        done = carry_out(Stores(captures=captures, archive=archive, crawl_db=crawl_db))
        click.echo(f"destroyed {done.records} records of withdrawn articles", err=True)
    if Mend.RECOVER in asked:
        cut = sum(one.cut for one in recover(captures))
        click.echo(f"cut off {cut} bytes of records that were never finished", err=True)
    if Mend.FRESH in asked and Mend.RESTORE in asked:
        click.echo(
            "the archive is not made anew: WARC files have lost bytes whose text it may still hold; "
            "restore them from a backup, then verify again",
            err=True,
        )
    elif Mend.FRESH in asked:
        build_archive(captures, archive, folders=folders, fresh=True, crawl_db=crawl_db)
        return
    if Mend.REINDEX in asked:
        with Store(archive) as store:
            store.reindex()
        click.echo("made the search index anew", err=True)
    if asked & {Mend.BUILD, Mend.RECOVER}:
        build_archive(captures, archive, folders=folders, crawl_db=crawl_db)
