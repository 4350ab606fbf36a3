"""Take a folder of WARC files apart into what is new in each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crawler.capture import Capture
from crawler.reader import Damage, WarcError, iter_readable


@dataclass(slots=True)
class WarcFile:
    """A WARC file on its way into the archive: what was counted so far.

    `size` is in bytes, taken before it was read (it may still grow), `known` the offsets (bytes) of captures that need
    not be read again; `fresh` counts the others, `stored` those of them that are in the archive. `torn` is set where
    the file merely ends inside its last record, `damages` are the stretches that cannot be read.
    """

    path: Path
    size: int
    known: frozenset[int] = frozenset()
    captures: int = 0
    fresh: int = 0
    stored: int = 0
    torn: str | None = None
    damages: list[Damage] = field(default_factory=list)
    whole: bool = False  # read as far as it can be


def new_captures(file: WarcFile) -> Iterator[Capture]:
    """Yield what is not in the archive yet, in order of place; note in `file` how far it could be read."""
    try:
        for capture in iter_readable(file.path, file.damages):
            file.captures += 1
            if capture.warc_offset not in file.known:
                file.fresh += 1
                yield capture
    except WarcError as error:
        if error.torn:
            file.torn = error.reason
        else:
            file.damages.append(Damage(start=error.offset, end=None, reason=error.reason))
    file.whole = True


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files of a folder in order of name."""
    return sorted((*folder.glob("*.warc"), *folder.glob("*.warc.gz")), key=lambda path: path.name)
