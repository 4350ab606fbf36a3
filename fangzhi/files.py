"""Read a file that somebody saved as a capture that was never fetched."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from crawler.bring import ImportRefused, media_of, read_saved
from crawler.capture import Capture


def capture_of(path: Path, *, url: str | None = None) -> Capture:
    """Return a saved page as a capture: status 0, its time that of the file (UTC).

    Raises ImportRefused, which names the file and the cause, where it cannot be read or is no kind of page.
    """
    media = media_of(path)
    body = read_saved(path)
    if media is None:
        raise ImportRefused(f"{path}: not a page; .html, .htm and .txt are read, each also as .gz")
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
