"""Bring files in by their kind, and note where each came from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from crawler.bring import Brought, Saved, import_warc, is_wacz, is_warc, read_page, write_page
from crawler.cdx import import_cdx, is_index
from crawler.imports import FORM, Import, digest_of, now, read_imports, software_of
from crawler.wacz import import_wacz, software_in
from crawler.writer import WarcWriter


class Way(NamedTuple):
    """A kind of file that holds records: its name, how it is told, what brings it in, who made it."""

    kind: str
    matches: Callable[[Path], bool]
    bring: Callable[[Path, Path], list[Brought]]
    software: Callable[[Path], str]


# the first row that matches decides; everything else is a saved page or a text
WAYS = (
    Way("warc", is_warc, lambda path, captures: [import_warc(path, captures)], software_of),
    Way("wacz", is_wacz, import_wacz, software_in),
    Way("cdx", is_index, lambda path, captures: [import_cdx(path, captures)], lambda _: ""),
)


@dataclass(slots=True)
class Adding:
    """One run of `add`: where to, what is known to be there already."""

    captures: Path
    writer: WarcWriter
    url: str | None = None
    outlet: str | None = None
    known: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Learn what was brought in before."""
        self.known = {(one.url, one.sha256) for one in read_imports(self.captures)}

    def bring(self, file: Path) -> Iterator[Brought]:
        """Bring a file in and note it, once; raise ImportRefused or WarcError where that cannot be."""
        way = next((way for way in WAYS if way.matches(file)), None)
        if way is None:
            yield self._page(file)
            return
        for brought in way.bring(file, self.captures):
            if brought.new:
                made_by = software_of(brought.origin) if brought.origin else way.software(file)
                self._note(way.kind, brought, file, software=made_by)
            yield brought

    def _page(self, file: Path) -> Brought:
        page = read_page(file, url=self.url)
        if (page.url, page.sha256) in self.known:
            return Brought(source=file, warc_file="", new=False, sha256=page.sha256)
        stored = write_page(self.writer, file, page, outlet=self.outlet)
        brought = Brought(source=file, warc_file=stored.warc_file, sha256=page.sha256)
        self._note("page", brought, file, page=page)
        self.known.add((page.url, page.sha256))
        return brought

    def _note(self, kind: str, brought: Brought, file: Path, *, software: str = "", page: Saved | None = None) -> None:
        told = {"--url": self.url, "--outlet": self.outlet}
        options = " ".join(f"{name} {value}" for name, value in told.items() if value)
        one = Import(
            file=str(file),
            kind=kind,
            sha256=brought.sha256 or digest_of(file),
            bytes=len(page.body) if page else file.stat().st_size,
            warc_file=brought.warc_file,
            imported_at=now(),
            command=f"fangzhi add {file} {options}".strip(),
            software=software,
            url=page.url if page else "",
        )
        self.writer.write_note(one.note_url, one.note_lines, media=FORM)
