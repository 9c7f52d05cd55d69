"""All that is wrong with a document, by where it is: what its parts get wrong, and what only the whole shows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError

from .check import check_document
from .model import Questionnaire
from .problems import MOST_PROBLEMS, Finding
from .shape import shape_findings


def examine(
    document: dict[str, Any], actions: Mapping[str, str] | None = None
) -> tuple[Questionnaire | None, list[Finding]]:
    """The questionnaire, and every finding, of a document whose lists are written into its questions.

    None where its shape is none. Only one without findings is sound. `actions`: catalogue code -> status.
    """
    findings = list(islice(check_document(document, actions), MOST_PROBLEMS + 1))
    try:
        return Questionnaire.model_validate(document), findings
    except ValidationError as error:
        return None, findings + shape_findings(error)
