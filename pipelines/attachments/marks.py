"""Tell files from pages, and kinds of files from each other, by their bytes: what is decided before any is read."""

from collections.abc import Callable

from crawler.capture import Capture
from crawler.outlet import Outlet, UrlClass

PDF = b"%PDF-"
NEAR = 1024  # bytes in which the mark of a PDF must stand, as readers of PDF have it
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_pdf(body: bytes) -> bool:
    """Say whether bytes are a PDF, with or without rubbish before it."""
    return PDF in body[: NEAR + len(PDF)]


def is_zip(body: bytes) -> bool:
    """Say whether bytes begin as a zip file does."""
    return body.startswith(ZIP)


def is_zip_of(folder: str) -> Callable[[bytes], bool]:
    """Return a test for zip files that have a folder: `word/` of Word, `xl/` of Excel.

    The name is sought in the bytes, since a broken file has no list of members to look into.
    """
    return lambda body: is_zip(body) and folder.encode() in body


def is_ole_of(*streams: str) -> Callable[[bytes], bool]:
    """Return a test for OLE files (Office before 2007, and encrypted ones since) that hold one of some streams."""
    names = [name.encode("utf-16-le") + b"\0\0" for name in streams]
    return lambda body: body.startswith(OLE) and any(name in body for name in names)


# kind, and whether bytes are one; the first that fits decides
MARKS: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("pdf", is_pdf),
    ("docx", is_zip_of("word/")),
    ("xlsx", is_zip_of("xl/")),
    ("encrypted", is_ole_of("EncryptedPackage")),
    # before workbooks: tables of Excel stand inside many a Word file, the other way round inside few
    ("doc", is_ole_of("WordDocument")),
    ("xls", is_ole_of("Workbook", "Book")),
    ("zip", is_zip),
)
READ = frozenset({"pdf", "docx", "xlsx", "xls"})  # such bytes are a file, whatever their address


def kind_of(body: bytes) -> str | None:
    """Return the first of MARKS that the bytes bear, whatever their name and their server say; None for none."""
    return next((kind for kind, bears in MARKS if bears(body)), None)


def is_attachment(capture: Capture, outlet: Outlet | None) -> bool:
    """Say whether a capture is a file rather than a page: by how it was fetched, its address, or its bytes."""
    if capture.kind == "asset" or (
        outlet is not None and outlet.classify(capture.url, capture.fetched_at.date()) is UrlClass.ASSET
    ):
        return True
    return kind_of(capture.body) in READ
