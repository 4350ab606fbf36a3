"""Bring files from outside into the captures folder: WARC files whole, saved pages and texts as `resource` records."""

import gzip
import hashlib
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from crawler.address import is_front
from crawler.encodings import MAX_BODY
from crawler.imports import digest_of
from crawler.reader import WarcError
from crawler.recover import GZIP, STEP, find_tail
from crawler.repack import repack
from crawler.stored import Stored
from crawler.writer import WarcWriter

MEDIA = {
    ".htm": "text/html",
    ".html": "text/html",
    ".shtml": "text/html",
    ".xhtml": "text/html",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WARCS = (".warc", ".warc.gz")
# what browsers write above a page they save, and what pages say of their own address
SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->", re.IGNORECASE)
CANONICAL = re.compile(
    rb"<link\b(?=[^>]*\brel\s*=\s*[\"']?canonical\b)[^>]*\bhref\s*=\s*[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE
)
HEAD = 65_536  # an address stands in the first lines or not at all


class ImportRefused(ValueError):  # noqa: N818  (a verdict on the file, not a failure of ours)
    """A file cannot be brought in; the message names it and says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Tell what became of one file: where it came from, the WARC file that holds it now, and whether it was new."""

    source: Path
    warc_file: str
    new: bool = True
    cut: int = 0  # bytes of a torn last record that were left behind
    sha256: str = ""  # of the file as it was given
    origin: Path | None = None  # a WARC file that says what software made it, where that is not this one


def is_warc(path: Path) -> bool:
    """Say whether a file's name is that of a WARC file."""
    return path.name.lower().endswith(WARCS)


def is_wacz(path: Path) -> bool:
    """Say whether a file's name is that of a WACZ file; `crawler.wacz.import_wacz` brings it in."""
    return path.name.lower().endswith(".wacz")


def find_files(path: Path) -> Iterator[Path]:
    """Yield a file itself, or every file below a folder that can be brought in, in order of name."""
    if not path.is_dir():
        yield path
        return
    for found in sorted(path.rglob("*")):
        if found.is_file() and (is_warc(found) or is_wacz(found) or media_of(found)):
            yield found


def media_of(path: Path) -> str | None:
    """Return the media type that a file's name stands for, `.gz` aside, or None.

    >>> media_of(Path("a.HTML.gz"))
    'text/html'
    """
    return MEDIA.get(Path(path.name.lower().removesuffix(".gz")).suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page or text that somebody saved: its address, media type and bytes (unpacked)."""

    url: str
    media: str
    body: bytes

    @property
    def sha256(self) -> str:
        """Return the digest of the bytes, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


def read_page(path: Path, *, url: str | None = None) -> Saved:
    """Read a saved page or text.

    Without `url` the address is what the page says of itself (the browser's "saved from" line, rel=canonical), else
    `file:///DIGEST/NAME`, which stays the same wherever the file lies. Raises ImportRefused for what cannot be read.
    """
    media = media_of(path)
    if media is None:
        known = " ".join(sorted(MEDIA))
        raise ImportRefused(f"{path}: not a kind of file that can be added (known: {known} .warc .warc.gz .wacz)")
    body = read_saved(path)
    address = url or (_own_address(body) if media == "text/html" else None)
    if address is None:
        address = f"file:///{hashlib.sha256(body).hexdigest()[:16]}/{_name_of(path)}"
    return Saved(url=address, media=media, body=body)


def write_page(writer: WarcWriter, path: Path, page: Saved, *, outlet: str | None = None) -> Stored:
    """Write a page that was read from a file as a `resource` record, dated by the file's own time of change."""
    fields = {"Fangzhi-Imported-From": _name_of(path)}
    if outlet:
        fields["Fangzhi-Outlet"] = outlet
    dated = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return writer.write_resource(page.url, page.body, media=page.media, dated=dated, fields=fields)


def _name_of(path: Path) -> str:
    return os.fsencode(path.name.removesuffix(".gz")).decode(errors="replace")


def read_saved(path: Path) -> bytes:
    """Return a file's bytes, gunzipped where packed; raise ImportRefused where unreadable or too large."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ImportRefused(f"{path}: cannot be read: neither a file nor a folder")  # a pipe would be waited for
    try:
        with path.open("rb") as file:
            packed = file.read(3) == GZIP
        with gzip.open(path) if packed else path.open("rb") as stream:
            body = stream.read(MAX_BODY + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ImportRefused(f"{path}: cannot be read: {reason}") from None
    if len(body) > MAX_BODY:
        raise ImportRefused(f"{path}: larger than {MAX_BODY // 1_000_000} MB")
    return body


def import_warc(path: Path, captures: Path) -> Brought:
    """Link or copy a WARC file into the captures folder under a name of its own; bring the same file in only once.

    A torn last record is left behind. A file that is one gzip stream throughout is packed anew, record by record,
    since nothing in it could be found again by its offset. Raises WarcError where it is no WARC.
    """
    try:
        tail = find_tail(path)
    except OSError as error:
        raise WarcError(path, 0, f"cannot be opened: {error.strerror}") from None
    size = path.stat().st_size
    if tail.end == 0:
        raise WarcError(path, 0, "the file ends inside its first record" if tail.rest == "torn" else "not a WARC file")
    with path.open("rb") as file:
        first = file.read(3)
        file.seek(0)
        start = gzip.GzipFile(fileobj=file).read(5) if first == GZIP else file.read(5)
    if start != b"WARC/":
        raise WarcError(path, 0, "not a WARC file")
    whole = first == GZIP and tail.end == size and _is_one_stream(path)
    digest = digest_of(path)
    suffix = ".warc.gz" if first == GZIP else ".warc"
    stem = re.sub(r"(?i)\.warc(\.gz)?$", "", path.name)
    target = captures / f"{stem}-{digest[:12]}{suffix}"
    cut = size - tail.end if tail.rest == "torn" else 0
    if target.exists():
        return Brought(source=path, warc_file=target.name, new=False, cut=cut, sha256=digest)
    captures.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    if whole:
        repack(path, part)
    elif cut:
        with path.open("rb") as source, part.open("wb") as out:
            _copy(source, out, tail.end)
    else:
        try:
            os.link(path, part)
        except OSError:  # another file system, or one without links
            shutil.copyfile(path, part)
    part.rename(target)
    return Brought(source=path, warc_file=target.name, cut=cut, sha256=digest)


def _own_address(body: bytes) -> str | None:
    for pattern in (SAVED_FROM, CANONICAL):
        if match := pattern.search(body[:HEAD]):
            try:
                address = match[1].decode()
            except UnicodeDecodeError:  # a legacy charset: half an address would be that of other pages too
                return None
            return None if is_front(address) else address
    return None


def _copy(source: IO[bytes], out: IO[bytes], size: int) -> None:
    while size and (block := source.read(min(STEP, size))):
        out.write(block)
        size -= len(block)


def _is_one_stream(path: Path) -> bool:
    """Say whether the first gzip member holds a second record."""
    with path.open("rb") as file:
        engine = zlib.decompressobj(31)
        seen = b""
        while not engine.eof and (block := file.read(STEP)):
            while block and not engine.eof:
                seen = seen[-16:] + engine.decompress(block, STEP)
                block = engine.unconsumed_tail
                if re.search(rb"\r\n\r\nWARC/1\.[01]\r\n", seen):
                    return True
    return False
