"""Read the text of PDF files by pdfium."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from threading import Lock

import pypdfium2

from pipelines.attachments.extracted import Extracted
from pipelines.records import Reason, Skip

MAX_PAGES = 400
PASSWORD = (4, 5)  # pdfium's codes: a password is wrong; a security handler that it does not know
FULL = 0.85  # of the widest line of a page: a line that reaches so far was ended by the margin
NARROW = 24  # columns: lines of a page on which none is wider are headings and cells
_OPEN_END = re.compile(r"[\u3400-\u9fff\w,，、（(]$")
_OPENS = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十\d]{1,3}[章节條条]|[(（]?\d{1,3}[)）、.．](?!\d)|附[件表:：]"
)
_alone = Lock()  # pdfium is not made for threads


def read_pdf(body: bytes) -> Extracted:
    """Return the text of a PDF, its lines joined where only the margin ended them.

    Raises Skip where it is encrypted or broken.
    """
    with _alone:
        try:
            document = pypdfium2.PdfDocument(body)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in PASSWORD:
                raise Skip(Reason.ENCRYPTED, "a PDF that opens with a password alone") from None
            raise Skip(Reason.BROKEN, f"a damaged PDF: {error}") from None
        try:
            pages = len(document)
            lines = [line for number in range(min(pages, MAX_PAGES)) for line in unwrap(_lines(document, number))]
        finally:
            document.close()
    return Extracted(
        lines=tuple(lines),
        pages=pages,
        cut=f"at page {MAX_PAGES} of {pages}" if pages > MAX_PAGES else None,
        empty=f"a PDF of pictures ({pages} pages): scanned, and no text in it",
    )


def _lines(document: pypdfium2.PdfDocument, number: int) -> list[str]:
    """Return the lines of one page; a page that is damaged has none."""
    try:
        page = document[number]
        text = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError:
        return []
    return str(text).splitlines()


def unwrap(lines: Sequence[str]) -> Iterator[str]:
    """Join a line that ends at the margin in mid-sentence with the next one.

    >>> list(unwrap(["　　为进一步做好全县春季传染病防控督", "查工作，现通知如下：", "一、督查时间"]))
    ['　　为进一步做好全县春季传染病防控督查工作，现通知如下：', '一、督查时间']
    """
    widest = max((_width(line) for line in lines), default=0)
    whole = ""
    for line, following in pairwise((*lines, "")):
        whole += line.rstrip() if whole == "" else line.strip()
        ended = line.rstrip()
        full = _width(ended) >= max(NARROW, FULL * widest) and _OPEN_END.search(ended)
        if full and following.strip() and not _OPENS.match(following.strip()) and not following.startswith("　　"):
            if ended[-1].isascii() and following.lstrip()[0].isascii():
                whole += " "
            continue
        yield whole
        whole = ""


def _width(line: str) -> int:
    return sum(1 + (character >= "\u1100") for character in line)
