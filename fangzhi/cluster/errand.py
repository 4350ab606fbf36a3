"""Crawl some outlets in a process of its own, `python -m fangzhi.cluster.errand`: what a worker is asked to do.

A process can crawl once, and a worker lives on; and whoever kills the worker ends the crawl with it.
"""

import ctypes
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter

from crawler.crawl import crawl
from crawler.outlet import Outlet
from crawler.plan import Plan
from crawler.report import CrawlReport
from crawler.storage import bring, is_shared
from crawler.watch import OutletFiles
from fangzhi.outletbook import read_kept

LOOK = 1.0  # seconds between two looks whether to stop
EDITS = 10  # looks from one at the descriptions of outlets to the next, where that is a question to a storage
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Outlets to crawl, the shard of the crawl's memory that knows them, the folder for what comes.

    `stop` is a file: where it appears, the crawl ends when what is in flight has come in.
    """

    outlets: tuple[Outlet, ...]
    shard: Path
    captures: Path
    stop: Path
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What the child is told: an errand whose places are of this machine."""

    outlets: tuple[Outlet, ...]
    shard: str
    captures: str
    plan: Plan


TASK = TypeAdapter(_Task)
REPORT = TypeAdapter(CrawlReport)


class CrawlFailed(RuntimeError):  # noqa: N818  (a state, not a failure of ours)
    """A crawl ended without a report; the message is the last line that it wrote."""


def run(errand: Errand) -> CrawlReport:
    """Crawl, and return what happened; raise CrawlFailed, with the reason, where the crawl could not be done."""
    with _at_hand(errand) as task:
        child = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        said: bytes | None = TASK.dump_json(task)
        asked = False
        for look in count():
            try:
                out, errors = child.communicate(said, timeout=LOOK)
                break
            except subprocess.TimeoutExpired:
                said = None
                if look % EDITS == 0:
                    _bring_edits(errand, Path(task.captures))
                if not asked and errand.stop.exists():
                    child.send_signal(signal.SIGINT)
                    asked = True
    if child.returncode:
        lines = errors.decode("utf-8", "replace").split("\n")
        raise CrawlFailed(next((line for line in reversed(lines) if line.strip()), f"exit code {child.returncode}"))
    return REPORT.validate_json(out)


@contextmanager
def _at_hand(errand: Errand) -> Iterator[_Task]:
    """Give the errand with places of this machine; bring what came, and the shard, to storage reached by URL."""
    if not is_shared(errand.captures):
        yield _Task(outlets=errand.outlets, shard=str(errand.shard), captures=str(errand.captures), plan=errand.plan)
        return
    with tempfile.TemporaryDirectory() as name:
        shard, captures = Path(name, "crawl.db"), Path(name, "captures")
        shard.write_bytes(errand.shard.read_bytes())
        _bring_edits(errand, captures)
        try:
            yield _Task(outlets=errand.outlets, shard=str(shard), captures=str(captures), plan=errand.plan)
        finally:  # the files first: what the shard acknowledges has to be there
            for path in sorted(captures.glob("*.warc.gz")):
                bring(path, errand.captures / path.name)
            errand.shard.write_bytes(shard.read_bytes())


def _bring_edits(errand: Errand, captures: Path) -> None:
    """Copy what the storage says of the outlets, and here is otherwise, to the captures of this machine."""
    if not is_shared(errand.captures):
        return
    for outlet in errand.outlets:
        name = f"outlets/{outlet.slug}.json"
        told, here = (errand.captures / name).read_bytes(), captures / name
        if not here.exists() or here.read_bytes() != told:
            here.parent.mkdir(parents=True, exist_ok=True)
            part = here.with_name(f"{here.name}.part")
            part.write_bytes(told)
            part.rename(here)


def main() -> None:
    """Read a task from stdin, crawl, write the report to stdout."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    task = TASK.validate_json(sys.stdin.buffer.read())
    captures, slugs = Path(task.captures), tuple(one.slug for one in task.outlets)
    files = OutletFiles(captures / "outlets", slugs, ending=".json", load=read_kept)
    report = crawl(task.outlets, task.plan, captures=captures, crawl_db=Path(task.shard), files=files)
    sys.stdout.buffer.write(REPORT.dump_json(report))


if __name__ == "__main__":
    main()
