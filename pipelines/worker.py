"""Keep one process that reads pages, and put another in its place when it dies, hangs or has done enough."""

import gc
import multiprocessing
import signal
import socket
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from threading import Event

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.outcome import Outcome

# pages before a process is replaced, should some page make a library grow: 5,000 others add 3 MB to 187, and a new
# process takes over a second to load its dictionaries
RECYCLE = 20_000
IN_HAND = 2  # captures that a process has: one it reads, one it need not wait for when that is done
# bytes of a body that goes ahead, as nine of ten do: handing it over never waits, though the process may hang
SMALL = 160 * 1024
BUFFER = IN_HAND * SMALL  # bytes asked for the way to the process; Linux gives twice as much, up to 416 kB at least
START = 120.0  # seconds for a worker to load what it needs: two on an idle machine
RARELY = (20_000, 20, 50)  # objects between two collections: trees and records go by themselves, cycles are few
SECONDS = 60.0  # for one page; the slowest of 252 real ones takes under two
POLL = 0.1  # seconds between two looks at the stop sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """How pages are to be read: by which outlets, and with how much time (`seconds`) for each.

    With `masks` numbers of private persons are masked; with `studies` lessons are taken from pages instead.
    """

    outlets: Mapping[str, Outlet]
    seconds: float = SECONDS
    masks: bool = False
    studies: bool = False


class Worker:
    """A process that reads pages one after another, and its successors."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._context = multiprocessing.get_context("forkserver")
        self._process: multiprocessing.context.ForkServerProcess | None = None
        self._pipe: Connection | None = None
        self._sent: deque[Capture] = deque()
        self._done = 0

    def reads_by(self, orders: Orders) -> bool:
        """Say whether the process is alive and reads as a new one with these orders would."""
        return self._process is not None and self._process.is_alive() and self._orders == orders

    @property
    def is_idle(self) -> bool:
        """Say whether nothing is on its way through the process."""
        return not self._sent

    def has_room(self, capture: Capture) -> bool:
        """Say whether this capture may be given now; any may when the process is idle."""
        ahead = len(self._sent) < IN_HAND and self._done < RECYCLE and len(capture.body) <= SMALL
        return ahead or self.is_idle

    def give(self, capture: Capture) -> None:
        """Hand over a capture; what became of it is told by `take`."""
        self._sent.append(capture)
        if self._done >= RECYCLE:
            self.end()
        if self._pipe is not None:
            self._send(self._pipe, capture)

    def take(self, stop: Event) -> Outcome | None:
        """Return what became of the capture given first, None where all is to stop before that is known."""
        capture = self._sent[0]
        try:
            pipe = self._pipe or self._begin()
            waited = 0.0
            while not pipe.poll(POLL):
                waited += POLL
                if stop.is_set():
                    return None
                if waited >= self._orders.seconds:
                    self.end()
                    self._sent.popleft()
                    return self._failure(capture, f"not read after {self._orders.seconds:g} seconds")
            outcome = pipe.recv()
        except (EOFError, OSError):
            process = self._process
            if process is not None:
                process.join()
            code = process.exitcode if process is not None else None
            self.end()
            outcome = self._failure(capture, f"the worker died on this page ({_death(code)})")
        self._sent.popleft()
        assert isinstance(outcome, Outcome)  # noqa: S101  (says so to mypy)
        return outcome

    def _failure(self, capture: Capture, error: str) -> Outcome:
        from pipelines.flow import Reader  # noqa: PLC0415  (slow to load, and hardly ever needed in this process)

        return Reader(self._orders.outlets).failure(capture, error)

    def _begin(self) -> Connection:
        """Start a process and give it what the one before it left unread."""
        warm_up()
        here, there = _pipe()
        self._process = self._context.Process(target=_serve, args=(there, self._orders), daemon=True)
        self._process.start()
        there.close()
        self._pipe, self._done = here, 0
        if not here.poll(START) or not here.recv():
            raise RuntimeError(f"a worker process did not start within {START:g} seconds")
        for capture in self._sent:
            self._send(here, capture)
        return here

    def _send(self, pipe: Connection, capture: Capture) -> None:
        self._done += 1
        try:
            pipe.send(capture)
        except OSError:  # it has died on an earlier page, as will be seen when that is taken
            return

    def end(self) -> None:
        """End the process."""
        if self._process is not None and self._pipe is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._pipe.close()
            self._process = self._pipe = None


def warm_up() -> None:
    """Start the server that forks workers, and return at once: it loads what they need meanwhile.

    Forked by it they inherit no threads and no open archive. What this thread begins from here on is spared Ctrl-C:
    that goes to all processes, and is the build's affair.
    """
    resource_tracker.ensure_running()  # it lets the signal through again when it starts, so it goes first
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    forkserver.set_forkserver_preload(["pipelines.warm", __name__])
    forkserver.ensure_running()


def _serve(pipe: Connection, orders: Orders) -> None:
    """Read, or study, what comes through a pipe until it is closed."""
    from pipelines.flow import Reader  # noqa: PLC0415  (loaded already where this process was forked from)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the build's affair
    gc.set_threshold(*RARELY)
    reader = Reader(orders.outlets, masks=orders.masks)
    work = reader.lesson if orders.studies else reader.outcome
    pipe.send(True)
    while True:
        try:
            capture = pipe.recv()
        except EOFError:
            return
        pipe.send(work(capture))


def _pipe() -> tuple[Connection, Connection]:
    """Return both ends of a pipe that takes in BUFFER bytes from the first."""
    here, there = socket.socketpair()
    here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    return Connection(here.detach()), Connection(there.detach())


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
