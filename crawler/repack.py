"""Copy records of WARC files into another, each as a gzip member of its own."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler.member import FIELDS, lines_of, member, new_id, packed, warc_date


def repack(source: Path, target: Path) -> None:
    """Write every record of a WARC file as a gzip member of its own."""
    with source.open("rb") as stream, target.open("wb") as out:
        for record in ArchiveIterator(stream, parse_http=False):
            out.write(packed(record))


def gather(places: Iterable[tuple[Path, int]], target: Path, *, name: str, about: Mapping[str, str]) -> None:
    """Copy the records at some places (file, offset in bytes) into a new file that says of itself what it is."""
    head = {"WARC-Date": warc_date(datetime.now(UTC)), "WARC-Record-ID": new_id(), "WARC-Filename": name}
    with target.open("wb") as out:
        out.write(member(WarcRecordType.warcinfo, head, FIELDS, lines_of(about)))
        for path, offset in places:
            with path.open("rb") as stream:
                stream.seek(offset)
                out.write(packed(next(iter(ArchiveIterator(stream, parse_http=False)))))
