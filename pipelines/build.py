"""Make the archive out of WARC files: all of them, or what is new in them."""

import logging
import os
import sqlite3
import traceback
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from time import monotonic

from crawler.capture import Capture
from crawler.imports import read_imports
from crawler.outlet import Outlet
from crawler.withdrawal import Withdrawal, pages_of, read_journal, standing
from pipelines.errors import NotAnArchive, StoreError, StoreLocked
from pipelines.learn.book import read_learnt, taught
from pipelines.learn.school import Teacher, retire, take_lessons
from pipelines.ledger import PartNote
from pipelines.outcome import Failure, Kind, Outcome
from pipelines.renew import Stale
from pipelines.report import BuildReport
from pipelines.store import Store
from pipelines.url import article_id
from pipelines.versions import EXTRACTOR, Reach
from pipelines.warcs import CapturesOf, WarcFile, follow, in_turn, warc_files
from pipelines.withdraw import conceal
from pipelines.worker import SECONDS, Orders, warm_up
from pipelines.workers import read_all, read_on

logger = logging.getLogger(__name__)

BATCH = 500  # captures in one transaction
FOLLOWING = 100  # the same for captures of a crawl that goes on: little is left to be stored when it ends
# what SQLite's module raises for values that it cannot take; troubles of the file itself are StoreError
UNSTORABLE = (sqlite3.Error, UnicodeError, OverflowError, TypeError)
PAUSE = 5.0  # seconds after which a smaller batch is stored as well, so that readers see progress

# what reads: given the files with something new in them, the outlets, and whether to mask numbers of private persons,
# it yields what became of each capture, in no certain order (None: nothing for a second), and counts in the files how
# far it came; what another process will have to find again it notes in the ledger
Ledger = Callable[[PartNote], None]
Engine = Callable[[Sequence[WarcFile], Mapping[str, Outlet], bool, Ledger], Generator[Outcome | None, None, None]]


@dataclass(slots=True)
class Build:
    """One run of build; `run` is all there is to call."""

    captures: Path
    outlets: Mapping[str, Outlet]
    engine: Engine
    on_progress: Callable[[Outcome], None] | None
    report: BuildReport
    withdrawn: tuple[Withdrawal, ...]
    masks: bool
    teacher: Teacher
    at_once: int = BATCH
    files: dict[str, WarcFile] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)  # names of files that were read to their end before
    strayed: set[tuple[str, str]] = field(default_factory=set)  # outlet and template that read a page otherwise

    def run(self, store: Store) -> None:
        """Bring an archive up to date with the WARC files."""
        begun = monotonic()
        number = store.start_build(masks=self.masks)
        store.withdraw(self.withdrawn)
        store.set_outlets(self.outlets)
        pages = pages_of(self.withdrawn)
        brought = read_imports(self.captures)
        store.set_imports(one for one in brought if not one.url or article_id(one.url) not in pages)
        for path in warc_files(self.captures):
            size = path.stat().st_size
            if store.is_read(path.name, size):
                self.passed.add(path.name)
            else:
                self.files[path.name] = WarcFile(path, size, store.read_offsets(path.name))
        batch: list[Outcome] = []
        last = monotonic()
        outcomes = self.engine(list(self.files.values()), self._learnt(store), self.masks, store.note_part)
        try:
            for read in outcomes:
                if read is not None:
                    outcome = conceal(read, pages)
                    batch.append(outcome)
                    self.report.count(outcome)
                    if outcome.strayed and outcome.outlet:
                        self.strayed.add((outcome.outlet, outcome.strayed))
                    if self.on_progress:
                        self.on_progress(outcome)
                if len(batch) >= self.at_once or (batch and monotonic() - last > PAUSE):
                    self._store(store, batch)
                    batch, last = [], monotonic()
        finally:
            outcomes.close()
            self._store(store, batch)  # also when interrupted: what was read is kept
        self._learn(store)
        self.report.unreadable = store.unreadable()
        counts = {kind.value: self.report.kinds[kind] for kind in Kind}
        details = {"skips": dict(self.report.reasons), "unreadable": self.report.unreadable}
        store.finish_build(number, {"captures": self.report.captures, **counts, **details}, tidy=self.report.fresh)
        self.report.seconds = monotonic() - begun

    def _learnt(self, store: Store) -> dict[str, Outlet]:
        """Return every outlet with what was learnt of its pages; tell it in the archive."""
        outlets = taught(store.outlets(), read_learnt(self.captures))
        store.set_templates(outlets)
        return outlets

    def _learn(self, store: Store) -> None:
        """Put templates out of use that failed, and learn where enough was read without any."""
        newest = store.newest()
        if newest is None:
            return
        try:
            retire(self.captures, self.strayed, newest)
            self.report.learnt = take_lessons(store, self.captures, store.outlets(), self.teacher)
        except OSError as error:  # captures may lie where nobody writes: their pages are read whole, as ever
            logger.warning("what was learnt cannot be kept: %s", error)
        self._learnt(store)

    def newcomers(self) -> list[WarcFile]:
        """Return the files that were begun since this was asked last."""
        paths = (path for path in warc_files(self.captures) if path.name not in self.files.keys() | self.passed)
        found = [WarcFile(path, 0) for path in paths]
        self.files |= {file.path.name: file for file in found}
        return found

    def _store(self, store: Store, batch: list[Outcome]) -> None:
        self._add(store, batch)
        for outcome in batch:
            self.files[outcome.capture.warc_file].stored += 1
        for name, file in list(self.files.items()):
            if file.whole and file.stored == file.fresh:
                store.note_warc(name, size=file.size, captures=file.captures, damages=file.damages)
                if file.torn:
                    self.report.torn.append((name, file.torn))
                del self.files[name]

    def _add(self, store: Store, batch: list[Outcome]) -> None:
        """Store a batch; where a bug makes that impossible, let the one capture that shows it fail alone."""
        try:
            self.report.articles += store.add(batch)
        except UNSTORABLE as error:
            if len(batch) > 1:
                for outcome in batch:
                    self._add(store, [outcome])
                return
            logger.exception("cannot be stored: %s", batch[0].capture.id)
            failure = Failure(stage="store", error=f"{type(error).__name__}: {error}", traceback=traceback.format_exc())
            spoilt = replace(batch[0], kind=Kind.FAILURE, failure=failure, reading=None, refusal=None, charset=None)
            store.add([spoilt])
            self.report.kinds[batch[0].kind] -= 1
            self.report.kinds[Kind.FAILURE] += 1
            self.report.failures.append((spoilt.capture.url, failure.error))


