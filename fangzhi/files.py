"""Read files that somebody saved as captures: `.html`, `.htm`, `.txt`, each also as `.gz`."""

import gzip
import hashlib
import zlib
from datetime import UTC, datetime
from pathlib import Path

from crawler.capture import Capture

MEDIA = {".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".xhtml": "text/html", ".txt": "text/plain"}
MAX_BYTES = 64 * 1024 * 1024  # of a file once unpacked; a page beyond this is a bomb or no page


class FileError(ValueError):
    """A file cannot be read as a page; the message says which, why, and what to do."""


def media_of(path: Path) -> str | None:
    """Return the media type that a file's name promises, or None where it is no kind we read.

    >>> media_of(Path("a/b.html.gz")), media_of(Path("b.TXT")), media_of(Path("c.png"))
    ('text/html', 'text/plain', None)
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return MEDIA.get(suffixes[-1]) if suffixes else None


def read_body(path: Path) -> bytes:
    """Return the bytes of a saved page, unpacked where the name ends in .gz; raise FileError where that fails."""
    try:
        if path.suffix.lower() != ".gz":
            with path.open("rb") as file:
                body = file.read(MAX_BYTES + 1)
        else:
            with gzip.open(path) as unpacked:
                body = unpacked.read(MAX_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileError(f"{path}: not a whole gzip file ({error}); save the page again") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); check the path and who may read it") from None
    if len(body) > MAX_BYTES:
        raise FileError(f"{path}: more than {MAX_BYTES // 1024**2} MB once unpacked; not a page")
    return body


def capture_of(path: Path, *, url: str | None = None) -> Capture:
    """Return a saved page as a capture that was never fetched: status 0, its time that of the file (UTC)."""
    media = media_of(path)
    if media is None:
        raise FileError(f"{path}: not a page; .html, .htm and .txt are read, each also as .gz")
    body = read_body(path)
    return Capture(
        url=url or path.resolve().as_uri(),
        fetched_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        status=0,
        headers=(("Content-Type", media),),
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        warc_file=path.name,
        warc_offset=0,
    )
