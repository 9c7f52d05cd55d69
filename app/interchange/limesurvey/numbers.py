"""Questions answered with numbers: N, the fields of K, the cells of “:”; and texts that take figures only."""

from __future__ import annotations

from app.interchange.drafts.draft import Draft, Term
from app.interchange.drafts.numbers import BELOW, figure, number_between
from app.questionnaire.kinds.typed import LARGEST

from .conversion import Conversion
from .survey import Question


def bounded(check: str, by: str) -> str:
    """A check against a bound, which is no bound where it is empty."""
    return check if figure(by) is not None else f"is_empty({by}) || {check}"


def number(
    conversion: Conversion, question: Question, least: str = "", most: str = "", whole: bool = False
) -> tuple[Draft, tuple[Term, ...]]:
    """The kind and bounds of a number, and the terms of its constraint. `least` and `most` name attributes."""
    low, high = figure(question.attribute(least)), figure(question.attribute(most))
    for name, value in ((least, low), (most, high)):
        outcome, message = ("changed", BELOW) if value is not None and value < 0 else ("kept", "")
        if value is not None:
            conversion.attribute(question, name, outcome, message)  # type: ignore[arg-type]
    terms = tuple(
        Term(bounded(f"this {sign} ({source})", source), (conversion.place(question), "attribute", name), True)
        for name, sign, value in ((least, ">=", low), (most, "<=", high))
        if value is None and (source := question.attribute(name))
    )
    conversion.used |= {(question.qid, name) for name in (least, most)}
    return number_between(low, high, whole), terms


def slider(conversion: Conversion, question: Question, label_low: object, label_high: object) -> Draft | None:
    """A line with a handle; None where its numbers are not whole, or below 0."""
    wanted = [
        figure(question.attribute(name) or default)
        for name, default in (("slider_min", "0"), ("slider_max", "100"), ("slider_accuracy", "1"))
    ]
    if any(value is None or value != int(value) or not 0 <= value <= LARGEST for value in wanted):
        return None
    start, end, step = (int(value or 0) for value in wanted)
    if not (step and start < end):
        return None
    for name in ("slider_layout", "slider_min", "slider_max", "slider_accuracy"):
        conversion.attribute(question, name)
    ends = {"low": label_low or _same(conversion, start), "high": label_high or _same(conversion, end)}
    return {"kind": "range", "parameters": {"start": start, "end": end, "step": step}, **ends}


def _same(conversion: Conversion, value: int) -> dict[str, str]:
    return dict.fromkeys(conversion.survey.languages, str(value))
