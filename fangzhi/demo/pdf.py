"""Write a small PDF with Chinese text that readers and text extractors understand, without any font in it."""

FONT_SIZE = 12
LEADING = 20  # points from line to line
TOP = 780
LEFT = 60
WIDTH = 36  # characters of a line
LINES = 35  # lines of a page


def pdf(title: str, paragraphs: tuple[str, ...]) -> bytes:
    """Return a PDF of a title and paragraphs, wrapped to the page; characters beyond the basic plane are refused.

    The font is one of the Adobe-GB1 fonts that every reader supplies; a ToUnicode map serves those that extract.
    """
    lines = [title, ""]
    for paragraph in paragraphs:
        lines += [paragraph[start : start + WIDTH] for start in range(0, len(paragraph), WIDTH)]
    sheets = [lines[start : start + LINES] for start in range(0, len(lines), LINES)]
    first = 7
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(sheets)))
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        " /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>"
    )
    descendant = (
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
    )
    descriptor = (
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    )
    pages = f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>"
    objects = [text.encode() for text in ("<< /Type /Catalog /Pages 2 0 R >>", pages, font, descendant, descriptor)]
    objects.append(_stream(_to_unicode("".join(lines))))
    for number, sheet in enumerate(sheets):
        content = first + 2 * number + 1
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            + f" /Contents {content} 0 R >>".encode()
        )
        objects.append(_stream(_content(sheet)))
    return _file(objects)


def _content(lines: list[str]) -> bytes:
    shown = "\n".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines)
    return f"BT /F1 {FONT_SIZE} Tf {LEADING} TL {LEFT} {TOP} Td\n{shown}\nET".encode()


def _to_unicode(text: str) -> bytes:
    codes = sorted({char.encode("utf-16-be").hex() for char in text})
    blocks = [codes[start : start + 100] for start in range(0, len(codes), 100)]  # 100 is the most a block may hold
    maps = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(f"<{code}> <{code}>" for code in block) + "\nendbfchar"
        for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Demo-UCS2 def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{maps}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _stream(data: bytes) -> bytes:
    return f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
