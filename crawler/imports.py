"""Keep where files from outside came from: a note for each in the WARC, which builds read back as rows."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: TID251  (records that no capture comes of)

NAME = "import"  # files of notes begin with it, so that no other need be read for them
ABOUT = "urn:fangzhi:import:"
FORM = "application/warc-fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file that was brought in.

    `file` is its path as it was given, `kind` warc, wacz, cdx or page, `sha256` and `bytes` are those of the file (of
    a page that was packed, unpacked), `software` is what made it, as far as it says so, `warc_file` holds it now.
    `url` is the address of a saved page. `imported_at` is UTC, to the second.
    """

    file: str
    kind: str
    sha256: str
    bytes: int
    warc_file: str
    imported_at: str
    command: str
    software: str = ""
    url: str = ""

    @property
    def note_url(self) -> str:
        """Return the address that its note bears."""
        return f"{ABOUT}{self.sha256}"

    @property
    def note_lines(self) -> dict[str, str]:
        """Return what its note says, line by line."""
        return {f"import-{name.replace('_', '-')}": str(value) for name, value in asdict(self).items() if value != ""}


def read_imports(captures: Path) -> list[Import]:
    """Return every file that was brought into a folder, in the order in which they came; damaged notes are left out."""
    found = [one for path in sorted(captures.glob(f"{NAME}-*.warc.gz")) for one in _notes(path)]
    return sorted(found, key=lambda one: (one.imported_at, one.warc_file, one.file, one.url))


def now() -> str:
    """Return the time in UTC, to the second, as notes and manifests write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def software_of(path: Path) -> str:
    """Return what wrote a WARC file, as its first warcinfo record says; "" where that says nothing."""
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                if record.record_type != WarcRecordType.warcinfo:
                    return ""
                return _read_fields(record.reader.read(65_536)).get("software", "")[:200]
    except OSError:
        pass
    return ""


def _notes(path: Path) -> Iterator[Import]:
    names = {f"import-{one.name.replace('_', '-')}": one.name for one in fields(Import)}
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.metadata, parse_http=False):
                if not (record.headers.get("WARC-Target-URI") or "").startswith(ABOUT):
                    continue
                lines = _read_fields(record.reader.read(65_536))
                told = {names[name]: value for name, value in lines.items() if name in names}
                size = int(told.pop("bytes"))
                yield Import(**told, bytes=size)
    except (OSError, KeyError, ValueError, TypeError):
        return  # whoever verifies the file says what is wrong with it


def _read_fields(block: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
