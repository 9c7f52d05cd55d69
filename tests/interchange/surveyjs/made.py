"""Surveys of SurveyJS made for tests."""

from __future__ import annotations

import json
from typing import Any

from app.interchange.report import Imported, Outcome
from app.interchange.surveyjs import read_surveyjs
from app.questionnaire.kinds.base import Question

Data = dict[str, Any]


def asked(name: str, kind: str = "text", **more: Any) -> Data:
    return {"type": kind, "name": name, **more}


def survey(*elements: Data, **more: Any) -> bytes:
    return json.dumps({"elements": list(elements), **more}).encode()


def read(*elements: Data, **more: Any) -> Imported:
    return read_surveyjs(survey(*elements, **more), "made")


def by_name(imported: Imported) -> dict[str, Question]:
    return {question.name: question for question in imported.questionnaire.questions}


def dumped(*elements: Data, **more: Any) -> dict[str, Data]:
    """The questions of ours that some elements become, as data."""
    return {name: question.model_dump() for name, question in by_name(read(*elements, **more)).items()}


def fate(imported: Imported, item: str, name: str) -> Outcome:
    """What became of a thing of the file."""
    found = {thing[1:]: outcome for thing, outcome in imported.report.worst().items()}
    return found[item, name]


def reasons(imported: Imported, item: str, name: str) -> str:
    """What the report says of a thing."""
    return " ".join(str(e.message % e.params) for e in imported.report.entries if (e.item, e.name) == (item, name))
