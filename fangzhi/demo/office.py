"""Write small Word and Excel files, as the office programs that read them need them and no more."""

import io
import zipfile
from collections.abc import Mapping
from html import escape
from itertools import count

from fangzhi.demo.sites.common import cells

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MEDIA = "application/vnd.openxmlformats-officedocument"
RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
WHEN = (2026, 3, 1, 8, 0, 0)  # one and the same time, so that the same text gives the same bytes


def docx(title: str, lines: tuple[str, ...]) -> bytes:
    """Return a Word file of a title and lines; a line that begins with "|" is a row of a table."""
    body = "".join(_table(line) if line.startswith("|") else _paragraph(line) for line in (title, *lines))
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return _package({"word/document.xml": document}, f"{MEDIA}.wordprocessingml.document.main+xml")


def xlsx(title: str, lines: tuple[str, ...]) -> bytes:
    """Return a workbook of one sheet: the title, then the lines, those that begin with "|" cut into cells."""
    numbers = count(1)
    rows = "".join(_row(next(numbers), line) for line in (title, *lines))
    workbook = (
        f'<workbook xmlns="{SHEET}" xmlns:r="{RELATED}">'
        '<sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    parts = {
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": _relations(f"{RELATED}/worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return _package(parts, f"{MEDIA}.spreadsheetml.sheet.main+xml")


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _table(line: str) -> str:
    row = "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in _cells(line))
    return f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"


def _row(number: int, line: str) -> str:
    inside = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for place, cell in enumerate(_cells(line))
    )
    return f'<row r="{number}">{inside}</row>'


def _cells(line: str) -> list[str]:
    return cells(line) if line.startswith("|") else [line]


def _relations(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'


def _package(parts: Mapping[str, str], media: str) -> bytes:
    """Return parts as a package whose main part is the first of them."""
    main = next(iter(parts))
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="{RELATIONS}"/>'
        f'<Override PartName="/{main}" ContentType="{media}"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        members = {
            "[Content_Types].xml": types,
            "_rels/.rels": _relations(f"{RELATED}/officeDocument", main),
            **parts,
        }
        for name, text in members.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            packed.writestr(zipfile.ZipInfo(name, WHEN), head + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
