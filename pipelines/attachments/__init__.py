"""Read the text of the files that notices carry: PDF, Word, spreadsheets.

`FORMATS` is the one list of what is known and how it is read; the first whose mark a file bears decides. A kind that
is known and not read is a row too, whose reader refuses it with its reason.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from crawler.capture import Capture
from crawler.outlet import Outlet, UrlClass
from pipelines.attachments.containers import is_ole_of, is_zip, is_zip_of
from pipelines.attachments.extracted import Extracted
from pipelines.attachments.pdf import is_pdf, read_pdf
from pipelines.attachments.sheet import read_xls, read_xlsx
from pipelines.attachments.word import read_docx
from pipelines.records import Attachment, Reason, Skip
from pipelines.repair import repair_text

MAX_CHARACTERS = 400_000  # of one file: a statistical yearbook; what follows is not searched, and its row says so
# what no text file holds, and what extractors leave for hyphens that a typesetter put in
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _refuse(reason: Reason, words: str) -> Callable[[bytes], Extracted]:
    def refuse(_: bytes) -> Extracted:
        raise Skip(reason, words)

    return refuse


class Format(NamedTuple):
    """A kind of file: its name, whether bytes are one, and what reads them (or raises Skip)."""

    name: str
    matches: Callable[[bytes], bool]
    read: Callable[[bytes], Extracted]


FORMATS = (
    Format("pdf", is_pdf, read_pdf),
    Format("docx", is_zip_of("word/"), read_docx),
    Format("xlsx", is_zip_of("xl/"), read_xlsx),
    Format(
        "encrypted",
        is_ole_of("EncryptedPackage"),
        _refuse(Reason.ENCRYPTED, "a Word or Excel file that opens with a password alone"),
    ),
    Format(  # before workbooks: tables of Excel stand inside many a Word file, the other way round inside few
        "doc",
        is_ole_of("WordDocument"),
        _refuse(Reason.UNSUPPORTED, "an old Word file (.doc, before 2007), which is not read"),
    ),
    Format("xls", is_ole_of("Workbook", "Book"), read_xls),
    Format("zip", is_zip, _refuse(Reason.UNSUPPORTED, "a zip file, whose members are not read")),
)
_READ = frozenset({"pdf", "docx", "xlsx", "xls"})


def is_attachment(capture: Capture, outlet: Outlet | None) -> bool:
    """Say whether a capture is a file rather than a page: by how it was fetched, its address, or its bytes."""
    if capture.kind == "asset" or (
        outlet is not None and outlet.classify(capture.url, capture.fetched_at.date()) is UrlClass.ASSET
    ):
        return True
    known = format_of(capture.body)
    return known is not None and known.name in _READ


def format_of(body: bytes) -> Format | None:
    """Return the first of FORMATS that the bytes are, whatever their name and their server say; None for none."""
    return next((one for one in FORMATS if one.matches(body)), None)


def read_attachment(capture: Capture) -> Attachment:
    """Return the text of a file, repaired as the text of articles is; raise Skip where there is none to be had."""
    if capture.truncated:
        raise Skip(Reason.BROKEN, f"the file did not come whole ({capture.truncated})")
    if not capture.body:
        raise Skip(Reason.EMPTY, "the file is empty")
    known = format_of(capture.body)
    if known is None:
        raise Skip(Reason.UNSUPPORTED, f"no kind of file that is read ({capture.mime or 'no media type'})")
    found = known.read(capture.body)
    lines = (" ".join(_CONTROLS.sub("", line).split()) for line in found.lines)
    text = "\n".join(line for line in lines if line)
    if not text:
        raise Skip(Reason.NO_TEXT, found.empty)
    cut = found.cut
    if len(text) > MAX_CHARACTERS:
        text, cut = text[:MAX_CHARACTERS], f"at {MAX_CHARACTERS} characters"
    repaired = repair_text(text, lines=False)
    return Attachment(format=known.name, text=repaired.text, pages=found.pages, cut=cut, repairs=repaired.repairs)