def build(  # noqa: PLR0913  (all but the first three have defaults)
    captures: Path,
    archive: Path,
    outlets: Mapping[str, Outlet],
    *,
    fresh: bool = False,
    hold: bool = False,
    accept: bool = False,
    masks: bool | None = None,
    engine: Engine | None = None,
    workers: int | None = None,
    seconds: float = SECONDS,
    on_progress: Callable[[Outcome], None] | None = None,
    goes_on: Callable[[], bool] | None = None,
) -> BuildReport:
    """Bring an archive up to date with a folder of WARC files; make it where there is none.

    Only captures that are not in the archive yet are read, and those that had failed. Where other code has read some
    of the archive (`pipelines/versions.py`), that is read again, and what is derived from rows is derived anew, in a
    copy beside it, whose content then takes its place at once; with `fresh` everything is read into a new file. Safe
    to interrupt and to repeat; the result depends on the captures, the journal of withdrawals beside them and the
    outlets alone. `workers` is the number of processes (None: one a processor, 0: none), `seconds` the time that one
    page may take; another `engine` reads elsewhere. `on_progress` is called with each outcome. `goes_on` says whether
    somebody still writes captures: as long as it does, what they add is read as it comes.

    With `hold` what is made anew stays in the file beside the archive, whose name is `beside`, to be looked at; with
    `accept` such a file is brought up to date and takes the archive's place.

    Numbers of private persons are masked in all that is stored (`masks`; None: as it is in this archive, a new one has
    them masked); another choice makes the archive anew.

    Raises StoreError where the archive cannot be used, ValueError where there is no folder of captures, or nothing to
    accept.
    """
    if not captures.is_dir():
        raise ValueError(f"{captures}: there is no such folder of WARC files; crawl or add something first")
    begun = beside(archive)
    if accept and not begun.is_file():
        raise ValueError(f"{begun}: there is nothing to accept; `fangzhi build --fresh --diff` makes it")
    report = BuildReport(fresh=fresh or accept, why="asked for" if fresh else "accepted" if accept else "")
    known = dict(outlets)
    stale: Stale | None = None
    if accept:
        with Store(begun) as store:
            masks = store.masks
    if archive.exists():
        held, stored, stale = _held(archive, outlets, report, masks)
        known = stored | known
        masks = held if masks is None else masks
    withdrawn = tuple(standing(read_journal(captures)).values())
    engine = engine or read_here(workers, seconds)

    def teacher(pages: Iterable[Capture], these: Mapping[str, Outlet]) -> Generator[Outcome, None, None]:
        return read_all(pages, Orders(outlets=these, seconds=seconds, studies=True), workers=processes(workers))

    run = Build(captures, known, engine, on_progress, report, withdrawn, masks=masks is not False, teacher=teacher)
    if goes_on is not None:
        Thread(target=warm_up).start()  # there will be something to read
        run.at_once = FOLLOWING
        run.engine = read_here(workers, seconds, lambda files: follow(files, run.newcomers, goes_on))
    if not report.fresh and not report.renewed:
        with Store(archive) as store:
            run.run(store)
        return report
    if stale and stale.again[Reach.PAGE]:  # what other code had learnt is learnt anew before
        with Store(archive) as store:
            take_lessons(store, captures, known, teacher, anew=True)
    _anew(run, archive, goes_on=hold or accept or not fresh, hold=hold)
    return report


