"""A document as a model of the questionnaire folder, or what is wrong with its shape."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.questionnaire.problems import Finding

SHAPE = {
    "missing": "“%(key)s” is missing.",
    "extra_forbidden": "“%(key)s” is not a key that is known here.",
    "int_type": "“%(key)s” is not a whole number.",
    "too_short": "“%(key)s” is empty.",
    "dict_type": "“%(key)s” must hold a text for each language.",
    "model_type": "“%(key)s” must hold keys and values.",
}
M = TypeVar("M", bound=BaseModel)


def shaped(model: type[M], data: dict[str, Any]) -> tuple[M | None, list[Finding]]:
    """The model, or every mistake in the document's shape."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        findings: list[Finding] = []
        for found in error.errors(include_url=False):
            message = SHAPE.get(found["type"], "“%(key)s” cannot be taken: %(reason)s.")
            findings.append((found["loc"], message, {"key": found["loc"][-1], "reason": found["msg"]}))
        return None, findings
