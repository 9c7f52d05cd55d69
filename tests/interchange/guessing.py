"""Somebody who answers any questionnaire through the real pages, from the first page to the receipt, by guessing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from app.questionnaire.kinds.base import AnsweredQuestion, Variable
from app.questionnaire.model import Questionnaire
from tests.respond.person import Person

from .walking import values_for

_MOST_TRIES = 60
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"|([0-9]+(?:\.[0-9]+)?)")


def stuck_at(person: Person, questionnaire: Questionnaire) -> str:
    """Answers from the page that is open to the receipt. Returns where that was not possible; empty where it was."""
    pages = len(questionnaire.questions) + len(questionnaire.pages) + 3
    for _ in range(pages):
        if person.status != 200:
            return f"{person.here}: status {person.status}"
        if person.place == "receipt":
            return "" if person.code() else "receipt without a code"
        if person.place == "check":
            person.send()
        elif problem := _pass_page(person, questionnaire):
            return problem
    return f"{person.here}: no receipt after {pages} pages"


def _pass_page(person: Person, questionnaire: Questionnaire) -> str:
    """Fills in what is asked; what is refused is answered with the next guess."""
    guesses = {name: _guesses(questionnaire.variables[name], _offered(person, name)) for name in person.asked()}
    places = dict.fromkeys(guesses, 0)
    here = person.here
    for _ in range(_MOST_TRIES):
        given = {name: guesses[name][place] for name, place in places.items()}
        person.post([*person.filled(given), ("action", "next")])
        if person.status != 422:
            return ""
        refused = {str(item["href"]).removeprefix("#q_") for item in person.page.select(".error-summary a")}
        for name in refused & places.keys():
            places[name] += 1
            if places[name] == len(guesses[name]):
                return f"{here}: every guess for {name} is refused"
    return f"{here}: {_MOST_TRIES} tries are refused"


def _offered(person: Person, name: str) -> set[str]:
    """The options to choose from on the page; nothing where the answer can be written."""
    fields = person.form().select(f"[name='q_{name}']")
    if any(field.name == "textarea" or field.get("type") in ("text", "email") for field in fields):
        return set()
    return {str(option["value"]) for field in fields for option in field.select("option") or [field]} - {""}


def _guesses(variable: Variable, offered: set[str]) -> list[list[str]]:
    """What may be tried: what fits the kind, what its constraint names, and the days around today."""
    found = [values for values in values_for(variable) if not offered or offered.issuperset(values)]
    question = variable.question
    constraint = (question.constraint if isinstance(question, AnsweredQuestion) else "") or ""
    found += [["".join(literal)] for literal in _LITERAL.findall(constraint) if not offered]
    if "today" in constraint:
        today = datetime.now(UTC).date()
        found += [[(today + timedelta(days=days)).isoformat()] for days in (0, 1, -1, 10, -10, 40, -40, 300, -300)]
    return found
