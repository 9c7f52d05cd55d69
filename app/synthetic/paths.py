"""What synthetic people end up with: their answers on the path that these lead to, mended until they fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from app.questionnaire.conditions import TODAY, is_required, unfit
from app.questionnaire.drawing import drawn
from app.questionnaire.expressions import holds, parse
from app.questionnaire.kinds.allocate import Allocate
from app.questionnaire.kinds.base import Answer, AnsweredQuestion, AnswerError, Answers, Variable
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.model import Questionnaire
from app.questionnaire.relevance import decisive
from app.questionnaire.routing import final_answers, relevant_questions, relevant_variables

Columns = Mapping[str, Sequence[Answer]]
"""Everybody's answers, by variable."""
Chance = np.random.Generator

_REMEMBERED = 10_000
_TRIES = 40


class Paths:
    """Which questions people meet, and which of their answers fit the others."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.excluded = {name: self._excluded(name) for name in questionnaire.variables}
        variables = questionnaire.variables.values()
        self._hanging = [q for q in questionnaire.questions if isinstance(q, AnsweredQuestion) and _hangs(q)]
        asks_day = re.search(r"today\s*\(", questionnaire.canonical)
        self._is_plain = not self._hanging and not asks_day and all(map(_is_plain, variables))
        self._known: dict[object, list[str]] = {}

    def _excluded(self, name: str) -> frozenset[str]:
        """The codes that alone lead to a screening rule."""
        codes = (option.code for option in self.questionnaire.variables[name].options)
        return frozenset(code for code in codes if self._screened(name, code))

    def _screened(self, name: str, code: str) -> bool:
        whens = [end.when for end in self.questionnaire.ends]
        return any(name in parse(when).names and holds(when, {name: code}) for when in whens)

    def final(self, given: Answers, seed: int, today: str, others: Columns) -> Answers | None:
        """What is stored on submission, as `routing.final_answers` has it; None for who is screened out, or cannot
        answer what must be answered. Answers that do not fit are taken from `others`."""
        if self._is_plain:
            final = {name: given[name] for name in self._names(given)}
        else:
            answers = {**drawn(self.questionnaire, seed), TODAY: today, **given}
            chance = np.random.default_rng(seed) if self._hanging else None
            if chance and not all(self._settle(question, answers, others, chance) for question in self._hanging):
                return None
            final = final_answers(self.questionnaire, answers)
        screened = any(holds(end.when, {**final, TODAY: today}) for end in self.questionnaire.ends)
        return None if screened else final

    def _names(self, given: Answers) -> list[str]:
        """The variables on a path, remembered by the answers that decide it, for those are few."""
        key = decisive(self.questionnaire, given)
        names = self._known.get(key)
        if names is None:
            names = [variable.name for variable in relevant_variables(self.questionnaire, given)]
            if len(self._known) < _REMEMBERED:
                self._known[key] = names
        return names

    def _settle(self, question: AnsweredQuestion, answers: Answers, others: Columns, chance: Chance) -> bool:
        """Puts answers to a question in place that fit the earlier ones; False where none is found."""
        asked = relevant_questions(self.questionnaire, answers).get(question.name)
        if not isinstance(asked, AnsweredQuestion):
            return True
        earlier = {TODAY: answers[TODAY], **final_answers(self.questionnaire, answers)}
        names = [variable.name for variable in asked.variables()]
        for tried in self._candidates(asked, {name: answers[name] for name in names}, others, chance):
            found = _divided(asked, tried) if isinstance(asked, Allocate) else tried
            if _fits(asked, {**earlier, **found}, found):
                answers.update(found)
                return True
        return False

    def _candidates(self, asked: AnsweredQuestion, own: Answers, others: Columns, chance: Chance) -> Iterator[Answers]:
        """One's own answers, then those of others, then every plain one, then none."""
        yield own
        size = len(next(iter(others.values())))
        for person in chance.integers(size, size=_TRIES).tolist():
            yield {name: others[name][person] for name in own}
        for answer in _plain_answers(asked):
            yield {v.name: answer if v.question.name == asked.name else None for v in asked.variables()}
        yield dict.fromkeys(own)


def _hangs(question: AnsweredQuestion) -> bool:
    """Whether it depends on others' answers which ones fit."""
    return bool(question.constraint or getattr(question, "choice_filter", None) or isinstance(question, Allocate))


def _is_plain(variable: Variable) -> bool:
    return variable.question.entered and not isinstance(variable.question, Specified)


def _fits(asked: AnsweredQuestion, given: Answers, found: Answers) -> bool:
    own = [variable.name for variable in asked.variables() if not isinstance(variable.question, Specified)]
    missing = any(found[name] is None for name in own)
    return not (missing and is_required(asked, given)) and not unfit(asked, given)


def _plain_answers(asked: AnsweredQuestion) -> Iterator[Answer]:
    """Each option alone, and the bounds."""
    parameters = getattr(asked, "parameters", None)
    bounds = getattr(asked, "bounds", (getattr(parameters, "start", None), getattr(parameters, "end", None)))
    for text in (*(option.code for option in asked.options), *map(str, bounds)):
        try:
            yield asked.read([text])
        except AnswerError:
            continue


def _divided(asked: Allocate, tried: Answers) -> Answers:
    """The total divided among the rows that are asked, as it was among all."""
    given = [answer for answer in tried.values() if isinstance(answer, int)]
    if len(given) < len(tried):
        return dict.fromkeys(tried)
    total, whole = asked.parameters.total, sum(given)
    parts = [answer * total // whole for answer in given] if whole else [0] * len(given)
    parts[parts.index(max(parts))] += total - sum(parts)
    return dict(zip(tried, parts, strict=True))
