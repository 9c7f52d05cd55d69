"""The tables of an .lss file: XML in which every table is `<table><rows><row><column>value`.

Bounded, and without document types: no entity unfolds, nothing outside the file is read, and what is nested deeper
than a table can be is refused while it is read.
"""

from __future__ import annotations

from xml.etree.ElementTree import ParseError
from xml.parsers.expat import errors

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.questionnaire.problems import FileError, Message, Problem

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
_DEEPEST = 20
_ROW, _COLUMN = 4, 5  # document, table, rows, row, column

_WRONG = {
    errors.codes[word]: message
    for word, message in (
        (errors.XML_ERROR_SYNTAX, "A tag is written wrongly."),
        (errors.XML_ERROR_NO_ELEMENTS, "It ends too early."),
        (errors.XML_ERROR_INVALID_TOKEN, "A sign stands where it may not."),
        (errors.XML_ERROR_UNCLOSED_TOKEN, "A tag does not end."),
        (errors.XML_ERROR_PARTIAL_CHAR, "A character is incomplete."),
        (errors.XML_ERROR_TAG_MISMATCH, "A tag is closed that is not open."),
        (errors.XML_ERROR_DUPLICATE_ATTRIBUTE, "An attribute stands twice in a tag."),
        (errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT, "Something stands behind its end."),
        (errors.XML_ERROR_UNDEFINED_ENTITY, "An entity is not defined."),
        (errors.XML_ERROR_BAD_CHAR_REF, "A character is named that may not stand in XML."),
        (errors.XML_ERROR_UNKNOWN_ENCODING, "Its encoding is not known."),
        (errors.XML_ERROR_INCORRECT_ENCODING, "Its encoding is not the one that it says."),
        (errors.XML_ERROR_UNCLOSED_CDATA_SECTION, "A CDATA section does not end."),
    )
}
"""What the XML reader finds wrong, in sentences of ours."""

Row = dict[str, str]
Tables = dict[str, list[Row]]


def refused(message: str, **params: object) -> FileError:
    return FileError([Problem(0, "", message, params)])


def read_tables(data: bytes) -> Tables:
    """The rows of every table by its name, a column's value by its name. Raises FileError.

    What stands beside the tables, such as the theme's settings, is there without rows.
    """
    if len(data) > LARGEST:
        raise refused("The file is larger than %(limit)s bytes.", limit=LARGEST)
    target = _Tables()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException:
        raise refused("The file declares a document type of its own, which is not taken.") from None
    except ParseError as error:
        line = error.position[0] if error.position else 0
        reason = Message(_WRONG[error.code]) if error.code in _WRONG else str(error)
        raise FileError([Problem(line, "", "The file is not valid XML: %(reason)s", {"reason": reason})]) from None
    except (LookupError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise refused("The file's characters cannot be read. Save it as UTF-8.") from None
    if target.kind != "Survey":
        raise refused("The file holds no survey of LimeSurvey: its LimeSurveyDocType is not “Survey”.")
    return target.tables


class _Tables:
    """Collects rows while the file is read."""

    def __init__(self) -> None:
        self.kind = ""
        self.tables: Tables = {}
        self._path: list[str] = []
        self._row: Row | None = None
        self._words: list[str] = []
        self._rows = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        self._words.clear()
        if len(self._path) > _DEEPEST:
            raise refused("The file is nested too deeply.")
        if len(self._path) == 2:
            self.tables.setdefault(tag, [])
        elif len(self._path) == _ROW and self._path[2] == "rows":
            self._rows += 1
            self._row = {}
            if self._rows > MOST_ROWS:
                raise refused("The file has more than %(limit)s rows.", limit=MOST_ROWS)

    def data(self, words: str) -> None:
        self._words.append(words)

    def end(self, tag: str) -> None:
        depth = len(self._path)
        if depth == _COLUMN and self._row is not None:
            if len(self._row) >= MOST_COLUMNS:
                raise refused("A row has more than %(limit)s columns.", limit=MOST_COLUMNS)
            self._row[tag] = "".join(self._words)
        elif depth == _ROW and self._row is not None:
            self.tables[self._path[1]].append(self._row)
            self._row = None
        elif self._path == ["document", "LimeSurveyDocType"]:
            self.kind = "".join(self._words).strip()
        self._words.clear()
        self._path.pop()

    def close(self) -> None:
        """Nothing is left to do at the end."""
