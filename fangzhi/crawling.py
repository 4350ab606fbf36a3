"""Run a crawl and show it: a live table on a terminal, plain lines elsewhere; shared by `crawl` and `demo`."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from crawler.crawl import crawl
from crawler.outlet import Outlet
from crawler.plan import Plan
from crawler.report import Counts, CrawlReport, Progress
from crawler.schema import naming
from crawler.watch import OutletFiles
from fangzhi.console import console
from fangzhi.outletbook import keep_outlets
from fangzhi.tally import Made, Tally

PLAIN_EVERY = 10.0  # seconds between two lines where nobody watches live
NARROW = 120  # characters; where a terminal has fewer, the table keeps to what matters most
# what the table tells of an outlet: the heading, the figure of its counts and of the seconds that the crawl has taken,
# whether it is shown on narrow terminals too
COLUMNS: tuple[tuple[str, Callable[[Counts, float], str], bool], ...] = (
    ("done", lambda one, _: str(one.done), True),
    ("lists", lambda one, _: str(one.lists), False),
    ("new", lambda one, _: str(one.new), False),
    ("changed", lambda one, _: str(one.changed), False),
    ("same", lambda one, _: str(one.unchanged), False),
    ("failed", lambda one, _: str(one.failed), True),
    ("blocked", lambda one, _: str(one.blocked), True),
    ("refused", lambda one, _: str(one.refused), False),
    ("queued", lambda one, _: str(one.queued), True),
    ("kB", lambda one, _: f"{one.bytes / 1000:.0f}", True),
    ("/min", lambda one, seconds: f"{60 * one.done / seconds:.0f}" if seconds else "–", True),
    ("delay", lambda one, _: f"{one.delay:.1f}", True),
)


class Watch:
    """Show the progress of a crawl on stderr, as a table that renews itself or as a line now and then."""

    def __init__(self, names: Mapping[str, str], archive: Path | None = None) -> None:
        self.names = names
        self.console = console(stderr=True)
        self.live = (
            Live(console=self.console, refresh_per_second=4, transient=True) if self.console.is_terminal else None
        )
        self.tally = Tally(archive) if archive else None
        self.said = time.monotonic()
        self.noted = 0

    def __call__(self, progress: Progress) -> None:
        """Show one moment of the crawl."""
        for note in progress.notes[self.noted :]:
            self.console.print(note, markup=False, highlight=False, soft_wrap=True)
        self.noted = len(progress.notes)
        if self.live is not None:
            table = table_of(progress, self.names, title=heading(progress), width=self.console.width, tally=self.tally)
            self.live.update(table)
        elif time.monotonic() - self.said >= PLAIN_EVERY:
            self.said = time.monotonic()
            made = self.tally.whole if self.tally else None
            built = f"; in the archive: {made.articles} new articles, {made.skips} skips" if made else ""
            click.echo(heading(progress) + built, err=True)

    def __enter__(self) -> Self:
        if self.live is not None:
            self.live.start()
        if self.tally is not None:
            self.tally.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        if self.tally is not None:
            self.tally.__exit__(None, None, None)
        if self.live is not None:
            self.live.stop()


def heading(progress: Progress) -> str:
    """Return one line on the whole crawl."""
    counts = progress.outlets.values()
    done, queued = sum(one.done for one in counts), sum(one.queued for one in counts)
    failed = sum(one.failed for one in counts)
    return f"crawling: {done} fetched, {queued} queued, {failed} failed, {progress.rate:.0f} a second"


def table_of(
    crawl: Progress | CrawlReport, names: Mapping[str, str], *, title: str, width: int, tally: Tally | None = None
) -> Table:
    """Return a row per outlet: what was fetched there, pages a minute, seconds between two, what a build made of it."""
    shown = [(heading, figure) for heading, figure, always in COLUMNS if always or width >= NARROW]
    made = Made._fields if tally else ()
    headings = ("outlet", *(heading for heading, _ in shown), *made)
    table = Table(*headings, title=title, title_justify="left", box=None, pad_edge=False, collapse_padding=True)
    table.columns[0].no_wrap = True
    for column in table.columns[1:]:
        column.justify, column.no_wrap, column.min_width = "right", True, len(str(column.header))
    for slug, one in crawl.outlets.items():
        figures = [figure(one, crawl.seconds) for _, figure in shown]
        label = f"{slug} {names.get(slug, '')}" if width >= NARROW else slug
        table.add_row(label, *figures, *(map(str, tally.of(slug)) if tally else ()))
    return table


def run_crawl(  # noqa: PLR0913  (all but the first four have defaults)
    outlets: Iterable[Outlet],
    plan: Plan,
    *,
    captures: Path,
    crawl_db: Path,
    clock: Callable[[], float] = time.time,
    files: OutletFiles | None = None,
    archive: Path | None = None,
) -> CrawlReport:
    """Crawl, show it, print what came of it on stderr, return the report. Once per process; see `crawler.crawl.crawl`.

    `archive` is one that a build fills meanwhile: the live table counts what it makes of the captures.
    """
    outlets = list(outlets)
    names = {outlet.slug: outlet.name for outlet in outlets}
    keep_outlets(captures, outlets)
    with naming(crawl_db), Watch(names, archive) as watch:
        report = crawl(outlets, plan, captures=captures, crawl_db=crawl_db, clock=clock, files=files, on_progress=watch)
    tell(report, names, watch.console)
    return report


def tell(report: CrawlReport, names: Mapping[str, str], console: Console) -> None:
    """Print the table of a finished crawl, its troubles in words, and what a person should know."""
    title = f"crawl {report.outcome} after {report.seconds:.1f} s"
    console.print(table_of(report, names, title=title, width=console.width))
    for slug, one in report.outlets.items():
        if one.troubles:
            words = ", ".join(f"{trouble}: {count}" for trouble, count in sorted(one.troubles.items()))
            console.print(f"  {slug}: {words}", highlight=False)
    if report.cut:
        console.print(
            f"a torn last record of an earlier crawl was cut off ({report.cut} bytes); nothing whole was lost"
        )
    for note in report.notes:
        console.print(note, highlight=False)
    for bug in report.bugs:
        console.print(bug, style="red", markup=False, highlight=False)