def _anew(run: Build, archive: Path, *, goes_on: bool, hold: bool) -> None:
    """Make a file beside an archive, and put it in its place unless it is to be held back.

    Everything is read into it, or what is stale in a copy of the archive. A file that was begun is gone on with
    (`goes_on`) where this version began it, with the same choice of masks.
    """
    new = beside(archive)
    if goes_on and new.is_file():
        with Store(new) as store:
            begun = (run.masks,) if run.report.renewed else (None, run.masks)  # a copy that broke off has none yet
            goes_on = store.stale() is None and store.masks in begun
    if not goes_on:
        remove(new)
    if run.report.renewed and not new.is_file():
        with Store(archive) as store:
            store.copy_to(new)
    with Store(new) as store:
        store.renew()
        run.run(store)
        if not hold and archive.exists():
            _give(store, archive)
    if hold:
        return
    if archive.exists():
        remove(new)
    else:
        new.rename(archive)


def beside(archive: Path) -> Path:
    """Return where an archive that is made anew lies until it takes the other's place."""
    return archive.with_name(f"{archive.name}.fresh")


def _held(
    archive: Path, outlets: Mapping[str, Outlet], report: BuildReport, masks: bool | None
) -> tuple[bool | None, dict[str, Outlet], Stale | None]:
    """Return whether an archive masks, the outlets that it knows, what is stale; tell what has to be made anew."""
    try:
        with Store(archive) as store:
            stale = store.stale()
            if stale and stale.is_all and not report.fresh:
                report.fresh, report.why = True, f"the archive was not made by extractor {EXTRACTOR}"
            if masks is not None and store.masks is (not masks) and not report.fresh:
                report.fresh, report.why = True, "masks on" if masks else "masks off"
            if not report.fresh:
                settings = (
                    f"{count} captures of {slug} (settings changed)"
                    for slug, count in store.read_otherwise(outlets).items()
                )
                report.renewed = "; ".join([*([str(stale)] if stale else []), *settings])
            return store.masks, store.outlets(), stale
    except (NotAnArchive, StoreLocked):
        raise  # somebody else's file is never overwritten
    except StoreError:
        if not report.fresh:
            raise
        return None, {}, None


def _give(store: Store, archive: Path) -> None:
    """Put what was built in the archive's place; a file that SQLite cannot write to any more is replaced."""
    try:
        with Store(archive):
            pass
    except StoreLocked:
        raise
    except StoreError:
        remove(archive)
    store.copy_to(archive)


def read_here(workers: int | None, seconds: float, captures_of: CapturesOf = in_turn) -> Engine:
    """Return the engine that reads in processes of this machine (None: one a processor; 0: in this process)."""

    def engine(
        files: Sequence[WarcFile],
        outlets: Mapping[str, Outlet],
        masks: bool,
        ledger: Ledger,
    ) -> Generator[Outcome | None, None, None]:
        del ledger  # nothing is left to find again: what was read is stored by this process
        orders = Orders(outlets=outlets, seconds=seconds, masks=masks)
        yield from read_on(captures_of(files), orders, workers=processes(workers))

    return engine


def processes(workers: int | None) -> int:
    """Return how many processes read: as many as are asked for, or one a processor."""
    return (os.cpu_count() or 1) if workers is None else workers


def remove(archive: Path) -> None:
    """Delete an archive with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        archive.with_name(archive.name + ending).unlink(missing_ok=True)
