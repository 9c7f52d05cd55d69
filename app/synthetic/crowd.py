"""Synthetic people who answer in the same month: who they are, and what they answer, drawn for all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np

from app.questionnaire.kinds.acknowledge import TICKED
from app.questionnaire.kinds.allocate import Allocate
from app.questionnaire.kinds.base import DONT_KNOW, REFUSED, AnsweredQuestion, Variable
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.kinds.date import DateQuestion
from app.questionnaire.kinds.rank import Rank
from app.questionnaire.kinds.select_multiple import SelectMultiple
from app.questionnaire.kinds.text import TextQuestion
from app.questionnaire.model import Questionnaire

from . import draws
from .draws import Floats, Objects
from .opinion import COMMENTS, EXPERIENCE, EXPERIENCED, LANGUAGES, OTHERS, PEOPLE, UNSURE, Shares
from .trends import Trends

_COMMENTING = 0.03
_WRITING = 0.1
_SAYING_WHICH = 0.7
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
        today: date,
    ) -> None:
        self.trends, self.month, self.rng, self.size, self.today = trends, month, rng, size, today
        self.excluded = excluded
        self.answers: dict[str, Objects] = {}
        self.temper = rng.normal(0, _TEMPER, size)
        variables = {name: v for name, v in questionnaire.variables.items() if v.question.entered}
        for name in [name for name in PEOPLE if name in variables and variables[name].question.kind == "select_one"]:
            self.answers[name] = self._person(variables[name])
        self.language = self._by_shares(questionnaire.languages, LANGUAGES, self.level("country"))
        for position, (name, variable) in enumerate(variables.items()):
            if isinstance(variable.question, Allocate):
                if name not in self.answers:
                    self._divide(variable.question, position / len(variables))
                continue
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
            "select_one": self._option,
            "scale": self._opinion,
            "matrix": self._opinion,
            "select_multiple": self._options,
            "rank": self._ranking,
            **dict.fromkeys(("integer", "decimal", "range"), self._number),
            "date": self._day,
            "text": self._text,
            "email": self._address,
            "acknowledge": self._box,
            "specified": self._words,
        }
        return draw[variable.question.kind](variable)

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
        group = self.level("group")
        rates = np.zeros((self.size, len(several)))
        for number, code in enumerate(several):
            more = {level: rates.get(code, 1.0) for level, rates in EXPERIENCED.items() if code in EXPERIENCE}
            rates[:, number] = EXPERIENCE.get(code, _CHOOSING) * _by_level(group, more, 1.0)
        return draws.choices(self.rng, question, rates)

    def _ranking(self, variable: Variable) -> Objects:
        question = variable.question
        assert isinstance(question, Rank)  # noqa: S101
        weights = self.trends.shares(variable.name, len(question.choices))
        return draws.rankings(self.rng, question, weights, self.size)

    def _number(self, variable: Variable) -> Objects:
        return draws.numbers(self.rng, variable.question, self.size)

    def _day(self, variable: Variable) -> Objects:
        question = variable.question
        assert isinstance(question, DateQuestion)  # noqa: S101
        return draws.days(self.rng, question, self.size, self.today)

    def _divide(self, question: Allocate, position: float) -> None:
        """All rows of a total at once: who skips it skips them all."""
        weights = self.trends.shares(question.rows[0].name, len(question.rows))
        skipped = self.rng.random(self.size) < (self._skipping(position) if _may_be_skipped(question) else 0)
        for name, numbers in draws.parts(self.rng, question, weights, self.size).items():
            numbers[skipped] = None
            self.answers[name] = numbers

    def _text(self, variable: Variable) -> Objects:
        """A few neutral words from a few, or from all where they must be given; cut where they are too long."""
        question = variable.question
        assert isinstance(question, TextQuestion)  # noqa: S101
        drawn = self._said(COMMENTS, 1 if question.required else _COMMENTING)
        longest = question.parameters.max_length
        return draws.objects([text and text[:longest].strip() for text in drawn])

    def _words(self, variable: Variable) -> Objects:
        """Which other answer is meant, from most who chose it."""
        question = variable.question
        assert isinstance(question, Specified)  # noqa: S101
        drawn = self._said(OTHERS, _SAYING_WHICH)
        drawn[[not question.is_open(answer) for answer in self.answers[question.parent]]] = None
        return drawn

    def _address(self, variable: Variable) -> Objects:
        """Of a domain that nobody can have."""
        writing = self.rng.random(self.size) < (1 if variable.question.required else _WRITING)
        return draws.objects([f"person{n}@example.org" if writes else None for n, writes in enumerate(writing, 1)])

    def _box(self, variable: Variable) -> Objects:
        return np.full(self.size, TICKED, object)

    def _said(self, words: Mapping[str, Sequence[str]], share: float) -> Objects:
        """One of the words from so many, in their language; nothing from the others."""
        drawn = np.full(self.size, None, object)
        for person in np.flatnonzero(self.rng.random(self.size) < share):
            known = words.get(self.language[person], words["en"])
            drawn[person] = known[int(self.rng.integers(len(known)))]
        return drawn

    def _withhold(self, variable: Variable, position: float) -> None:
        """Some do not know, some would rather not say, and the further on, the more pass a question."""
        question, answers = variable.question, self.answers[variable.name]
        offered = {option.code for option in question.apart}
        unsure = self._unsure(variable) if DONT_KNOW in offered else np.zeros(self.size)
        refused = unsure + (_REFUSING if REFUSED in offered else 0)
        skipped = refused + (self._skipping(position) if _may_be_skipped(question) else 0)
        chance = self.rng.random(self.size)
        answers[chance < skipped] = None
        answers[chance < refused] = REFUSED
        answers[chance < unsure] = DONT_KNOW

    def _skipping(self, position: float) -> float:
        """How many pass a question so far on, from 0 to 1."""
        return _SKIPPING_FIRST + (_SKIPPING_LAST - _SKIPPING_FIRST) * position

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
