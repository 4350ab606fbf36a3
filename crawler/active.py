"""Keep the one WARC file that a run writes to: its name, its lock, its marker; never left torn by a failed write.

A run writes to one active file, `fangzhi-YYYYmmddHHMMSS-MACHINE-PID-NNN.warc.gz`, and goes on in the next number at
1 GB. Beside an active file lies an empty `….open`, removed when the file is closed: a marker left behind tells the next
run which files a crash may have torn, so that it need not read all of them.
"""

import fcntl
import os
import re
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from fastwarc.warc import WarcRecordType

from crawler.member import FIELDS, lines_of, member, new_id, warc_date

MAX_BYTES = 1_000_000_000  # a file is closed at 1 GB: the size that WARC tools expect and that still copies easily
OPEN = ".open"


class CapturesGone(OSError):  # noqa: N818  (a state, not a failure)
    """The folder of captures, or the file that is written, is not there any more; says which and what to do."""


class ActiveFile:
    """Append to the active file of one run, which is begun when it is first needed.

    `about` is what its warcinfo record says. With `sync` all is on disk when `append` returns; else the caller sees to
    that by `syncing`, for many records at once. `files` are the names of those that were begun. Not for more than one
    thread.
    """

    def __init__(  # noqa: PLR0913  (each by name)
        self,
        folder: Path,
        *,
        about: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        sync: bool = True,
        name: str = "fangzhi",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder
        self.about = dict(about or {})
        self.max_bytes = max_bytes
        self.sync = sync
        self.clock = clock
        self.files: list[str] = []
        self._file: IO[bytes] | None = None
        self._size = 0
        self._number = 0
        self._warcinfo_id = ""
        machine = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().partition(".")[0].lower())
        self._name = f"{name}-{clock():%Y%m%d%H%M%S}-{machine}-{os.getpid()}"  # many machines may share the folder

    @property
    def path(self) -> Path | None:
        """Return the active file, None before the first record and after closing."""
        return Path(self._file.name) if self._file else None

    def ready(self) -> str:
        """Have a file that takes another record; return the id of its warcinfo record."""
        if self._file is not None and self._size >= self.max_bytes:
            self.close()
        if self._file is None:
            self._open()
        return self._warcinfo_id

    def append(self, data: bytes) -> tuple[str, int]:
        """Append whole members to the file that is ready; return its name and their offset (bytes).

        Raises OSError where that fails (disk full, folder gone), after what was half written has been cut off again.
        """
        assert self._file is not None  # noqa: S101  (for the type checker)
        file, offset, view = self._file, self._size, memoryview(data)
        if os.fstat(file.fileno()).st_nlink == 0:
            raise CapturesGone(f"{file.name}: was deleted while the crawl wrote to it; restore the folder, run again")
        try:
            while view:
                view = view[file.write(view) :]
            if self.sync:
                os.fsync(file.fileno())
        except OSError:
            file.seek(offset)
            file.truncate()
            raise
        self._size += len(data)
        return self.files[-1], offset

    def syncing(self) -> Callable[[], None]:
        """Return what syncs to disk all that was written so far; it may be called in another thread."""
        if self._file is None:  # nothing was written since a file was closed, which synced it
            return lambda: None
        descriptor = os.dup(self._file.fileno())

        def sync() -> None:
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

        return sync

    def close(self) -> None:
        """End the active file: from here on nobody writes to it."""
        if self._file is None:
            return
        path = Path(self._file.name)
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        path.with_name(path.name + OPEN).unlink(missing_ok=True)

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._free_name()
        path.with_name(path.name + OPEN).touch()  # before the file itself: a crash in between must leave its trace
        self._file = path.open("xb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_EX)  # tells other runs that the marker's owner lives
        self.files.append(path.name)
        self._size = 0
        self._warcinfo_id = new_id()
        head = {
            "WARC-Date": warc_date(self.clock()),
            "WARC-Record-ID": self._warcinfo_id,
            "WARC-Filename": path.name,
        }
        block = lines_of({"format": "WARC File Format 1.1", **self.about})
        self.append(member(WarcRecordType.warcinfo, head, FIELDS, block))
        if self.sync:
            folder = os.open(self.folder, os.O_RDONLY)
            os.fsync(folder)  # the name too must survive a power cut
            os.close(folder)

    def _free_name(self) -> Path:
        while True:
            path = self.folder / f"{self._name}-{self._number:03d}.warc.gz"
            self._number += 1
            if not path.exists():
                return path
