"""Read raw captures from the folder that lies beside the archive, where it does."""

import asyncio
import sqlite3
from pathlib import Path

from browse.archive import Archive
from browse.host import Datasette
from crawler.capture import Capture
from crawler.reader import WarcError, read_capture

NO_CAPTURES = "The captures are not kept beside this archive, only what was read from them."

SEALED = "Numbers of private persons in it are masked in this archive, so its bytes are not shown."
MASKED = "select count(*) from masks where capture = ?"


class NotHere(LookupError):  # noqa: N818  (a verdict that a page answers)
    """The WARC file of a capture cannot be read where the archive is served; the message says why."""


class Sealed(LookupError):  # noqa: N818  (a verdict that a page answers)
    """What was read of a capture had to be masked: its bytes are not shown."""


def folder_of(datasette: Datasette, archive: Archive) -> Path | None:
    """Return the folder of the WARC files, or None where there is none.

    The plugin's setting `captures` names it (`fangzhi serve --captures`); else it lies beside the archive.
    """
    settings = datasette.plugin_config("fangzhi") or {}
    beside = Path(str(datasette.get_database(archive.name).path)).parent / "captures"
    folder = Path(settings.get("captures") or beside)
    return folder if folder.is_dir() else None


async def read(datasette: Datasette, archive: Archive, row: sqlite3.Row) -> Capture:
    """Return the capture of a row of `captures` with its bytes; raise NotHere, or Sealed."""
    if await archive.value(MASKED, [row["id"]]):
        raise Sealed(SEALED)
    folder = folder_of(datasette, archive)
    if folder is None:
        raise NotHere(NO_CAPTURES)
    return await asyncio.to_thread(_read, folder, row["warc_file"], row["warc_offset"])


def _read(folder: Path, name: str, offset: int) -> Capture:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise NotHere(f"{name} is not among the captures that are kept beside this archive.")
    try:
        return read_capture(path, offset)
    except (WarcError, OSError) as error:
        raise NotHere(f"{name} cannot be read: {type(error).__name__}.") from error
