"""Of whom each variable is asked: the conditions of a questionnaire, gathered from wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.questionnaire.kinds.base import Variable
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.kinds.sample import Sample
from app.questionnaire.model import ORDER, Page, Questionnaire, order_of
from app.questionnaire.relevance import conditions_of


def pages_of(version: Questionnaire) -> dict[str, Page]:
    """The page of each variable, and of the orders on it. Orders of groups stand on no page."""
    found = {order_of(page.name): page for page in version.pages}
    for page in version.pages:
        for question in page.questions:
            found[question.name + ORDER] = page
            found |= {variable.name: page for variable in question.variables()}
    return found


def asked_where(version: Questionnaire, page: Page | None, variable: Variable) -> str:
    """The expression that must hold for a variable to be asked, or filled; empty if there is none."""
    return _joined(tuple(_conditions(version, page, variable)))


def _conditions(version: Questionnaire, page: Page | None, variable: Variable) -> Iterator[str]:
    question, row = variable.question, variable.row
    if page:
        yield from conditions_of(version, page)
    asked = version.question(question.parent) if isinstance(question, Specified) else question
    if asked.relevant:
        yield asked.relevant
    if row and row.relevant:
        yield row.relevant
    for sample in version.questions:
        if isinstance(sample, Sample):
            drawn = dict.fromkeys((asked.name, variable.name))
            yield from (f"selected(${{{sample.name}}}, '{name}')" for name in drawn if name in sample.of)
    if isinstance(question, Specified):
        yield f"selected(${{{question.parent}}}, '{question.code}')"


def _joined(conditions: Sequence[str]) -> str:
    return conditions[0] if len(conditions) == 1 else " and ".join(f"({source})" for source in conditions)
