"""Find how far a WARC file is whole, and cut off what a crash left half-written."""

import fcntl
import logging
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)

OPEN = ".open"  # marks a file that a writer has not closed
STEP = 1_048_576
GZIP = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Say where the last whole record of a file ends (bytes) and what follows: "", "torn" or "damaged"."""

    end: int
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Record that a torn file was cut: its path, the bytes kept and the bytes cut off."""

    path: Path
    kept: int
    cut: int


def recover(folder: Path) -> list[Cut]:
    """Cut the torn last record off every file that a dead writer left open; return what was cut.

    Files whose writer still lives are left alone. A file that holds nothing whole is removed. Nothing is cut from a
    file that is damaged before its end: that is reported by whoever reads it.
    """
    cuts = []
    for marker in sorted(folder.glob(f"*{OPEN}")):
        path = marker.with_name(marker.name.removesuffix(OPEN))
        if not path.exists():
            marker.unlink(missing_ok=True)
            continue
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            tail, size = find_tail(path), path.stat().st_size
            if tail.rest == "torn":
                file.truncate(tail.end)
                cuts.append(Cut(path=path, kept=tail.end, cut=size - tail.end))
                logger.warning("%s: cut %d bytes of a record that was never finished", path, size - tail.end)
            if path.stat().st_size == 0:
                path.unlink()
            marker.unlink(missing_ok=True)
    return cuts


def is_being_written(path: Path) -> bool:
    """Say whether the writer of a file lives: it may grow, and its last record need not be whole yet."""
    if not path.with_name(path.name + OPEN).exists():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def find_tail(path: Path, start: int = 0) -> Tail:
    """Walk the records of a file from an offset (bytes) on, and say where the last whole one ends."""
    with path.open("rb") as file:
        file.seek(start)
        packed = GZIP.startswith(file.read(2) or b"-")
        file.seek(start)
        return _walk(file, _end_of_member if packed else _end_of_plain_record)


def next_record(path: Path, offset: int) -> int | None:
    """Return where the first readable record after a damaged place (offset in bytes) begins, or None."""
    with path.open("rb") as file:
        # the damage may lie on the first bytes
        packed = file.read(3) == GZIP or path.name.lower().endswith(".gz")
        mark = GZIP if packed else b"\r\n\r\nWARC/1."
        at = offset + 1
        while True:
            file.seek(at)
            window = file.read(STEP)
            found = window.find(mark)
            if found < 0:
                if len(window) < STEP:
                    return None
                at += STEP - len(mark)
                continue
            if not packed:
                return at + found + 4
            file.seek(at + found)
            try:
                if zlib.decompressobj(31).decompress(file.read(4096), 7) == b"WARC/1.":
                    return at + found
            except zlib.error:
                pass
            at += found + 1


def _walk(file: IO[bytes], end_of_record: Callable[[IO[bytes], int], Tail]) -> Tail:
    end = file.tell()
    while True:
        file.seek(end)
        blank = _blank_to_end(file)
        if blank is not None:
            # a power cut may leave zeros where the file was to grow
            return Tail(end=end, rest="torn" if b"\x00" in blank else "")
        file.seek(end)
        tail = end_of_record(file, end)
        if tail.rest:
            return tail
        end = tail.end


def _blank_to_end(file: IO[bytes]) -> bytes | None:
    """Return which of NUL and line ends stand from here to the end of a file; None where anything else does."""
    kinds = b""
    while block := file.read(STEP):
        if block.strip(b"\x00\r\n"):
            return None
        kinds += bytes(set(block))
    return kinds


def _end_of_member(file: IO[bytes], start: int) -> Tail:
    engine, at = zlib.decompressobj(31), start
    try:
        while block := file.read(STEP):
            at += len(block)
            rest = block
            while rest and not engine.eof:
                engine.decompress(rest, STEP)
                rest = engine.unconsumed_tail
            if engine.eof:
                return Tail(end=at - len(engine.unused_data))
    except zlib.error:
        return Tail(end=start, rest="damaged")
    return Tail(end=start, rest="torn")


def _end_of_plain_record(file: IO[bytes], start: int) -> Tail:
    first = file.readline(128)
    if not first.startswith(b"WARC/"):
        return Tail(end=start, rest="torn" if b"WARC/".startswith(first) else "damaged")
    length = None
    while (line := file.readline(65_536)).strip():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
    if not line:
        return Tail(end=start, rest="torn")
    if length is None:
        return Tail(end=start, rest="damaged")
    end = file.seek(length, 1)
    ending = file.read(4)
    if ending == b"\r\n\r\n":
        return Tail(end=end + 4)
    return Tail(end=start, rest="torn" if len(ending) < 4 else "damaged")
