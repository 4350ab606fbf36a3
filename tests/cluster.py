"""A cluster on loopback: a scheduler and two workers, each begun by its own command."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parent.parent
SURVIVOR = "FANGZHI_TEST_SURVIVOR"  # the one process that may open poison


class Cluster:
    """A scheduler and two workers, each a process begun by its own command."""

    def __init__(self, folder: Path, code: Path = ROOT) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.environment = os.environ | {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1", SURVIVOR: str(os.getpid()), "PYTHONPATH": str(code),
        }  # fmt: skip
        port = self.address.rpartition(":")[2]
        scheduler = [
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            port,
            "--dashboard-address",
            "127.0.0.1:0",
        ]
        worker = ["-m", "fangzhi", "worker", self.address, "--processes", "2", "--scratch", str(folder)]
        self.processes = [self._begin(scheduler), self._begin(worker)]

    def _begin(self, words: list[str]) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *words], env=self.environment, cwd=self.environment["PYTHONPATH"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def end(self) -> None:
        for process in reversed(self.processes):
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
