"""Crawl on a cluster: outlets that share no host go to different workers, each with a shard of the crawl's memory."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from distributed import Future, as_completed
from distributed.scheduler import KilledWorker

from crawler.frontier import Frontier
from crawler.outlet import Outlet
from crawler.plan import Plan
from crawler.report import Counts, CrawlReport
from crawler.schema import naming
from crawler.shard import groups, lend, take_back
from crawler.storage import is_shared
from crawler.watch import OutletFiles
from fangzhi.cluster.connect import connected
from fangzhi.cluster.errand import CrawlFailed, Errand, run
from fangzhi.console import console
from fangzhi.crawling import tell
from fangzhi.outletbook import keep_outlets

LENT = "lent"  # folder beside the captures, of shards that are lent
STOP = "stop"  # file there: crawls end when what is in flight has come in


def crawl_on(  # noqa: PLR0913  (all but the first five have defaults)
    address: str,
    outlets: Sequence[Outlet],
    plan: Plan,
    *,
    captures: Path,
    crawl_db: Path,
    files: OutletFiles | None = None,
) -> CrawlReport:
    """Crawl on the cluster of a scheduler, show what happened at all workers together, return it.

    `captures` is a folder that all machines see under this name, or a URL. Shards that an earlier run left there are
    taken back first. `files` are read again whenever somebody edits them: what they say is kept beside the captures,
    where the workers find it. `limit` of the plan counts in each group of outlets that share hosts. An interrupt ends
    every crawl when what is in flight has come in. Raises ClusterError, and FrontierBusy where crawl_db is in use, or a
    shard of it still is.
    """
    begun = monotonic()
    folder = captures / LENT
    keep_outlets(captures, outlets)
    reports: list[CrawlReport] = []
    with naming(crawl_db), Frontier(crawl_db):  # nobody else crawls from it meanwhile
        folder.mkdir(parents=True, exist_ok=True)
        (folder / STOP).unlink(missing_ok=True)
        for shard in sorted(folder.glob("*.db"), key=lambda path: path.name):
            _return(crawl_db, shard)
        with connected(address) as client, _watching(files):
            errands = {}
            for group in groups(outlets):
                shard = folder / f"{group[0].slug}.db"
                with _local(shard, back=True) as path:
                    lend(crawl_db, path, [one.slug for one in group])
                errand = Errand(outlets=tuple(group), shard=shard, captures=captures, stop=folder / STOP, plan=plan)
                errands[client.submit(run, errand, pure=False)] = errand
            for errand, report in _reports(errands, folder / STOP):
                _return(crawl_db, errand.shard)
                reports.append(report)
    wrong = tuple(str(error) for error in files.wrong.values()) if files else ()
    report = replace(_summed(reports, monotonic() - begun), wrong=wrong)
    tell(report, {one.slug: one.name for one in outlets}, console(stderr=True))
    return report


@contextmanager
def _watching(files: OutletFiles | None) -> Iterator[None]:
    """Look for edits of outlet files now and then, in a thread, and say what cannot be taken over."""
    over, out = Event(), console(stderr=True)

    def watch(files: OutletFiles) -> None:
        while not over.wait(files.every):
            for change in files.changes():
                if change.error is not None:
                    out.print(f"{change.error}; the crawl goes on with the file as it was", markup=False)
                elif change.outlet is None:
                    out.print(f"{change.slug}: its file is gone; what was begun goes on", markup=False)

    thread = Thread(target=watch, args=(files,), daemon=True)
    if files is not None:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if files is not None:
            thread.join()


def _reports(errands: dict[Future[CrawlReport], Errand], stop: Path) -> Iterator[tuple[Errand, CrawlReport]]:
    """Yield each errand with its report as it ends; after an interrupt, too, which ends them early."""
    left = dict(errands)
    while left:
        try:
            for future in as_completed(list(left)):
                errand = left.pop(future)
                try:
                    report = future.result()
                except (KilledWorker, CrawlFailed) as error:
                    slugs = ", ".join(one.slug for one in errand.outlets)
                    report = CrawlReport(outcome="failed", outlets={}, seconds=0.0, bugs=(f"{slugs}: {error}",))
                yield errand, report
        except KeyboardInterrupt:
            if stop.exists():  # the second one
                raise
            stop.touch()


def _summed(reports: Sequence[CrawlReport], seconds: float) -> CrawlReport:
    """Return one report for all: the gravest outcome, the counts of every outlet."""
    outcomes = {report.outcome for report in reports}
    outlets: dict[str, Counts] = {}
    for report in reports:
        outlets.update(report.outlets)
    return CrawlReport(
        outcome=next((one for one in ("failed", "interrupted", "limit") if one in outcomes), "finished"),
        outlets=outlets,
        seconds=seconds,
        bugs=tuple(bug for report in reports for bug in report.bugs),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        cut=sum(report.cut for report in reports),
        files=tuple(name for report in reports for name in report.files),
    )


def _return(crawl_db: Path, shard: Path) -> None:
    with _local(shard, back=False) as path:
        take_back(crawl_db, path)
    for path in sorted(shard.parent.glob(f"{shard.name}*"), key=lambda one: one.name):
        path.unlink()


@contextmanager
def _local(shard: Path, *, back: bool) -> Iterator[Path]:
    """Give a shard as a file of this machine; `back` says whether what becomes of it goes to the storage."""
    if not is_shared(shard):
        yield shard
        return
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, shard.name)
        if shard.exists():
            path.write_bytes(shard.read_bytes())
        yield path
        if back:
            shard.write_bytes(path.read_bytes())
