"""Reads a questionnaire from a file of any program we know. What the file is, its content says, not its name."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError, Problem

from .blocks import Blocks
from .finishing import as_key
from .finishing import finish as finish
from .limesurvey import read_lss
from .mending import stand_in as stand_in
from .report import Imported, Report
from .surveyjs import read_surveyjs
from .xlsform.read import read_xlsform
from .xlsform.sheets import Sheet
from .xlsform.tables import csv_sheets, is_csv, is_markdown, markdown_sheets
from .xlsform.workbook import DAMAGED, xls_sheets, xlsx_sheets
from .yaml_file import read_questionnaire

LARGEST = 10 * 1024 * 1024

TOO_LARGE = "The file is larger than %(limit)s bytes."
EMPTY = "The file is empty."
NO_TEXT = "The file is neither a workbook nor UTF-8 text. Save it as UTF-8."

PDF = "This is a PDF. What can be read is YAML, XLSForm, LimeSurvey (.lss) and SurveyJS (.json)."
PICTURE = "This is a picture. What can be read is YAML, XLSForm, LimeSurvey (.lss) and SurveyJS (.json)."
PACKED = "This is a compressed file: unpack it first."
DATABASE = "This is a database. What can be read is YAML, XLSForm, LimeSurvey (.lss) and SurveyJS (.json)."
DOCUMENT = "This is a text document. What can be read is YAML, XLSForm, LimeSurvey (.lss) and SurveyJS (.json)."
WEB_PAGE = "This is a web page. What can be read is YAML, XLSForm, LimeSurvey (.lss) and SurveyJS (.json)."
OTHER_XML = "This is XML of another program. What can be read is YAML, XLSForm, LimeSurvey (.lss) and SurveyJS (.json)."

# What is often picked by mistake, by its first bytes.
_OTHERS = (
    (b"%PDF", PDF),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"\x1f\x8b", PACKED),
    (b"7z\xbc\xaf", PACKED),
    (b"Rar!", PACKED),
    (b"SQLite format 3", DATABASE),
    (b"{\\rtf", DOCUMENT),
)


def read_any(data: bytes, filename: str, survey: str | None = None, blocks: Blocks | None = None) -> Imported:
    """The questionnaire in a file, and what became of all that the file holds. Raises FileError.

    `survey` is the key it is to have; without one, the file's own, or one made of the file's name. `blocks` are the
    files that a YAML file can include.
    """
    read = foreign_reader(data)
    return read(data, survey, PurePath(filename).stem) if read else _read_yaml(data, survey, blocks)


Reader = Callable[[bytes, str | None, str], Imported]
"""Reads the content, with the key that the survey is to have, and what names it otherwise."""


def foreign_reader(data: bytes) -> Reader | None:
    """The reader for what the content is; None for our own YAML. Raises FileError for what is no questionnaire."""
    if len(data) > LARGEST:
        raise _refused(TOO_LARGE, limit=LARGEST)
    if not data.strip():
        raise _refused(EMPTY)
    for first, message in _OTHERS:
        if data.startswith(first):
            raise _refused(message)
    if data.startswith(b"PK\x03\x04"):
        _refuse_other_archive(data)
        return _workbook(xlsx_sheets)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _workbook(xls_sheets)
    text = _decoded(data)
    begins = text.lstrip()[:2_000]
    if begins.startswith("<"):
        if "LimeSurveyDocType" not in begins and "<document" not in begins:
            raise _refused(WEB_PAGE if "<html" in begins.lower() else OTHER_XML)
        return read_lss
    if begins.startswith(("{", "[")) and _is_json(text):
        return read_surveyjs
    if is_markdown(text):
        return lambda _, survey, name: read_xlsform(markdown_sheets(text), survey, name)
    if is_csv(text):
        return lambda _, survey, name: read_xlsform(csv_sheets(text), survey, name)
    return None


def _workbook(sheets: Callable[[bytes], list[Sheet]]) -> Reader:
    return lambda data, survey, name: read_xlsform(sheets(data), survey, name)


def _refuse_other_archive(data: bytes) -> None:
    """Word, OpenDocument and LimeSurvey's archives are zip files too."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _refused(DAMAGED) from None
    if not any(name.startswith("xl/") for name in names):
        raise _refused(DOCUMENT if "word/document.xml" in names else PACKED)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if data.lstrip().startswith(b"<?xml"):  # It says its encoding itself.
            return data.decode("latin-1")
        raise _refused(NO_TEXT) from None
    if "\0" in text:
        raise _refused(NO_TEXT)
    return text


def _is_json(text: str) -> bool:
    """Whether it is meant as JSON: a YAML file in braces has no quotes around its keys, or is no JSON at all."""
    try:
        json.JSONDecoder(parse_int=str).raw_decode(text.lstrip())  # A number of any length: the reader judges it.
    except (json.JSONDecodeError, RecursionError):
        return re.match(r'\s*[{\[]\s*["{\[}\]]', text) is not None
    return True


def _read_yaml(data: bytes, survey: str | None, blocks: Blocks | None) -> Imported:
    questionnaire = read_questionnaire(data, blocks=blocks)
    if survey:
        questionnaire = with_key(questionnaire, as_key(survey))
    report = Report("YAML")
    for number, question in enumerate(questionnaire.questions, 1):
        report.add(f"question {number}", "question", question.name)
    return Imported(questionnaire, report)


def with_key(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """The same questionnaire as one of another survey. Raises pydantic's ValidationError for what is no key."""
    document = questionnaire.model_dump(mode="json", exclude_defaults=True)
    return Questionnaire.model_validate(document | {"survey": key})


def _refused(message: str, **params: object) -> FileError:
    return FileError([Problem(0, "", message, params)])
