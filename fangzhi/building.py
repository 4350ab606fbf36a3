"""Run a build and show it: a bar on a terminal, a summary everywhere; shared by every command that builds."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import click
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crawler.ban import agree
from crawler.outlet import HERE
from crawler.schema import SchemaError
from fangzhi.console import console
from fangzhi.outletbook import known_outlets
from pipelines.build import Engine, beside, build
from pipelines.outcome import Kind, Outcome
from pipelines.report import BuildReport

SHOWN = 10  # failures named one by one; the rest are rows of the archive


def build_archive(  # noqa: PLR0913  (a build is its options)
    captures: Path,
    archive: Path,
    *,
    folders: tuple[Path, ...] = (HERE,),
    fresh: bool = False,
    hold: bool = False,
    accept: bool = False,
    masks: bool | None = None,
    engine: Engine | None = None,
    workers: int | None = None,
    crawl_db: Path | None = None,
    goes_on: Callable[[], bool] | None = None,
) -> BuildReport:
    """Build, show it, print what came of it on stderr, return the report; parameters as of `build`.

    Decisions of which `crawl_db` alone knows are written to the journal beside the captures first.
    """
    if not captures.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(captures))
    if crawl_db is not None:
        agree_on_withdrawals(captures, crawl_db)
    out = console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("building"),
        MofNCompleteColumn(),
        TextColumn("captures"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("building", total=None)

        def advance(outcome: Outcome) -> None:
            del outcome
            bar.advance(task)

        book = known_outlets(captures, *folders)
        report = build(
            captures,
            archive,
            book.known,
            fresh=fresh,
            hold=hold,
            accept=accept,
            masks=masks,
            engine=engine,
            workers=workers,
            on_progress=advance,
            goes_on=goes_on,
        )
    report.wrong_outlets = [str(error) for error in book.wrong.values()]
    tell(report, beside(archive) if hold else archive)
    return report


def agree_on_withdrawals(captures: Path, crawl_db: Path) -> None:
    """Let journal and crawl.db hold the same decisions; where crawl.db cannot be used the journal alone decides."""
    try:
        agree(captures, crawl_db)
    except (SchemaError, sqlite3.Error) as error:
        click.echo(f"{crawl_db}: cannot be asked for withdrawals ({error}); those of the journal hold", err=True)


def tell(report: BuildReport, archive: Path) -> None:
    """Print on stderr what a build did, and by name what went wrong."""
    kinds = ", ".join(f"{report.kinds[kind]} {kind.value}" for kind in Kind if report.kinds[kind]) or "nothing new"
    anew = f", everything read anew ({report.why})" if report.fresh else ""
    click.echo(f"built {archive} in {report.seconds:.1f} s: {report.captures} captures: {kinds}{anew}", err=True)
    if report.renewed:
        click.echo(f"  made again: {report.renewed}", err=True)
    if report.reasons:
        reasons = ", ".join(f"{count} {reason}" for reason, count in report.reasons.most_common())
        click.echo(f"  no article in: {reasons}", err=True)
    if report.learnt:
        click.echo(f"  learnt the pages of {', '.join(report.learnt)}: further ones are read faster", err=True)
    for error in report.wrong_outlets:
        click.echo(f"  {error}", err=True)
    for name, reason in report.torn:
        click.echo(
            f"  {name}: ends inside its last record, as after a crash ({reason}); all before it was read", err=True
        )
    for name, reason in report.unreadable:
        click.echo(f"  {name}: damaged {reason}", err=True)
    for url, error in report.failures[:SHOWN]:
        click.echo(f"  failed: {url}: {error}", err=True)
    if len(report.failures) > SHOWN:
        click.echo(f"  … and {len(report.failures) - SHOWN} more: table failures of {archive}", err=True)
