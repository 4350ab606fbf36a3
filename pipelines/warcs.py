"""Take a folder of WARC files apart into what is new in each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from time import sleep

from crawler.capture import Capture
from crawler.reader import Damage, WarcError, iter_captures, iter_readable

LOOK = 0.05  # seconds between two looks at files that somebody still writes


@dataclass(slots=True)
class WarcFile:
    """A WARC file on its way into the archive: what was counted so far.

    `size` is in bytes, taken before it was read (it may still grow), `known` the offsets (bytes) of captures that need
    not be read again; `fresh` counts the others, `stored` those of them that are in the archive. `last` is the offset
    of the capture that was read last, -1 before the first. `torn` is set where the file
    merely ends inside its last record, `damages` are the stretches that cannot be read.
    """

    path: Path
    size: int
    known: frozenset[int] = frozenset()
    captures: int = 0
    fresh: int = 0
    stored: int = 0
    last: int = -1
    torn: str | None = None
    damages: list[Damage] = field(default_factory=list)
    whole: bool = False  # read as far as it can be


def new_captures(file: WarcFile) -> Iterator[Capture]:
    """Yield what is not in the archive yet, in order of place; note in `file` how far it could be read."""
    try:
        yield from _fresh(file, iter_readable(file.path, file.damages, max(file.last, 0)))
    except WarcError as error:
        if error.torn:
            file.torn = error.reason
        else:
            file.damages.append(Damage(start=error.offset, end=None, reason=error.reason))
    file.whole = True


def grown(file: WarcFile) -> Iterator[Capture]:
    """Yield what has come to a file that somebody still writes; how it ends is for `new_captures` to say."""
    size = file.path.stat().st_size
    if size == file.size and file.last >= 0:
        return
    file.size = size
    try:
        yield from _fresh(file, iter_captures(file.path, start=max(file.last, 0)))
    except WarcError:  # the record that is being written; where it is damage, that is seen at the end
        return


def _fresh(file: WarcFile, captures: Iterator[Capture]) -> Iterator[Capture]:
    for capture in captures:
        if capture.warc_offset == file.last:
            continue
        file.last = capture.warc_offset
        file.captures += 1
        if capture.warc_offset not in file.known:
            file.fresh += 1
            yield capture


CapturesOf = Callable[[Sequence[WarcFile]], Iterator[Capture]]


def in_turn(files: Sequence[WarcFile]) -> Iterator[Capture]:
    """Yield what is new in some files, one after the other."""
    return chain.from_iterable(map(new_captures, files))


def follow(
    files: Sequence[WarcFile], newcomers: Callable[[], list[WarcFile]], goes_on: Callable[[], bool]
) -> Iterator[Capture]:
    """Yield what is new in some files and comes to them, as long as `goes_on` says that more may come.

    `newcomers` returns the files that were begun since it was asked last.
    """
    files = list(files)
    while goes_on():
        for file in files:
            yield from grown(file)
        sleep(LOOK)
        files += newcomers()
    for file in files:
        file.size = file.path.stat().st_size
    yield from in_turn(files)


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files of a folder in order of name."""
    return sorted((*folder.glob("*.warc"), *folder.glob("*.warc.gz")), key=lambda path: path.name)
