"""Read the text of DOCX files by python-docx."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.exceptions import PythonDocxError
from docx.oxml.ns import qn
from lxml import etree

from pipelines.attachments.containers import members
from pipelines.attachments.extracted import Extracted
from pipelines.records import Reason, Skip

PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
WRAPPERS = (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"))  # what may stand around paragraphs
# what python-docx raises for packages that are none, lack parts, or hold no XML
REFUSED = (PythonDocxError, etree.XMLSyntaxError, zipfile.BadZipFile, AttributeError, KeyError, ValueError)


def read_docx(body: bytes) -> Extracted:
    """Return the paragraphs and the rows of tables of a Word file, in order; headers and footnotes aside.

    Raises Skip where it is broken.
    """
    members(body).close()
    try:
        lines = tuple(_lines(docx.Document(io.BytesIO(body)).element.body))
    except REFUSED as error:
        raise Skip(Reason.BROKEN, f"a damaged Word file: {type(error).__name__}: {error}"[:200]) from None
    return Extracted(lines=lines, empty="a Word file without text")


def _lines(parent: Any) -> Iterator[str]:
    for element in parent.iterchildren():
        if element.tag == PARAGRAPH:
            yield from element.text.splitlines()
        elif element.tag == TABLE:
            for row in element.iterchildren(ROW):
                yield " ".join(filter(None, (_cell(cell) for cell in row.iter(CELL))))
        elif element.tag in WRAPPERS:
            yield from _lines(element)


def _cell(cell: Any) -> str:
    return " ".join(text for paragraph in cell.iterchildren(PARAGRAPH) if (text := " ".join(paragraph.text.split())))
