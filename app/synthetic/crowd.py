"""Synthetic people who answer in the same month: who they are, and what they answer, drawn for all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from app.questionnaire.kinds.base import DONT_KNOW, REFUSED, AnsweredQuestion, Variable
from app.questionnaire.kinds.integer import Integer
from app.questionnaire.kinds.select_multiple import SelectMultiple
from app.questionnaire.kinds.text import TextQuestion
from app.questionnaire.model import Questionnaire

from .opinion import COMMENTS, EXPERIENCE, EXPERIENCED, LANGUAGES, PEOPLE, UNSURE, Shares
from .trends import Trends

Objects = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

_COMMENTING = 0.03
_REFUSING = 0.02
_SKIPPING_FIRST, _SKIPPING_LAST = 0.005, 0.02
_CHOOSING = 0.25
# How much of an opinion is the person's view of everything asked; the rest is of the item alone.
_TEMPER = 0.5


class Crowd:
    """People and their answers by variable, each an array of answers as storage has them.

    `excluded` holds for each variable the codes that nobody may choose.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        excluded: Mapping[str, frozenset[str]],
        trends: Trends,
        month: int,
        rng: np.random.Generator,
        size: int,
    ) -> None:
        self.trends, self.month, self.rng, self.size = trends, month, rng, size
        self.excluded = excluded
        self.answers: dict[str, Objects] = {}
        self.temper = rng.normal(0, _TEMPER, size)
        variables = questionnaire.variables
        for name in [name for name in PEOPLE if name in variables]:
            self.answers[name] = self._person(variables[name])
        self.language = self._by_shares(questionnaire.languages, LANGUAGES, self.level("country"))
        for position, (name, variable) in enumerate(variables.items()):
            if name not in self.answers:
                self.answers[name] = self._draw(variable)
            self._withhold(variable, position / len(variables))

    def level(self, name: str) -> Objects:
        """Everybody's code under a variable; "" where there is none."""
        found = self.answers.get(name)
        return np.full(self.size, "", object) if found is None else np.where(found == None, "", found)  # noqa: E711

    def _person(self, variable: Variable) -> Objects:
        given, shares = PEOPLE[variable.name]
        codes = self._codes(variable)
        return self._by_shares(codes, shares, self.level(given))

    def _codes(self, variable: Variable) -> list[str]:
        options = [option.code for option in variable.options if not option.apart]
        return [code for code in options if code not in self.excluded[variable.name]] or options

    def _by_shares(self, codes: Sequence[str], shares: Mapping[str, Shares], levels: Objects) -> Objects:
        """One of the codes for each, by the shares of each one's level; evenly where the shares know no code."""
        drawn = np.empty(self.size, object)
        for level in sorted(set(levels)):
            members = np.flatnonzero(levels == level)
            known = shares.get(level, shares[""])
            weights = np.array([known.get(code, 0.0) for code in codes])
            weights = weights if weights.sum() else np.ones(len(codes))
            drawn[members] = self._choose(codes, weights / weights.sum(), len(members))
        return drawn

    def _choose(self, codes: Sequence[str], weights: Floats, count: int) -> Objects:
        return np.array(codes, object)[self.rng.choice(len(codes), count, p=weights)]

    def _draw(self, variable: Variable) -> Objects:
        draw: dict[str, Callable[[Variable], Objects]] = {
            "scale": self._opinion,
            "nominal": self._option,
            "multiple": self._options,
            "number": self._number,
            "text": self._text,
        }
        return draw[variable.question.measure](variable)

    def _opinion(self, variable: Variable) -> Objects:
        """A point of a scale: opinions are spread normally about the mean of country, group and month."""
        codes = self._codes(variable)
        means = self.trends.means(
            variable.name, self.month, self.level("country"), self.level("group"), self.level("region_jp")
        )
        opinion = means + self.temper + self.rng.normal(0, np.sqrt(1 - _TEMPER**2), self.size)
        bounds = np.linspace(-1.2, 1.0, len(codes) - 1)
        return np.array(codes, object)[np.searchsorted(bounds, opinion)]

    def _option(self, variable: Variable) -> Objects:
        codes = self._codes(variable)
        return self._choose(codes, self.trends.shares(variable.name, len(codes)), self.size)

    def _options(self, variable: Variable) -> Objects:
        question = variable.question
        assert isinstance(question, SelectMultiple)  # noqa: S101
        several = [choice.code for choice in question.choices if not choice.exclusive]
        alone = [choice.code for choice in question.choices if choice.exclusive]
        group = self.level("group")
        chosen = np.zeros((self.size, len(several)), bool)
        for number, code in enumerate(several):
            more = {level: rates.get(code, 1.0) for level, rates in EXPERIENCED.items() if code in EXPERIENCE}
            rate = EXPERIENCE.get(code, _CHOOSING) * _by_level(group, more, 1.0)
            chosen[:, number] = self.rng.random(self.size) < rate
        nothing = alone[:1] or several[:1]
        drawn = np.empty(self.size, object)
        for person, row in enumerate(chosen):
            drawn[person] = [several[i] for i in np.flatnonzero(row)] or nothing
        return drawn

    def _number(self, variable: Variable) -> Objects:
        question = variable.question
        assert isinstance(question, Integer)  # noqa: S101
        start, end = question.parameters.start, question.parameters.end
        numbers = self.rng.normal((start + end) / 2, (end - start) / 6, self.size)
        return np.clip(np.rint(numbers), start, end).astype(int).astype(object)

    def _text(self, variable: Variable) -> Objects:
        """A few neutral words from a few; nothing from the others."""
        question = variable.question
        assert isinstance(question, TextQuestion)  # noqa: S101
        drawn = np.full(self.size, None, object)
        for person in np.flatnonzero(self.rng.random(self.size) < _COMMENTING):
            comments = COMMENTS.get(self.language[person], COMMENTS["en"])
            comment = comments[self.rng.integers(len(comments))]
            drawn[person] = comment if len(comment) <= question.parameters.max_length else None
        return drawn

    def _withhold(self, variable: Variable, position: float) -> None:
        """Some do not know, some would rather not say, and the further on, the more pass a question."""
        question, answers = variable.question, self.answers[variable.name]
        offered = {option.code for option in question.apart}
        unsure = self._unsure(variable) if DONT_KNOW in offered else np.zeros(self.size)
        refused = unsure + (_REFUSING if REFUSED in offered else 0)
        skipping = _SKIPPING_FIRST + (_SKIPPING_LAST - _SKIPPING_FIRST) * position
        skipped = refused + (skipping if _may_be_skipped(question) else 0)
        chance = self.rng.random(self.size)
        answers[chance < skipped] = None
        answers[chance < refused] = REFUSED
        answers[chance < unsure] = DONT_KNOW

    def _unsure(self, variable: Variable) -> Floats:
        rate = self.trends.item(variable.name).unsure
        abroad = np.where(self.level("country") == "jp", 1.0, 1.4)
        return np.asarray(rate * abroad * _by_level(self.level("group"), UNSURE, 1.0))


def _may_be_skipped(question: AnsweredQuestion) -> bool:
    return not question.required and question.measure != "text"


def _by_level(levels: Objects, numbers: Mapping[str, float], others: float) -> Floats:
    found = np.full(len(levels), others)
    for level, number in numbers.items():
        found[levels == level] = number
    return found
