"""Build now and then while a crawl goes on for ever: a process of its own, so that the crawl never waits for it."""

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import click

WAKE = 60.0  # seconds after which a crawl that has nothing to do looks again what is due


class Builder:
    """Run `fangzhi build` every so many seconds, from entering the context to leaving it; one build at a time."""

    def __init__(self, *, captures: Path, archive: Path, crawl_db: Path, folder: Path, every: float) -> None:
        self.command = [sys.executable, "-m", "fangzhi", "build", "--captures", str(captures)]
        self.command += ["--archive", str(archive), "--crawl-db", str(crawl_db), "--folder", str(folder)]
        self.every = every
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._over.wait(self.every):
            # in a session of its own: Ctrl-C ends the crawl, and a build that has begun is finished
            done = subprocess.run(  # noqa: S603  (our own command)
                self.command, capture_output=True, text=True, check=False, start_new_session=True
            )
            if done.returncode:
                click.echo(done.stderr.rstrip(), err=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
