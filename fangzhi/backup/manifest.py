"""Keep the list of what a backup holds: every file with its size and digest."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from crawler.imports import digest_of, now
from fangzhi import __version__

NAME = "manifest.json"
STEP = 1_048_576


class NotABackup(ValueError):  # noqa: N818  (named after the cause)
    """The folder holds no backup, or its manifest cannot be read; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file: its size (bytes) and SHA-256, and by what the original is known again (size, time of change in ns)."""

    bytes: int
    sha256: str
    source: tuple[int, ...]


@dataclass(slots=True)
class Manifest:
    """The files of a backup by their path in it."""

    files: dict[str, Entry] = field(default_factory=dict)
    made: str = ""

    def write(self, folder: Path) -> None:
        """Put the manifest in its place at once."""
        self.made = now()
        files = {name: asdict(entry) for name, entry in sorted(self.files.items())}
        text = json.dumps({"software": f"Fangzhi/{__version__}", "made": self.made, "files": files}, indent=1)
        part = folder / f"{NAME}.part"
        part.write_text(text + "\n", "utf-8")
        part.replace(folder / NAME)


def read(folder: Path) -> Manifest | None:
    """Return the manifest of a backup, None where there is none; raise NotABackup where it cannot be read."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        given = json.loads(path.read_text("utf-8"))
        files = {
            str(name): Entry(bytes=int(one["bytes"]), sha256=str(one["sha256"]), source=tuple(map(int, one["source"])))
            for name, one in given["files"].items()
        }
        return Manifest(files, str(given["made"]))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotABackup(f"{path}: not the manifest of a backup: {error}; name another folder") from None


def check(folder: Path) -> Iterator[str]:
    """Yield a line for every file that is missing, altered, or not in the manifest; reads every byte.

    Raises NotABackup where the folder holds no backup.
    """
    manifest = read(folder)
    if manifest is None:
        raise NotABackup(f"{folder}: there is no backup: no {NAME}")
    for name, entry in sorted(manifest.files.items()):
        path = folder / name
        if not path.is_file():
            yield f"{name}: is missing"
        elif (size := path.stat().st_size) != entry.bytes:
            yield f"{name}: {size} bytes, {entry.bytes} by the manifest"
        elif digest_of(path) != entry.sha256:
            yield f"{name}: its content is not the one of the manifest"
    for path in sorted((folder / "captures").rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in manifest.files:
            yield f"{name}: is not in the manifest: a backup was interrupted, the next one puts it right"
