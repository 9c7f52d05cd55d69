"""What a document's parts get wrong by themselves, in words for the person who wrote it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from .problems import Finding, Path

LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
NO_LANGUAGE = "“%(input)s” is no language: use codes such as en and ja."
_MESSAGES = {
    "missing": "This key is missing.",
    "extra_forbidden": "This key is not known here.",
    "union_tag_invalid": "“%(tag)s” is no question kind. Known kinds: %(expected_tags)s.",
    "union_tag_not_found": "The question's kind is missing.",
    "string_type": "A text is expected here.",
    "bool_type": "true or false is expected here.",
    "int_type": "A whole number is expected here.",
    "int_parsing_size": "A smaller number is expected here.",
    "float_type": "A number is expected here.",
    "float_parsing": "A number is expected here.",
    "dict_type": "Keys with values are expected here, as in “en: text”.",
    "model_type": "Keys with values are expected here.",
    "model_attributes_type": "Keys with values are expected here.",
    "tuple_type": "A list is expected here.",
    "string_pattern_mismatch": "“%(input)s” cannot be used here: it must match %(pattern)s.",
    "string_too_long": "This is longer than %(max_length)s characters.",
    "too_short": "The list needs at least %(min_length)s entries.",
    "too_long": "The list has more than %(max_length)s entries.",
    "literal_error": "“%(input)s” cannot be used here; expected: %(expected)s.",
    "greater_than": "The number must be above %(gt)g.",
    "greater_than_equal": "The number must be at least %(ge)s.",
    "less_than_equal": "The number must be at most %(le)s.",
}
_PATTERNS = {
    "^[A-Za-z0-9_.]+$": "“%(input)s” is no code: use letters from A to Z, digits, _ and full stops.",
    "^[A-Za-z][A-Za-z0-9_]*$": "“%(input)s” is no name: use letters from A to Z, digits and _, a letter first.",
    "^[a-z][a-z0-9_-]*$": "“%(input)s” is no page name: use small letters, digits, _ and -, a letter first.",
    "^[a-z0-9][a-z0-9-]*$": "“%(input)s” is no survey key: use small letters, digits and -.",
    LANGUAGE: NO_LANGUAGE,
}
_TEXTS = {
    "Value error, is empty": "The text is empty.",
    "Value error, contains a control character": "The text contains a control character.",
    "Value error, is no day": "“%(input)s” is no day: write it as 2026-01-31.",
}
QUOTES = "A text is expected here: write “%(input)s” in quotes."
TRUE_OR_TEXT = "true, false or a text for each language is expected here."
TRUE_OR_CONDITION = "true, false or an expression is expected here."
NEVER_PUBLISHED = "Answers of this kind are never published."
NOT_OFFERED = "A question of this kind does not offer this answer."
_EITHER = {"dont_know": TRUE_OR_TEXT, "refused": TRUE_OR_TEXT, "required": TRUE_OR_CONDITION}


def shape_findings(error: ValidationError) -> list[Finding]:
    """Pydantic's errors of a Questionnaire, by their place in its document."""
    findings = []
    for found in error.errors(include_url=False):
        location, given = found["loc"], found["input"]
        path = _document_path(location)
        if _told_elsewhere(found["type"], path, location, given, found.get("ctx", {})):
            continue
        params: dict[str, object] = {**found.get("ctx", {}), "input": _shown(given)}
        if found["type"] == "union_tag_invalid":
            path, params["tag"] = (*path, "kind"), _shown(given.get("kind"))
        message = _message(found["type"], path, given, params) or _TEXTS.get(found["msg"])
        if message is None:
            message, params = "This cannot be used here: %(reason)s", {"reason": found["msg"]}
        findings.append((path, message, params))
    return findings


def _document_path(location: Path) -> Path:
    """Pydantic's location without the names of union members: a question's kind, and the type of a "don't know"."""
    if location[:1] != ("pages",) or location[2:3] != ("questions",):
        return location
    path = location[:4] + location[5:]
    return path[:5] + path[6:] if path[4:5] and path[4] in _EITHER else path


def _told_elsewhere(kind: str, path: Path, location: Path, given: object, context: dict[str, Any]) -> bool:
    if kind == "too_short":  # Pydantic counts the entries without mistakes.
        return isinstance(given, list) and len(given) >= context["min_length"]
    if kind == "tuple_type":  # A list named by a name that the check of lists did not find.
        return isinstance(given, str) and path[4:] == ("choices",)
    if len(path) == 5 and path[4] in _EITHER and len(location) == 7:
        # The value is neither true nor the other: told once, by the first of the two.
        return isinstance(given, dict if path[4] != "required" else str) or location[6] != "bool"
    return False


def _message(kind: str, path: Path, given: object, params: dict[str, object]) -> str | None:
    if len(path) == 5 and path[4] in _EITHER and path[0] == "pages":
        return NOT_OFFERED if kind == "literal_error" else _EITHER[str(path[4])]
    if kind == "literal_error" and path[4:] == ("publish",):
        return NEVER_PUBLISHED
    if kind == "string_type" and isinstance(given, bool | int | float):
        return QUOTES
    if kind == "too_long" and isinstance(given, str):  # A code, which may have been a number at first.
        return _MESSAGES["string_too_long"]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(params["pattern"]), _MESSAGES[kind])
    return _MESSAGES.get(kind)


def _shown(value: object) -> str:
    """A value as its writer knows it, short and without control characters."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str | int | float):
        return "…"
    text = str(value)
    return "".join(c if c.isprintable() else "�" for c in text[:60]) + ("…" if len(text) > 60 else "")
