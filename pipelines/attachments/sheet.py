"""Read the text of XLSX and XLS files by calamine."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

from pipelines.attachments.containers import members
from pipelines.attachments.extracted import Extracted
from pipelines.records import Reason, Skip

MAX_CELLS = 4_000_000  # of one sheet, the empty ones between its corners included: calamine holds all of them
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")

Value = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(body: bytes) -> Extracted:
    """Return the rows of a workbook, sheet by sheet, each under its name; raise Skip where it is broken or too large.

    A cell at the last corner of a sheet makes that sheet as large as sheets can be, in a file of no size: places are
    looked at before anything is laid out.
    """
    with members(body) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/") and (cells := _extent(packed, name)) > MAX_CELLS:
                raise Skip(Reason.TOO_LARGE, f"a sheet of {cells} cells, at most {MAX_CELLS} are read")
    return read_xls(body)


def read_xls(body: bytes) -> Extracted:
    """Return the rows of a workbook of either kind, as `read_xlsx` does; sheets of XLS are never larger than that."""
    try:
        workbook = calamine.load_workbook(io.BytesIO(body))
        names = workbook.sheet_names
        lines = tuple(line for name in names for line in _lines(workbook, name))
    except calamine.PasswordError:
        raise Skip(Reason.ENCRYPTED, "a workbook that opens with a password alone") from None
    except calamine.CalamineError as error:
        raise Skip(Reason.BROKEN, f"a damaged workbook: {error}"[:200]) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # what a fault of a Rust library is in Python: no Exception
            raise Skip(Reason.BROKEN, f"a damaged workbook: {error}"[:200]) from None
        raise
    return Extracted(lines=lines, pages=len(names), empty="a workbook without text")


def _lines(workbook: calamine.CalamineWorkbook, name: str) -> Iterator[str]:
    sheet = workbook.get_sheet_by_name(name)
    lines = [" ".join(filter(None, map(_plain, row))) for row in sheet.iter_rows()]
    if any(lines):
        yield name
    yield from lines


def _plain(value: Value) -> str:
    r"""Return a cell as it would be typed.

    >>> [_plain(one) for one in (3.0, 0.1 + 0.2, date(2026, 3, 4), datetime(2026, 3, 4), " 疫苗\n接种 ")]
    ['3', '0.3', '2026-03-04', '2026-03-04', '疫苗 接种']
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return " ".join(str(value).split())


def _extent(packed: zipfile.ZipFile, name: str) -> int:
    """Return the number of cells between the first and the last place that a sheet names."""
    rows, columns = 0, 0
    for column, row in _PLACE.findall(packed.read(name)):
        rows = max(rows, int(row))
        columns = max(columns, _number(column))
    return rows * columns


def _number(column: bytes) -> int:
    """Return the number of a column.

    >>> _number(b"A"), _number(b"AA"), _number(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
