"""Hold one fetched page as it came: the record that the crawler hands to everything after it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A response as stored in a WARC file, with the place where it is stored.

    `body` holds the payload with transfer and content encodings undone (what a browser would decode to text);
    the WARC record keeps the bytes of the wire. `sha256` is the hex digest of `body`. `fetched_at` is UTC.
    `status` is 0 for an imported file, which never had one. `truncated` names the reason of WARC-Truncated.
    `outlet` is the slug of the outlet whose crawl fetched it, where that is known. `revisit_of` is the URL whose
    earlier capture holds the same payload, where the record is a revisit (`body` is then that payload, resolved, or
    empty where that record is not at hand). `kind` says what it was fetched as ("article", "asset", "column",
    "edition", "feed", "sitemap", "robots", "home"; "shell" is a page before its scripts made it, "part" what these
    asked for), where this crawler fetched it; `asked_by` is the address of the page that asked for a part of its own.
    `purged` says that the record was destroyed on purpose: a tombstone tells
    address and time alone. `rendered` says that a browser made `body` of what a server had sent.
    """

    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sha256: str
    warc_file: str
    warc_offset: int
    outlet: str | None = None
    ip: str | None = None
    truncated: str | None = None
    revisit_of: str | None = None
    not_modified: bool = False
    kind: str | None = None
    purged: bool = False
    rendered: bool = False
    asked_by: str | None = None

    @property
    def id(self) -> str:
        """Name this capture for ever: its file and the offset (bytes) of its record in it."""
        return f"{self.warc_file}:{self.warc_offset}"

    def header(self, name: str) -> str | None:
        """Return the last value of a header, whatever its case, or None.

        >>> from datetime import UTC
        >>> capture = Capture(url="http://a.example/", fetched_at=datetime(2026, 1, 2, tzinfo=UTC), status=200,
        ...     headers=(("Content-Type", "text/html"),), body=b"", sha256="", warc_file="a.warc.gz", warc_offset=0)
        >>> capture.header("content-type")
        'text/html'
        """
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), None)

    @property
    def mime(self) -> str:
        """Return the media type that the server named, lower case, without parameters; "" where it named none."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()
