"""Back up everything that is kept into a folder that can be used as it is; again and again, adding what is new."""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from crawler.purge import was_purged
from crawler.withdrawal import JOURNAL
from fangzhi.backup import copying, manifest
from fangzhi.backup.manifest import Entry, Manifest
from pipelines.warcs import warc_files


class BackupBusy(RuntimeError):  # noqa: N818  (a state, not a failure)
    """Another backup is writing to the same folder."""


@dataclass(slots=True, kw_only=True)
class BackupReport:
    """What a backup did: files copied, linked and left as they were, bytes copied, what it did not do and why."""

    copied: int = 0
    linked: int = 0
    same: int = 0
    bytes: int = 0
    troubles: list[str] = field(default_factory=list)


def back_up(
    target: Path,
    *,
    captures: Path,
    databases: tuple[Path, ...],
    links: bool = True,
    on_file: Callable[[str], None] = lambda _: None,
) -> BackupReport:
    """Bring a backup up to date, also while a crawl or a build runs; make it where there is none.

    `databases` that are not there are left out. `links` allows hard links to WARC files that nobody writes any more.
    The databases are copied before the WARC files, so that these hold every record of which those speak. A WARC file
    that is shorter than its backup, or other than it, is a trouble: the backup's is kept, unless tombstones of purged
    records are all that tells them apart. `on_file` is called with the path of each file in the backup. Raises OSError,
    NotABackup for a folder with a foreign manifest, BackupBusy.
    """
    if not captures.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(captures))
    for name in ("outlets", "learnt"):
        (target / "captures" / name).mkdir(parents=True, exist_ok=True)
    if (target / "captures").samefile(captures):
        raise manifest.NotABackup(f"{target}: this is where the originals lie; name another folder")
    with _alone(target):
        _tidy(target)
        run = _Run(target, manifest.read(target) or Manifest(), links=links, on_file=on_file)
        parts = [path.name for path in databases if path.is_file() and run.database(path)]
        for path in (
            captures / JOURNAL,
            *sorted(captures.glob("outlets/*.json")),
            *sorted(captures.glob("learnt/*.json")),
        ):
            if path.is_file():
                run.description(path, path.relative_to(captures))
        for path in warc_files(captures):
            run.warc(path)
        for name in parts:
            _put(target, name)
        run.manifest.write(target)
        folder = os.open(target, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    return run.report


class _Run:
    """One run of a backup: the manifest grows file by file."""

    def __init__(self, target: Path, known: Manifest, *, links: bool, on_file: Callable[[str], None]) -> None:
        self.target = target
        self.manifest = known
        self.links = links
        self.on_file = on_file
        self.report = BackupReport()

    def database(self, path: Path) -> bool:
        """Copy a database beside its place; return whether there is something to put in it."""
        self.on_file(path.name)
        former = self._former(path.name)
        if former is not None and former.source == copying.source_of_database(path):
            self.report.same += 1
            return False
        part = self.target / f"{path.name}{copying.PART}"
        with _named(part):
            entry = copying.copy_database(path, part)
        self._note(path.name, entry, entry.bytes)
        return True

    def description(self, path: Path, place: Path) -> None:
        """Copy what lies beside the captures: journal, outlets, what was learnt of them; a newer one replaces it."""
        name = f"captures/{place.as_posix()}"
        former, source = self._former(name), copying.source_of(path)
        if former is not None and former.source == source:
            self.report.same += 1
            return
        with _named(self.target / name):
            entry = copying.copy(path, self.target / name, source=source, size=source[0])
        self._note(name, entry, entry.bytes)

    def warc(self, path: Path) -> None:
        """Link or copy a WARC file that is at its end; copy the whole records of one that may grow."""
        name = f"captures/{path.name}"
        self.on_file(name)
        former = self._former(name)
        grows = copying.is_open(path)  # asked first: a file that is closed stays as it is
        source = copying.source_of(path)
        if former is not None and former.source == source:
            self.report.same += 1
            return
        with _named(self.target / name):
            held = former.bytes if former is not None else 0
            size = copying.whole_size(path, held, source[0]) if grows else source[0]
            whole = former is None or (size >= held and copying.begins(path, former))
            if not whole and not grows and was_purged(self.target / name, path):
                former, held, whole = None, 0, True  # what was destroyed is not to live on here
            if not whole:
                self._trouble(
                    path,
                    f"is no longer what was backed up ({held} bytes): the backup keeps that; "
                    "compare the two, and delete the wrong one",
                )
            elif former is not None and size == held:
                self.manifest.files[name] = replace(former, source=source)
                self.report.same += 1
            elif self._link(path, name, allowed=self.links and not grows and not held):
                self.report.linked += 1
            else:
                self._copy(path, name, source=source, size=size, held=held)

    def _link(self, path: Path, name: str, *, allowed: bool) -> bool:
        entry = copying.link(path, self.target / name) if allowed else None
        if entry is not None:
            self.manifest.files[name] = entry
        return entry is not None

    def _copy(self, path: Path, name: str, *, source: tuple[int, ...], size: int, held: int) -> None:
        try:
            entry = copying.copy(path, self.target / name, source=source, size=size, held=held)
        except EOFError:
            self._trouble(path, "became shorter while it was copied; back up again")
            return
        self._note(name, entry, size - held)

    def _trouble(self, path: Path, words: str) -> None:
        self.report.troubles.append(f"{path}: {words}")

    def _former(self, name: str) -> Entry | None:
        """Return what the manifest says of a file that is still there."""
        entry = self.manifest.files.get(name)
        path = self.target / name
        return entry if entry is not None and path.is_file() and path.stat().st_size >= entry.bytes else None

    def _note(self, name: str, entry: Entry, copied: int) -> None:
        self.manifest.files[name] = entry
        self.report.copied += 1
        self.report.bytes += copied


def _put(target: Path, name: str) -> None:
    """Put a copied database in its place, without what SQLite kept beside the former one."""
    for ending in ("-wal", "-shm", "-journal"):
        (target / f"{name}{ending}").unlink(missing_ok=True)
    (target / f"{name}{copying.PART}").replace(target / name)


def _tidy(target: Path) -> None:
    """Remove what an interrupted backup left half-written."""
    for part in (*target.glob(f"*{copying.PART}*"), *(target / "captures").rglob(f"*{copying.PART}")):
        part.unlink()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error of the disk say which file it was about."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Keep other backups out of the folder."""
    with (target / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupBusy(f"{target}: another backup is writing to it; wait for it") from None
        yield
