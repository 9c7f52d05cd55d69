"""An object of a survey's JSON with its place in the file, and which of its properties have been read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.interchange.drafts.draft import Words

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DEFAULT = "default"


class Element:
    """`where` is its path in the file; `base` the language of texts that name none; `item` what it is there."""

    def __init__(self, data: dict[str, Any], where: str, base: str, item: str = "question") -> None:
        self.data = data
        self.where = where
        self.base = base
        self.item = item
        self.used: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return self.data.get(key) is not None

    @property
    def type(self) -> str:
        """In small letters, as case does not count. It may be no word: `{"type": {"name": "text"}}` has been seen."""
        return self.word("type").lower() or "text"

    @property
    def name(self) -> str:
        return self.word("name")

    def take(self, *keys: str) -> Any:
        """The value of the first of the keys that has one; all are read then."""
        self.used.update(keys)
        return next((self.data[key] for key in keys if self.data.get(key) is not None), None)

    def word(self, *keys: str) -> str:
        """A short text or number; empty where it is something else."""
        return as_word(self.take(*keys))

    def flag(self, *keys: str) -> bool:
        return self.take(*keys) in (True, "true", 1)

    def number(self, *keys: str) -> float | None:
        value = self.take(*keys)
        if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,12}(\.[0-9]{1,6})?\s*", value):
            return float(value)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def words(self, *keys: str) -> Words:
        """A text in its languages."""
        return as_words(self.take(*keys), self.base)

    def items(self, *keys: str) -> list[Any]:
        value = self.take(*keys)
        return value if isinstance(value, list) else []

    def elements(self, *keys: str, are_names: bool = False) -> Iterator[Element]:
        """The objects in a list. `are_names`: a word among them is the name of one."""
        for key in keys:
            for number, item in enumerate(self.items(key)):
                if are_names and not isinstance(item, dict) and as_word(item):
                    yield Element({"name": as_word(item)}, f"{self.where}.{key}[{number}]".lstrip("."), self.base)
                elif isinstance(item, dict):
                    yield Element(item, f"{self.where}.{key}[{number}]".lstrip("."), self.base)

    def rest(self) -> Iterator[tuple[str, Any]]:
        """The properties that nobody has read."""
        for key, value in self.data.items():
            if key not in self.used:
                yield key, value


def as_word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def as_words(value: Any, base: str) -> Words:
    """A text by language. A plain one, and the default one, are in the survey's own."""
    if isinstance(value, dict):
        found = {key: as_word(words) for key, words in value.items() if key != DEFAULT and as_word(words)}
        if as_word(value.get(DEFAULT)):
            found.setdefault(base, as_word(value[DEFAULT]))
        return {language: words for language, words in found.items() if LANGUAGE.fullmatch(language)}
    word = as_word(value)
    return {base: word} if word else {}


_TEXTS = {
    *("title", "description", "text", "html", "label", "requiredErrorText", "minRateDescription", "maxRateDescription"),
    *("otherText", "noneText", "labelTrue", "labelFalse", "completedHtml", "templateTitle", "placeholder"),
    *("commentText", "navigationTitle"),
}


def languages_of(document: dict[str, Any]) -> list[str]:
    """The languages of a survey's texts, that of texts which name none first."""
    plain: list[str] = []
    named: dict[str, None] = {}
    waiting: list[Any] = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            for key, value in part.items():
                if key in _TEXTS and isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
                    named |= dict.fromkeys(k for k in sorted(value) if k != DEFAULT and LANGUAGE.fullmatch(k))
                    plain += [value[DEFAULT]] if DEFAULT in value else []
                elif key in _TEXTS and isinstance(value, str):
                    plain.append(value)
                else:
                    waiting.append(value)
    locale = as_word(document.get("locale"))
    base = locale if LANGUAGE.fullmatch(locale) and locale not in named else _language(plain)
    if not plain and named:
        base = locale if locale in named else next(iter(named))
    return list(dict.fromkeys([base, *named]))


def _language(texts: list[str]) -> str:
    """English, which SurveyJS takes texts to be in; or Japanese, where most have kana."""
    japanese = sum(bool(re.search("[\u3040-\u30ff]", text)) for text in texts)
    return "ja" if 2 * japanese > len(texts) else "en"
