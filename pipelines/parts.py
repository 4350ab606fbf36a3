"""Keep what became of the captures of one WARC file in a part file, so that another machine can store it.

A part is JSON lines, compressed with Zstandard: what it was made of, one outcome a line, and last what was counted. It
is written beside its place and renamed: there is a whole part or none, and one that ends early, by whatever accident,
is told by its last line.
"""

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backports import zstd  # from Python 3.14 on compression.zstd
from pydantic import TypeAdapter, ValidationError

from pipelines.ledger import PartNote
from pipelines.outcome import Outcome
from pipelines.versions import EXTRACTOR
from pipelines.warcs import WarcFile, new_captures
from pipelines.worker import Orders, Worker
from pipelines.workers import read_with

FORMAT = 2
LEVEL = 1  # of compression: a part is read once
OUTCOME = TypeAdapter(Outcome)
NOTE = TypeAdapter(PartNote)

_idle: list[Worker] = []  # a process takes over half a second to start, as long as it reads some fifty pages


class PartError(ValueError):
    """A part file is torn or altered, or was made of something else; the message names it. Making it again mends it."""


class WrongExtractor(RuntimeError):  # noqa: N818  (named after the cause)
    """The process that was asked to read has another version of the extractor than the one that asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One WARC file to be read, somewhere: what to read, how, and the folder where the part goes.

    `size` (bytes) is the file's when the job was made, `known` the offsets (bytes) that need not be read.
    """

    warc: Path
    size: int
    known: frozenset[int]
    orders: Orders
    folder: Path
    extractor: str = EXTRACTOR

    @property
    def key(self) -> str:
        """Digest what the part depends on."""
        outlets = sorted(self.orders.outlets.items())
        settings = {slug: (one.model_dump_json(), repr(one.learnt)) for slug, one in outlets}
        made_of = [FORMAT, self.extractor, self.warc.name, self.size, sorted(self.known), settings, self.orders.masks]
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()

    @property
    def part(self) -> Path:
        """Return where the part goes: under a name that tells what it depends on."""
        return self.folder / f"{self.warc.name}.{self.key[:16]}.part.zst"


def write_part(job: Job) -> PartNote:
    """Read a WARC file in a guarded process and write the part; return its row of the ledger.

    Raises WrongExtractor, and OSError where the storage fails; no part is there then.
    """
    if job.extractor != EXTRACTOR:
        raise WrongExtractor(
            f"{socket.gethostname()} reads with extractor {EXTRACTOR}, asked for is {job.extractor}: "
            "install the same release of fangzhi on every machine"
        )
    file = WarcFile(job.warc, job.size, job.known)
    here = f"{socket.gethostname()}:{os.getpid()}"
    job.folder.mkdir(parents=True, exist_ok=True)
    part = job.part
    beside = part.with_name(f"{part.name}.{here.replace(':', '-')}")
    lines = hashlib.sha256()
    with beside.open("wb") as raw, zstd.ZstdFile(raw, "wb", level=LEVEL) as packed:

        def write(line: bytes) -> None:
            lines.update(line)
            packed.write(line + b"\n")

        write(json.dumps({"key": job.key, "warc": job.warc.name, "extractor": job.extractor}).encode())
        with _reader(job) as worker:
            for outcome in read_with(new_captures(file), [worker]):
                if outcome is not None:
                    write(OUTCOME.dump_json(outcome))
        note = PartNote(
            warc_file=job.warc.name,
            state="read",
            captures=file.captures,
            outcomes=file.fresh,
            sha256=lines.hexdigest(),
            worker=here,
            torn=file.torn,
            damages=tuple(file.damages),
        )
        packed.write(NOTE.dump_json(note) + b"\n")
    beside.rename(part)
    return note


@contextmanager
def _reader(job: Job) -> Iterator[Worker]:
    """Give a process that reads: one that an earlier part has left idle, where it has the same orders."""
    worker = _idle.pop() if _idle else None
    if worker is None or not worker.reads_by(job.orders):
        if worker is not None:
            worker.end()
        worker = Worker(job.orders)
    try:
        yield worker
    finally:
        if worker.is_idle:
            _idle.append(worker)
        else:
            worker.end()


def read_note(job: Job) -> PartNote:
    """Return the row of a part that is whole and made of just this; raise PartError otherwise."""
    lines, last, count = hashlib.sha256(), b"", 0
    for line in _lines(job.part):
        if count:
            lines.update(last)
        last, count = line, count + 1
    try:
        note = NOTE.validate_json(last)
    except ValidationError:
        raise PartError(f"{job.part}: the part ends early") from None
    if note.sha256 != lines.hexdigest() or note.outcomes != count - 2:
        raise PartError(f"{job.part}: the part is not what was written")
    return note


def read_part(job: Job) -> Iterator[Outcome]:
    """Yield what became of each capture; to be called after `read_note` found the part whole."""
    lines = _lines(job.part)
    next(lines)
    held = next(lines)
    for line in lines:  # the last is the note
        yield OUTCOME.validate_json(held)
        held = line


def _lines(part: Path) -> Iterator[bytes]:
    try:
        with part.open("rb") as raw, zstd.ZstdFile(raw) as packed:
            for line in packed:
                yield line.rstrip(b"\n")
    except (OSError, EOFError, zstd.ZstdError) as error:
        raise PartError(f"{part}: {error}") from None
