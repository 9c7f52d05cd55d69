"""The headings of XLSForm's sheets, with the aliases that its other readers take."""

from __future__ import annotations

from collections.abc import Iterable

from .languages import code_of
from .sheets import Column, Sheet

TRANSLATED = frozenset(
    {
        *("label", "hint", "guidance_hint", "required_message", "constraint_message"),
        *("image", "big-image", "audio", "video"),
    }
)
OWN = "barometer::"
"""What begins the columns in which we keep what XLSForm has no words for."""
OWN_OF_CHOICES = "barometer_"
"""The same on the sheet of choices, where other programs make an element of every column, and stumble over colons."""

_MEDIA = {"image", "big-image", "audio", "video"}
_SURVEY = {
    **{word: word for word in ("type", "name", "label", "hint", "guidance_hint", "required", "required_message")},
    **{word: word for word in ("relevant", "constraint", "constraint_message", "calculation", "choice_filter")},
    **{word: word for word in ("appearance", "parameters", "read_only", "default", "trigger", "repeat_count")},
    **{word: word for word in ("disabled", "rows", "autoplay", "intent", "query", "save_to", "no_app_error_string")},
    **{word: word for word in _MEDIA},
    "readonly": "read_only",
    "relevance": "relevant",
    "caption": "label",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "calculate": "calculation",
    "command": "type",
    "tag": "name",
    "value": "name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "noapperrorstring": "no_app_error_string",
    "jr:noapperrorstring": "no_app_error_string",
}
_CHOICES = {
    **{word: word for word in ("list_name", "name", "label")},
    **{word: word for word in _MEDIA},
    "caption": "label",
    "value": "name",
}
_SETTINGS = {
    "form_title": "form_title",
    "set_form_title": "form_title",
    "title": "form_title",
    "form_id": "form_id",
    "set_form_id": "form_id",
    "id_string": "form_id",
    "default_language": "default_language",
}
_WORDS = {"survey": _SURVEY, "choices": _CHOICES, "external_choices": _CHOICES, "settings": _SETTINGS}
# Headings in two steps, as "bind::relevant": the second step says it all.
_OUTER = frozenset({"bind", "control", "body", "media"})


def columns_of(sheet: Sheet, kind: str) -> dict[int, Column]:
    """Every column of a sheet that has a heading, understood as one of a `kind` of sheet (survey, choices …)."""
    words = _WORDS.get(kind, {})
    doubled = any("::" in heading for heading in sheet.headings.values())
    return {index: _column(index, heading, words, doubled) for index, heading in sheet.headings.items()}


def _column(index: int, raw: str, words: dict[str, str], doubled: bool) -> Column:
    for prefix in (OWN, OWN_OF_CHOICES):
        if raw.lower().startswith(prefix):
            return Column(index, raw, OWN + raw[len(prefix) :].strip())
    if _snake(raw) in words:
        return Column(index, raw, words[_snake(raw)])
    steps = [step.strip() for step in raw.split("::" if doubled or "::" in raw else ":")]
    if "jr" in steps[:-1]:  # "jr:count" is one step, though the colon divides others.
        at = steps.index("jr")
        steps[at : at + 2] = [f"jr:{steps[at + 1]}"]
    if _snake(steps[0]) in _OUTER and len(steps) > 1:
        steps = steps[1:]
    word = words.get(_snake(steps[0]), "")
    if len(steps) > 1 and word not in TRANSLATED:
        word = ""
    return Column(index, raw, word, code_of("::".join(steps[1:])) if word and len(steps) > 1 else "")


def _snake(text: str) -> str:
    return "_".join(text.split()).lower()


def languages_of(columns: Iterable[Column]) -> list[str]:
    """The languages that the headings name, in their order."""
    return list(dict.fromkeys(column.language for column in columns if column.language))


def is_known(heading: str) -> bool:
    """Whether a column of the sheet `choices` with this heading is read as something else than an attribute."""
    return bool(_column(0, heading, _CHOICES, doubled=True).word)
