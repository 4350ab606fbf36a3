"""Say where files lie: a path of this machine, or the URL of storage that many machines share (s3://bucket/folder).

What lies behind a URL is opened, listed, renamed and deleted as a path is, so that readers of WARC files and parts
need not know the difference: they say `Path` for both.
"""

import os
import shutil
from pathlib import Path
from typing import Any, cast

from upath import UPath

BLOCK = 5 * 1024 * 1024  # bytes asked for at a time, the least that S3 takes in: a record and its like, not a file
S3 = ("s3://", "s3a://")
STEP = 1 << 20  # bytes that are brought at once
S3_OPTIONS = {"default_block_size": BLOCK, "use_listings_cache": False}  # others write to the folder, too


def place(name: str) -> Path:
    """Return the place that a path or a URL names, as something that does what a path does; nothing is opened.

    Raises ValueError where no library at hand speaks the URL's scheme.

    >>> place("captures").name, place("memory://captures/a.warc.gz").name
    ('captures', 'a.warc.gz')
    """
    if "://" not in name:
        return Path(name)
    options: dict[str, Any] = dict(S3_OPTIONS) if name.startswith(S3) else {}
    try:
        return cast("Path", UPath(name, **options))
    except (ImportError, ValueError) as error:
        raise ValueError(f"{name}: {error}; S3 needs the extra `s3`") from None


def is_shared(where: Path) -> bool:
    """Say whether a place is reached by URL."""
    return not isinstance(where, Path)


def bring(source: Path, target: Path) -> None:
    """Copy a file of this machine to a place, which storage reached by URL shows whole or not at all."""
    with source.open("rb") as here, target.open("wb") as there:
        shutil.copyfileobj(here, there, STEP)


def take_place(part: Path, path: Path) -> None:
    """Put a file that was written beside another one in that one's place, for good."""
    if is_shared(path):
        part.rename(path)
        return
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
    keep_names(path.parent)


def keep_names(folder: Path) -> None:
    """Return when the names of a folder of this machine are on disk."""
    if is_shared(folder):
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
