"""Workbooks of spreadsheet programs (.xlsx, .xls) as sheets of text, read in bounded time and memory."""

from __future__ import annotations

import datetime
import io
import math
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
import xlrd
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from app.questionnaire.problems import FileError, Problem

from .sheets import Sheet

MOST_BYTES = 24 * 1024 * 1024
"""What the parts of a workbook may be together when unpacked: pictures do not count, as nobody unpacks them."""
MOST_MARKS = 800_000
"""Tags: what the parser builds of them is far larger than they are, and takes longer."""
_MOST_PARTS = 2_000
_MOST_SHEETS = 50
_BLOCK = 65_536

DAMAGED = "The workbook is damaged or incomplete. Please save it anew."
TOO_LARGE = "The workbook is too large: unpacked, it has more than %(limit)s bytes."
NO_XLS = "This is no workbook of Excel 97 to 2003, or a damaged one."
LOCKED = "The workbook is locked with a password."
MACROS = "Macros are not run, and not kept."


def xlsx_sheets(data: bytes) -> list[Sheet]:
    """The sheets of a workbook of today. Raises FileError."""
    try:
        has_macros = _inspect(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of what it does not read: colours, drawings, validations.
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                sheets = [_sheet(book, page) for page in book.worksheets[:_MOST_SHEETS]]
            finally:
                book.close()
    except FileError:
        raise
    except Exception:  # Whatever a broken file makes a parser stumble over.
        raise _refused(DAMAGED) from None
    if has_macros and sheets:
        sheets[0].notes.append(MACROS)
    return sheets


def _inspect(data: bytes) -> bool:
    """Whether there are macros. Refuses what would unpack without end, before anything is parsed."""
    has_macros = False
    left, marks = MOST_BYTES, 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > _MOST_PARTS:
            raise _refused(TOO_LARGE, limit=MOST_BYTES)
        for info in infos:
            has_macros = has_macros or info.filename.endswith("vbaProject.bin")
            if info.flag_bits & 1:
                raise _refused(LOCKED)
            if not info.filename.endswith((".xml", ".rels", ".vml")):
                continue
            # What the directory says of sizes need not be true: what comes out is counted.
            with archive.open(info) as part:
                while block := part.read(_BLOCK):
                    left -= len(block)
                    marks += block.count(b"<") + block.count(b'="') // 2
                    if left < 0 or marks > MOST_MARKS:
                        raise _refused(TOO_LARGE, limit=MOST_BYTES)
    return has_macros


class _Cells(WorkSheetParser):
    """The cells that are there, without the empty ones between them, of which a small file can claim millions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.formulas: set[tuple[int, int]] = set()

    def parse_cell(self, element: Any) -> dict[str, Any]:
        if not len(element) and element.get("r"):  # Coloured, but empty: of these there can be very many.
            return {"column": 0, "value": None}
        cell: dict[str, Any] = super().parse_cell(element)
        if element.find(FORMULA_TAG) is not None:
            self.formulas.add((cell["row"], cell["column"] - 1))
        return cell


def _sheet(book: Any, page: Any) -> Sheet:
    sheet = Sheet(str(page.title))
    with page._get_source() as source:
        cells = _Cells(
            source,
            page._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, row in cells.parse():
            found = {cell["column"] - 1: _text(cell["value"]) for cell in row if cell["value"] is not None}
            sheet.add(number, found)
        sheet.formulas = cells.formulas
    return sheet


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    # As spreadsheets write a line end that XML would lose.
    return str(value).replace("_x000D_", "")


def xls_sheets(data: bytes) -> list[Sheet]:
    """The sheets of a workbook of Excel 97 to 2003. Raises FileError."""
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        try:
            return [_xls_sheet(book, number) for number in range(min(book.nsheets, _MOST_SHEETS))]
        finally:
            book.release_resources()
    except FileError:
        raise
    except xlrd.biffh.XLRDError as error:
        if "encrypt" in str(error).lower():
            raise _refused(LOCKED) from None
        is_locked = "EncryptedPackage".encode("utf-16-le") in data
        raise _refused(LOCKED if is_locked else NO_XLS) from None
    except Exception:  # Whatever a broken file makes a parser stumble over.
        raise _refused(DAMAGED) from None


def _xls_sheet(book: xlrd.book.Book, number: int) -> Sheet:
    page = book.sheet_by_index(number)
    sheet = Sheet(page.name)
    for index in range(page.nrows):
        sheet.add(index + 1, dict(_xls_cells(page.row(index), book.datemode)))
    book.unload_sheet(number)
    return sheet


def _xls_cells(row: Iterable[Any], mode: Any) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(row):
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            yield column, _text(bool(cell.value))
        elif cell.ctype == xlrd.XL_CELL_DATE:
            try:
                yield column, _text(xlrd.xldate.xldate_as_datetime(cell.value, mode))
            except (xlrd.xldate.XLDateError, OverflowError, ValueError):
                yield column, str(cell.value)
        elif cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
            yield column, _text(cell.value)


def _refused(message: str, **params: object) -> FileError:
    return FileError([Problem(0, "", message, params)])
