"""A questionnaire's document as far as it can be read, so that a mistake in its shape hides no other mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .kinds import KINDS
from .kinds.base import DONT_KNOW, REFUSED, AnsweredQuestion, Question
from .problems import Path

Part = tuple[Path, dict[str, Any]]
"""A mapping of the document, and where it is."""


def parts(data: object, path: Path, key: str) -> list[Part]:
    """The mappings in the list under a key."""
    items = data.get(key) if isinstance(data, dict) else None
    rows = enumerate(items if isinstance(items, list) else [])
    return [((*path, key, number), item) for number, item in rows if isinstance(item, dict)]


def word(data: dict[str, Any], key: str) -> str:
    """The text or code under a key; empty where there is none."""
    value = data.get(key)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def words(data: dict[str, Any], key: str) -> list[str]:
    """The texts in the list under a key; empty ones for what is no text."""
    items = data.get(key)
    return [item.strip() if isinstance(item, str) else "" for item in items] if isinstance(items, list) else []


def takes_choices(question: dict[str, Any]) -> bool:
    """Whether a question of its kind, if that is known, has options."""
    cls = KINDS.get(word(question, "kind"))
    return cls is None or "choices" in cls.model_fields


@dataclass(frozen=True)
class Asked:
    """A question as written. `cls` is None where the kind is missing or unknown."""

    path: Path
    data: dict[str, Any]
    cls: type[Question] | None
    choices_path: Path
    choices: list[Part] | None
    """The options, of a shared list too; None where they cannot be read."""

    @property
    def name(self) -> str:
        return word(self.data, "name")

    @property
    def has_rows(self) -> bool:
        return self.cls is not None and "rows" in self.cls.model_fields

    def rows(self) -> list[Part]:
        return parts(self.data, self.path, "rows") if self.cls is None or self.has_rows else []

    @property
    def parameters(self) -> dict[str, Any]:
        given = self.data.get("parameters")
        return given if isinstance(given, dict) else {}

    def of(self, *classes: type[Question]) -> bool:
        return self.cls is not None and issubclass(self.cls, classes)

    def named(self) -> list[tuple[Path, str]]:
        """Every name that the question takes: its own, and those of its rows."""
        found = [(self.path, self.data), *self.rows()]
        return [((*path, "name"), word(data, "name")) for path, data in found if word(data, "name")]

    def variables(self) -> list[str]:
        """The names that answers are kept under."""
        if self.cls is not None and not self.of(AnsweredQuestion):
            return []
        return [name for path, name in self.named() if not self.has_rows or "rows" in path]

    def codes(self) -> list[str] | None:
        """What the question can be answered with; None where that cannot be read, or is not an option."""
        if self.choices is None or not all(word(choice, "code") for _, choice in self.choices):
            return None
        apart = [code for key, code in (("dont_know", DONT_KNOW), ("refused", REFUSED)) if self.data.get(key)]
        return [word(choice, "code") for _, choice in self.choices] + apart


def questions(document: dict[str, Any]) -> list[list[Asked]]:
    """The questions of every page."""
    return [
        [_asked(document, path, data) for path, data in parts(page, page_path, "questions")]
        for page_path, page in parts(document, (), "pages")
    ]


def _asked(document: dict[str, Any], path: Path, data: dict[str, Any]) -> Asked:
    cls = KINDS.get(word(data, "kind"))
    choices_path: Path = (*path, "choices")
    items = data.get("choices")
    if isinstance(items, str):
        choices_path = ("choices", items)
        shared = document.get("choices")
        items = shared.get(items) if isinstance(shared, dict) else None
    whole = isinstance(items, list) and all(isinstance(item, dict) for item in items)
    choices = [((*choices_path, number), item) for number, item in enumerate(items)] if whole else None  # type: ignore[arg-type]
    return Asked(path, data, cls, choices_path, choices if cls and takes_choices(data) else None)
