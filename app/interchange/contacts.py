"""Contacts to be invited, from a CSV that somebody wrote: all of them, or every bad row by its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.questionnaire.problems import FileError, Problem

from .csv_rows import Problems, read_rows
from .safe_text import can_be_printed

COLUMNS = ("email", "name", "language")
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)
_LONGEST_ADDRESS, _LONGEST_NAME = 254, 200


@dataclass(frozen=True)
class Contact:
    """Somebody to be invited. name may be "", language is one of the survey's."""

    email: str
    name: str
    language: str


def read_contacts(lines: Iterable[bytes], languages: Sequence[str]) -> list[Contact]:
    """The contacts of a file with the columns email and, if wanted, name and language.

    An empty language is the first of `languages`. Raises FileError with every problem.
    """
    problems = Problems()
    rows = read_rows(lines, problems)
    first = next(rows, None)
    if first is None:
        problems.raise_any()
        raise FileError([Problem(1, "", "The file is empty.")])
    header = [cell.strip().lower() for cell in first[1]]
    _check_header(header, first[0], problems)
    problems.raise_any()
    contacts: list[Contact] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.add(
                line, "", "The row has %(n)s cells instead of %(wanted)s.", {"n": len(cells), "wanted": len(header)}
            )
            continue
        contact = _contact(dict(zip(header, (cell.strip() for cell in cells), strict=True)), languages, line, problems)
        before = seen.setdefault(contact.email, line)
        if contact.email and before != line:
            problems.add(line, "email", "The address stands in line %(line)s already.", {"line": before})
        contacts.append(contact)
    problems.raise_any()
    if not contacts:
        raise FileError([Problem(1, "", "The file has no row below its header.")])
    return contacts


def _check_header(header: list[str], line: int, problems: Problems) -> None:
    for name in header:
        if name not in COLUMNS:
            problems.add(line, name, "This column is not known. Known are: %(known)s.", {"known": ", ".join(COLUMNS)})
        elif header.count(name) > 1:
            problems.add(line, name, "This column stands there twice.")
    if "email" not in header:
        problems.add(line, "email", "This column is missing.")


def _contact(row: dict[str, str], languages: Sequence[str], line: int, problems: Problems) -> Contact:
    """The contact of a row; addresses are the same whatever their letters' case."""
    email, name, language = _as_sent(row["email"].lower()), row.get("name", ""), row.get("language", "") or languages[0]
    if not email:
        problems.add(line, "email", "The address is missing.")
    elif len(email) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(email) or ".." in email:
        problems.add(line, "email", "“%(value)s” is not an e-mail address.", {"value": row["email"]})
    if len(name) > _LONGEST_NAME:
        problems.add(line, "name", "The name is longer than %(most)s characters.", {"most": _LONGEST_NAME})
    elif not can_be_printed(name):
        problems.add(line, "name", "The name has characters that cannot be printed.")
    if language not in languages:
        params = {"value": language, "known": ", ".join(languages)}
        problems.add(line, "language", "The survey is not fielded in “%(value)s”. It is in: %(known)s.", params)
    return Contact(email, name, language)


def _as_sent(address: str) -> str:
    """With a domain in other letters as mail servers know it (xn--…); as it is, where it is none."""
    name, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        known = domain.encode("idna").decode()
        return f"{name}{at}{known}" if known.encode().decode("idna") == domain else address
    except UnicodeError:
        return address
