"""Read captures in worker processes that may die or hang without taking the build along."""

import multiprocessing
import signal
from collections.abc import Generator, Iterable, Mapping
from multiprocessing.connection import Connection
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.flow import Reader
from pipelines.outcome import Outcome

SECONDS = 60.0  # for one page; the slowest of 252 real ones takes under two
RECYCLE = 2_000  # pages; parsers and caches of libraries grow, a new worker costs some 30 ms
START = 120.0  # seconds for a worker to load what it needs: two on an idle machine
READ_AHEAD = 4  # captures per worker that wait in memory
POLL = 0.1  # seconds between two looks at the stop sign

T = TypeVar("T")


def read_all(
    captures: Iterable[Capture], outlets: Mapping[str, Outlet], *, workers: int, seconds: float = SECONDS
) -> Generator[Outcome, None, None]:
    """Yield what became of each capture, in no certain order: as many out as in.

    A worker that dies, or takes longer than `seconds` for a page, is replaced; its page becomes a failure. With no
    workers everything is read in this process, without that guard. What `captures` raises is raised here.
    """
    if workers == 0:
        yield from map(Reader(outlets).outcome, captures)
        return
    stop = Event()
    tasks: Queue[Capture | None] = Queue(READ_AHEAD * workers)
    results: Queue[Outcome | BaseException | None] = Queue(READ_AHEAD * workers)
    keepers = [
        Thread(target=_keep, args=(_Worker(outlets, seconds), tasks, results, stop), daemon=True)
        for _ in range(workers)
    ]
    feeder = Thread(target=_feed, args=(captures, workers, tasks, results, stop), daemon=True)
    try:
        for thread in (*keepers, feeder):
            thread.start()
        running = workers
        while running:
            result = results.get()
            if isinstance(result, BaseException):
                raise result
            if result is None:
                running -= 1
            else:
                yield result
    finally:
        stop.set()
        for thread in (*keepers, feeder):
            if thread.ident:
                thread.join()


def _feed(
    captures: Iterable[Capture],
    workers: int,
    tasks: "Queue[Capture | None]",
    results: "Queue[Outcome | BaseException | None]",
    stop: Event,
) -> None:
    """Hand out captures; what goes wrong in reading them goes to whoever waits for results."""
    try:
        for capture in captures:
            if not _put(tasks, capture, stop):
                return
    except BaseException as error:  # noqa: BLE001  (raised again where the results are read)
        _put(results, error, stop)
    for _ in range(workers):
        _put(tasks, None, stop)


def _keep(
    worker: "_Worker",
    tasks: "Queue[Capture | None]",
    results: "Queue[Outcome | BaseException | None]",
    stop: Event,
) -> None:
    """Keep one worker busy until nothing is left to read."""
    try:
        while not stop.is_set():
            try:
                capture = tasks.get(timeout=POLL)
            except Empty:
                continue
            if capture is None:
                _put(results, None, stop)
                return
            outcome = worker.read(capture, stop)
            if outcome is not None:
                _put(results, outcome, stop)
    except BaseException as error:  # noqa: BLE001  (raised again where the results are read)
        _put(results, error, stop)
    finally:
        worker.end()


def _put(queue: "Queue[T]", item: T, stop: Event) -> bool:
    """Put an item into a queue that may be full; give up, and return False, when all is to stop."""
    while not stop.is_set():
        try:
            queue.put(item, timeout=POLL)
        except Full:
            continue
        return True
    return False


class _Worker:
    """One process that reads one page at a time, and its successors."""

    def __init__(self, outlets: Mapping[str, Outlet], seconds: float) -> None:
        self._outlets = outlets
        self._seconds = seconds
        self._reader = Reader(outlets)
        # a server that forks clean, warm processes: no threads and no open archive are inherited
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["pipelines.flow"])
        self._process: multiprocessing.context.ForkServerProcess | None = None
        self._pipe: Connection | None = None
        self._done = 0

    def read(self, capture: Capture, stop: Event) -> Outcome | None:
        """Return what became of a capture, None where all is to stop before that is known."""
        if self._done >= RECYCLE:
            self.end()
        try:
            pipe = self._pipe or self._begin()
            self._done += 1
            pipe.send(capture)
            waited = 0.0
            while not pipe.poll(POLL):
                waited += POLL
                if stop.is_set():
                    return None
                if waited >= self._seconds:
                    self.end()
                    return self._reader.failure(capture, f"not read after {self._seconds:g} seconds")
            outcome = pipe.recv()
        except (EOFError, OSError):
            process = self._process
            if process is not None:
                process.join()
            code = process.exitcode if process is not None else None
            self.end()
            return self._reader.failure(capture, f"the worker died on this page ({_death(code)})")
        assert isinstance(outcome, Outcome)  # noqa: S101  (says so to mypy)
        return outcome

    def _begin(self) -> Connection:
        here, there = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(there, self._outlets), daemon=True)
        self._process.start()
        there.close()
        self._pipe, self._done = here, 0
        if not here.poll(START) or not here.recv():
            raise RuntimeError(f"a worker process did not start within {START:g} seconds")
        return here

    def end(self) -> None:
        """End the process."""
        if self._process is not None and self._pipe is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._pipe.close()
            self._process = self._pipe = None


def _serve(pipe: Connection, outlets: Mapping[str, Outlet]) -> None:
    """Read what comes through a pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the build's affair
    reader = Reader(outlets)
    pipe.send(True)
    while True:
        try:
            capture = pipe.recv()
        except EOFError:
            return
        pipe.send(reader.outcome(capture))


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
