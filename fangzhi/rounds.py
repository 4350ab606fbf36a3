"""Build while a crawl goes on: processes of their own read what it captures, so that it never waits for them."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from types import TracebackType
from typing import Self

import click

WAKE = 60.0  # seconds after which a crawl that has nothing to do looks again what is due
NICER = 5  # a build leaves the processor to the crawl where both want it


class Builder:
    """Run `fangzhi build --follow` from entering the context to leaving it, which waits until all is built.

    With `every` (seconds) each build is closed after that time and the next one begun: only then it counts what is
    counted over the whole archive. What a build says is printed when it is done. `code` is the exit code of the last
    build that went wrong, 0 where none did.
    """

    def __init__(
        self, *, captures: Path, archive: Path, crawl_db: Path, folder: Path, every: float | None = None
    ) -> None:
        self.command = ["nice", "-n", str(NICER), sys.executable, "-m", "fangzhi", "build", "--follow"]
        self.command += ["--captures", str(captures), "--archive", str(archive)]
        self.command += ["--crawl-db", str(crawl_db), "--folder", str(folder)]
        self.every = every
        self.code = 0
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._over.is_set():
            with TemporaryFile("w+", encoding="utf-8") as told:  # not a pipe, which nobody empties until the end
                # in a session of its own: Ctrl-C ends the crawl, and what that has captured is built all the same. Its
                # standard input ends with this process, whatever becomes of it: so does the build
                build = subprocess.Popen(  # noqa: S603  (our own command)
                    self.command, stdin=subprocess.PIPE, stderr=told, start_new_session=True
                )
                self._over.wait(self.every)
                build.communicate()
                self.code = build.returncode or self.code
                told.seek(0)
                click.echo(told.read().rstrip(), err=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
