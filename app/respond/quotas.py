"""Groups of whom enough have answered: told politely, as soon as it is known that a person belongs to one."""

from __future__ import annotations

from flask import render_template

from app.questionnaire.kinds.base import Answers
from app.storage import quotas

from .visit import ViewResult, Visit, see_other, visiting


def full_for(visit: Visit, given: Answers) -> int | None:
    """The number of a full quota that the person belongs to. Asked only when a weighting variable was answered."""
    if visit.stored is None or visit.stored.state != "open":
        return None
    if not set(given) & set(visit.questionnaire.weighting):
        return None
    return quotas.first_full(visit.wave_id, visit.answers)


def turn_away(visit: Visit, number: int) -> ViewResult:
    """Ends the response: what was stored so far is deleted, and counted as turned away."""
    if visit.stored:
        quotas.turn_away(visit.stored.id, visit.wave_id, number)
    return see_other(visit.address("full"))


@visiting
def full(visit: Visit) -> ViewResult:
    """The thanks to who belongs to a group of which enough have answered."""
    if visit.stored:
        return see_other(visit.address("check"))
    return render_template("respond/full.html", visit=visit)
