"""Name the place of a payload among the captures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Tell where a payload lies: file name, offset (bytes), record id, WARC-Date, payload digest, URL."""

    warc_file: str
    offset: int
    record_id: str
    date: str
    digest: str
    url: str
    run: int | None = None  # the crawl that wrote it, as crawl.db numbers them; None for one just written
