"""Read captures in worker processes that may die or hang without taking the build along."""

from collections.abc import Generator, Iterable, Sequence
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

from crawler.capture import Capture
from pipelines.outcome import Outcome
from pipelines.worker import POLL, Orders, Worker

QUIET = 1.0  # seconds without an outcome after which that is said
READ_AHEAD = 4  # captures per worker that wait in memory
UNSTORED = 1_000  # outcomes that wait in memory, some 10 kB each: reading goes on while a batch is stored

T = TypeVar("T")


def read_all(captures: Iterable[Capture], orders: Orders, *, workers: int) -> Generator[Outcome, None, None]:
    """Yield what became of each capture, in no certain order: as many out as in; otherwise as `read_on`."""
    outcomes = read_on(captures, orders, workers=workers)
    try:
        yield from (outcome for outcome in outcomes if outcome is not None)
    finally:
        outcomes.close()


def read_on(captures: Iterable[Capture], orders: Orders, *, workers: int) -> Generator[Outcome | None, None, None]:
    """Yield what became of each capture, in no certain order; None where nothing came for a second.

    With no workers everything is read in this process, without a guard; otherwise as `read_with`.
    """
    if workers == 0:
        from pipelines.flow import Reader  # noqa: PLC0415  (slow to load, and else needed in the workers alone)

        reader = Reader(orders.outlets, masks=orders.masks)
        yield from map(reader.lesson if orders.studies else reader.outcome, captures)
        return
    staff = [Worker(orders) for _ in range(workers)]
    try:
        yield from read_with(captures, staff)
    finally:
        for worker in staff:
            worker.end()


def read_with(captures: Iterable[Capture], staff: Sequence[Worker]) -> Generator[Outcome | None, None, None]:
    """Yield what became of each capture, as many out as in; None where nothing came for a second.

    A worker that dies, or takes too long for a page, is replaced; its page becomes a failure. What `captures` raises
    is raised here. The workers live on; one that is not idle then was left in the middle, and is to be ended.
    """
    stop = Event()
    tasks: Queue[Capture | None] = Queue(READ_AHEAD * len(staff))
    results: Queue[Outcome | BaseException | None] = Queue(UNSTORED)
    keepers = [Thread(target=_keep, args=(worker, tasks, results, stop), daemon=True) for worker in staff]
    feeder = Thread(target=_feed, args=(captures, len(staff), tasks, results, stop), daemon=True)
    try:
        for thread in (*keepers, feeder):
            thread.start()
        running = len(staff)
        while running:
            try:
                result = results.get(timeout=QUIET)
            except Empty:
                yield None  # who waits for more may store what came
                continue
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
    worker: Worker,
    tasks: "Queue[Capture | None]",
    results: "Queue[Outcome | BaseException | None]",
    stop: Event,
) -> None:
    """Keep one worker busy until nothing is left to read."""
    more, held = True, None
    try:
        while not stop.is_set():
            if more and held is None:
                try:
                    held = tasks.get(block=worker.is_idle, timeout=POLL)
                    more = held is not None
                except Empty:
                    pass
            if held is not None and worker.has_room(held):
                worker.give(held)
                held = None
            elif not worker.is_idle:
                outcome = worker.take(stop)
                if outcome is not None:
                    _put(results, outcome, stop)
            elif not more:
                _put(results, None, stop)
                return
    except BaseException as error:  # noqa: BLE001  (raised again where the results are read)
        _put(results, error, stop)


def _put(queue: "Queue[T]", item: T, stop: Event) -> bool:
    """Put an item into a queue that may be full; give up, and return False, when all is to stop."""
    while not stop.is_set():
        try:
            queue.put(item, timeout=POLL)
        except Full:
            continue
        return True
    return False
