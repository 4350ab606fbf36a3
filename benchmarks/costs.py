"""Run a contender as a process of its own, and tell what it and all that it started cost."""

import ctypes
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux: orphans become ours, so that their CPU is counted too


class Cost(NamedTuple):
    """CPU and wall time (seconds) of a process and all its descendants; what it printed.

    `others` is the share of the machine's processors that all other processes used meanwhile.
    """

    cpu: float
    wall: float
    output: str
    others: float = 0.0


def cost_of(script: str, arguments: Sequence[str], *, python: str = sys.executable) -> Cost:
    """Run `python script arguments…` to its end; raise SystemExit with what it said where it fails."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    others = _children()
    # an installed program finds its bytecode
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, begun, busy = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), _busy()
    done = subprocess.run([python, script, *arguments], capture_output=True, text=True, check=False, env=environment)
    wall, busy = time.perf_counter() - begun, _busy() - busy
    while left := _children() - others:  # a server that forks workers ends a moment after its client
        os.waitpid(left.pop(), 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{script} {' '.join(arguments)}: {done.stderr.strip()[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, wall, done.stdout, max(0.0, busy - cpu) / (wall * (os.cpu_count() or 1)))


def peak_of(process: int) -> int:
    """Return the largest memory (MB) that a process has had; 0 where there is none."""
    try:
        status = Path(f"/proc/{process}/status").read_text("utf-8")
    except OSError:
        return 0
    return int((re.findall(r"VmHWM:\s+(\d+)", status) or ["0"])[0]) // 1000


def family(process: int) -> set[int]:
    """Return all that a process has started, and what that has."""
    found: set[int] = set()
    for child in _children(process):
        found |= {child} | family(child)
    return found


def _busy() -> float:
    """Return for how long (seconds) the processors have been busy since the machine started, added up."""
    times = [int(word) for word in Path("/proc/stat").read_text("utf-8").split("\n", 1)[0].split()[1:9]]
    return (sum(times) - times[3] - times[4]) / os.sysconf("SC_CLK_TCK")  # idle, waiting for a disk


def _children(process: int | str = "self") -> set[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").glob("*/children"))
        return {int(word) for task in tasks for word in task.read_text("utf-8").split()}
    except OSError:  # it has just ended
        return set()
