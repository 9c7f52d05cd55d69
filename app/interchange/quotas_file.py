"""Quotas from a CSV that somebody wrote: a column for each weighting variable that matters, and the size."""

from __future__ import annotations

from collections.abc import Iterable

from app.questionnaire.model import Questionnaire
from app.questionnaire.narrow import narrow
from app.questionnaire.problems import FileError, Problem
from app.questionnaire.quotas import codes_of

from .csv_rows import Problems, read_rows

SIZE = "size"
LARGEST = 10_000_000
Wanted = tuple[dict[str, str], int]
"""A cell and how many are wanted of it."""


def read_quotas(lines: Iterable[bytes], questionnaire: Questionnaire) -> list[Wanted]:
    """The quotas of a file; an empty cell stands for any code. Raises FileError with every problem."""
    problems = Problems()
    rows = read_rows(lines, problems)
    first = next(rows, None)
    if first is None:
        problems.raise_any()
        raise FileError([Problem(1, "", "The file is empty.")])
    header = [cell.strip() for cell in first[1]]
    known = [*questionnaire.weighting, SIZE]
    for name in header:
        if name not in known:
            problems.add(1, name, "This column is not known. Known are: %(known)s.", {"known": ", ".join(known)})
        elif header.count(name) > 1:
            problems.add(1, name, "This column stands there twice.")
    if SIZE not in header:
        problems.add(1, SIZE, "This column is missing.")
    problems.raise_any()
    wanted: list[Wanted] = []
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for line, cells in rows:
        if len(cells) != len(header):
            params = {"n": len(cells), "wanted": len(header)}
            problems.add(line, "", "The row has %(n)s cells instead of %(wanted)s.", params)
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        size = _size(row.pop(SIZE), line, problems)
        cell = {name: code for name, code in row.items() if code}
        _check_codes(cell, questionnaire, line, problems)
        before = seen.setdefault(tuple(sorted(cell.items())), line)
        if before != line:
            problems.add(line, "", "The same group stands in line %(line)s already.", {"line": before})
        wanted.append((cell, size))
    problems.raise_any()
    if not wanted:
        raise FileError([Problem(1, "", "The file has no row below its header.")])
    return wanted


def read_size(typed: str) -> int | None:
    """The size in what was typed; None if it is none."""
    typed = narrow(typed)
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 and int(typed) <= LARGEST else None


def _size(typed: str, line: int, problems: Problems) -> int:
    size = read_size(typed)
    if size is None:
        problems.add(line, SIZE, "Enter a whole number from 0 to %(most)s.", {"most": f"{LARGEST:,}"})
    return size or 0


def _check_codes(cell: dict[str, str], questionnaire: Questionnaire, line: int, problems: Problems) -> None:
    for name, code in cell.items():
        codes = codes_of(questionnaire, name)
        if code not in codes:
            params = {"value": code, "known": ", ".join(codes)}
            problems.add(line, name, "“%(value)s” is no code of it. Codes are: %(known)s.", params)
