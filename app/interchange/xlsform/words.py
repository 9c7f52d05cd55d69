"""Texts of cells: in their languages, plain, and each told of."""

from __future__ import annotations

import json
from typing import Any

from app.interchange.report import Report
from app.interchange.safe_text import plain_text

from .sheets import Row

PLAIN = "Its HTML or Markdown was taken out."


class Words:
    """`default`: the language of texts whose heading names none. `is_own`: the file is of ours, its texts are plain."""

    def __init__(self, report: Report, default: str, is_own: bool) -> None:
        self.report = report
        self.default = default
        self.is_own = is_own

    def take(self, row: Row, word: str, at: dict[str, Any], key: str = "") -> None:
        """Puts the texts under a heading into `at`, under `key`, which is the heading's word if left out."""
        text: dict[str, str] = {}
        # A heading with the default language says more than one without any.
        for column, source in sorted(row.under(word).items(), key=lambda cell: cell[0].language != ""):
            language = column.language or self.default
            text[language], is_changed = (source, False) if self.is_own else plain_text(source, markdown=True)
            row.tell(column, "changed" if is_changed else "kept", PLAIN if is_changed else "", at=text, key=language)
            if key or word not in at:
                row.report.stands(row.sheet.where(row.number, column.index), word, row.name, at, key or word)
        if text:
            at[key or word] = text


def own_value(text: str) -> Any:
    """A value in a cell of ours: JSON, or a text as it stands."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return text


def own_text(value: Any) -> str:
    """The cell from which `own_value` reads the same."""
    if isinstance(value, str) and own_value(value) == value and isinstance(own_value(value), str):
        return value
    return json.dumps(value, ensure_ascii=False)
