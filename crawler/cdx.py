"""Take in captures by the index that describes them: CDX and CDXJ, beside the WARC files that they name."""

import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from crawler.bring import Brought, ImportRefused
from crawler.imports import digest_of
from crawler.reader import WarcError, read_block
from crawler.repack import gather
from crawler.settings import VERSION

ENDINGS = (".cdx", ".cdxj")
# letters of a CDX header → what we need of a line; the legend of 2015 that all tools share
LETTERS = {"a": "url", "b": "moment", "g": "file", "V": "offset"}
USUAL = {11: " CDX N b a m s k r M S V g", 9: " CDX N b a m s k r V g"}  # of files without a header


class Described(NamedTuple):
    """One line of an index: an address, the file that holds its record, and where (bytes); the line's number."""

    url: str
    file: str
    offset: int
    line: int


def is_index(path: Path) -> bool:
    """Say whether a file's name is that of an index."""
    return path.name.lower().endswith(ENDINGS)


def import_cdx(path: Path, captures: Path) -> Brought:
    """Bring in the records that an index describes, and no others, as one WARC file with a name of its own.

    The WARC files are sought under the path that the index gives, from the index's own folder, then beside it.
    Raises ImportRefused, and brings in nothing, where a line is none, or a file or a record is not there.
    """
    digest = digest_of(path)
    target = captures / f"{path.stem}-{digest[:12]}.warc.gz"
    if target.exists():
        return Brought(source=path, warc_file=target.name, new=False, sha256=digest)
    described = list(dict.fromkeys(read_index(path)))
    if not described:
        raise ImportRefused(f"{path}: an index without a line")
    places = sorted({(_find(path, one), one.offset) for one in described})
    for one in described:
        _check(path, one)
    sources = sorted({place.name for place, _ in places})
    about = {
        "software": f"Fangzhi/{VERSION}",
        "description": f"{len(places)} records that {path.name} describes, copied out of {', '.join(sources)}"[:1000],
    }
    captures.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    gather(places, part, name=target.name, about=about)
    part.rename(target)
    return Brought(source=path, warc_file=target.name, sha256=digest, origin=places[0][0])


def read_index(path: Path) -> Iterator[Described]:
    """Yield what an index describes; raise ImportRefused at the first line that describes nothing."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    header: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if number == 1 and line.lstrip().startswith("CDX "):
            header = line
        elif line.strip() and not line.startswith("!"):
            try:
                yield _jsonl(line, number) if "{" in line else _columns(line, header, number)
            except (ValueError, KeyError, TypeError):
                raise ImportRefused(f"{path}: line {number} describes no capture: {line[:80]}") from None


def _jsonl(line: str, number: int) -> Described:
    given: Mapping[str, object] = json.loads(line[line.index("{") :])
    return Described(str(given["url"]), str(given["filename"]), int(str(given["offset"])), number)


def _columns(line: str, header: str | None, number: int) -> Described:
    values = line.split()
    letters = (header or USUAL[len(values)]).split()[1:]
    given = {LETTERS[letter]: value for letter, value in zip(letters, values, strict=True) if letter in LETTERS}
    return Described(given["url"], given["file"], int(given["offset"]), number)


def _find(path: Path, one: Described) -> Path:
    for place in (path.parent / one.file, path.parent / Path(one.file).name):
        if place.is_file():
            return place
    raise ImportRefused(f"{path}: line {one.line}: {one.file} lies neither under that path nor beside the index")


def _check(path: Path, one: Described) -> None:
    """Refuse an index that was made of another file: its offsets would lead anywhere."""
    try:
        fields, _ = read_block(_find(path, one), one.offset)
    except (WarcError, OSError, zlib.error) as error:
        raise ImportRefused(f"{path}: line {one.line}: {error}") from None
    found = (fields.get("WARC-Target-URI") or "").strip("<>")
    if found != one.url:
        raise ImportRefused(f"{path}: line {one.line}: {one.url} was to be there, and {found} is")
