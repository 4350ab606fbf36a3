"""Bring one file into a backup: a database as its readers see it, a WARC file as far as it is whole."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import IO

from crawler.imports import digest_of
from crawler.recover import OPEN, find_tail
from fangzhi.backup.manifest import STEP, Entry
from pipelines.connect import connected

PART = ".part"


def source_of(path: Path) -> tuple[int, ...]:
    """Return by what a file is known to be the same as before: size (bytes) and time of change (ns)."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def copy_database(path: Path, part: Path) -> Entry:
    """Copy a database to a file beside its place, in one piece, whoever reads or writes meanwhile."""
    part.unlink(missing_ok=True)
    source = source_of_database(path)
    with (
        closing(connected(path)) as origin,
        closing(sqlite3.connect(part)) as copy,
    ):
        origin.backup(copy)
    _sync(part)
    return Entry(bytes=part.stat().st_size, sha256=digest_of(part), source=source)


def source_of_database(path: Path) -> tuple[int, ...]:
    """Return by what a database is known to be the same: its file and its log."""
    log = path.with_name(f"{path.name}-wal")
    return source_of(path) + (source_of(log) if log.is_file() and log.stat().st_size else ())


def is_open(path: Path) -> bool:
    """Say whether a WARC file is being written, or was torn by a crash: it may still grow, or be cut."""
    return path.with_name(path.name + OPEN).exists()


def whole_size(path: Path, known: int, size: int) -> int:
    """Return how many bytes of an open WARC file are whole records; the first `known` are so for certain.

    A file that is damaged before its end counts as far as it went (`size`): nothing of it is left behind.
    """
    tail = find_tail(path, min(known, size))
    return size if tail.rest == "damaged" else tail.end


def link(path: Path, target: Path) -> Entry | None:
    """Let a second name lead to the same bytes; None where the file system cannot."""
    part = target.with_name(target.name + PART)
    part.unlink(missing_ok=True)
    try:
        os.link(path, part)
    except OSError:  # another file system, or one without links
        return None
    part.replace(target)
    return Entry(bytes=path.stat().st_size, sha256=digest_of(path), source=source_of(path))


def copy(path: Path, target: Path, *, source: tuple[int, ...], size: int, held: int = 0) -> Entry:
    """Copy the first `size` bytes of a file, of which the target holds the first `held` already.

    What an interrupted backup added beyond these is written over. Raises EOFError where the file became shorter.
    """
    if held and target.stat().st_nlink == 1:  # never write to what is an original under a second name
        with path.open("rb") as origin, target.open("r+b") as out:
            out.truncate(held)
            out.seek(held)
            origin.seek(held)
            _pour(origin, out, size - held)
    else:
        part = target.with_name(target.name + PART)
        with path.open("rb") as origin, part.open("wb") as out:
            _pour(origin, out, size)
        part.replace(target)
    return Entry(bytes=size, sha256=digest_of(target), source=source)


def begins(path: Path, entry: Entry) -> bool:
    """Say whether a file begins with the bytes of an entry."""
    value, rest = hashlib.sha256(), entry.bytes
    with path.open("rb") as file:
        while rest and (block := file.read(min(STEP, rest))):
            value.update(block)
            rest -= len(block)
    return value.hexdigest() == entry.sha256


def _pour(origin: IO[bytes], out: IO[bytes], size: int) -> None:
    while size:
        block = origin.read(min(STEP, size))
        if not block:
            raise EOFError
        out.write(block)
        size -= len(block)
    out.flush()
    os.fsync(out.fileno())


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
