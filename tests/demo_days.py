"""Crawl the demonstration web on its five days by the real command, once for all tests that ask what came of it."""

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fangzhi.demo import Truth, truth
from tests.ports import free_port

DAYS = 5


@dataclass(frozen=True)
class DemoDays:
    """The folder of the crawl, the port of its web, and what each run printed (by day)."""

    folder: Path
    port: int
    told: dict[int, str]

    def archive(self, day: int) -> Path:
        """Return the archive as it was after a day."""
        return self.folder / f"day-{day}.db"

    def rows(self, day: int, query: str, *values: object) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self.archive(day))) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query, values).fetchall()

    def readable(self, day: int) -> list[Truth]:
        return [one for one in truth(day, self.port) if one.readable]


def crawled(folder: Path) -> DemoDays:
    """Return the days that were crawled into a folder; crawl them where no other process has."""
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "days.json"
        if not done.is_file():
            folder.mkdir()
            done.write_text(json.dumps(_crawl(folder, free_port())), "utf-8")
    port, told = json.loads(done.read_text("utf-8"))
    return DemoDays(folder, port, {int(day): words for day, words in told.items()})


def shared_folder(basetemp: Path) -> Path:
    """Return a folder that all processes of one test run share."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    return basetemp.parent / f"demo-days-{run}" if run else basetemp / "demo-days"


def _crawl(folder: Path, port: int) -> tuple[int, dict[int, str]]:
    told = {}
    command = [sys.executable, "-m", "fangzhi", "demo", "--no-serve", "--web-port", str(port)]
    for day in range(1, DAYS + 1):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stderr
        told[day] = done.stdout + done.stderr
        with closing(sqlite3.connect(folder / "archive.db")) as source:
            source.execute("VACUUM INTO ?", [str(folder / f"day-{day}.db")])
    return port, told
