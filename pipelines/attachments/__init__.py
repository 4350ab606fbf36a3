"""Read the text of the files that notices carry: PDF, Word, spreadsheets.

`MARKS` (marks.py) is the list of kinds that are known by their bytes, `READERS` says how each is read. A kind that is
known and not read has a reader too, which refuses it with its reason.
"""

import re
from collections.abc import Callable

from crawler.capture import Capture
from pipelines.attachments.extracted import Extracted
from pipelines.attachments.marks import kind_of
from pipelines.attachments.pdf import read_pdf
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


READERS: dict[str, Callable[[bytes], Extracted]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "encrypted": _refuse(Reason.ENCRYPTED, "a Word or Excel file that opens with a password alone"),
    "doc": _refuse(Reason.UNSUPPORTED, "an old Word file (.doc, before 2007), which is not read"),
    "xls": read_xls,
    "zip": _refuse(Reason.UNSUPPORTED, "a zip file, whose members are not read"),
}


def read_attachment(capture: Capture) -> Attachment:
    """Return the text of a file, repaired as the text of articles is; raise Skip where there is none to be had."""
    if capture.truncated:
        raise Skip(Reason.BROKEN, f"the file did not come whole ({capture.truncated})")
    if not capture.body:
        raise Skip(Reason.EMPTY, "the file is empty")
    kind = kind_of(capture.body)
    if kind is None:
        raise Skip(Reason.UNSUPPORTED, f"no kind of file that is read ({capture.mime or 'no media type'})")
    found = READERS[kind](capture.body)
    lines = (" ".join(_CONTROLS.sub("", line).split()) for line in found.lines)
    text = "\n".join(line for line in lines if line)
    if not text:
        raise Skip(Reason.NO_TEXT, found.empty)
    cut = found.cut
    if len(text) > MAX_CHARACTERS:
        text, cut = text[:MAX_CHARACTERS], f"at {MAX_CHARACTERS} characters"
    repaired = repair_text(text, lines=False)
    return Attachment(format=kind, text=repaired.text, pages=found.pages, cut=cut, repairs=repaired.repairs)
