"""What a well-formed questionnaire file can still get wrong. Every rule yields (path, message, params).

A path is where in the document: ("pages", 0, "questions", 2, "relevant"). The reader turns it into a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .kinds.base import RESERVED, AnsweredQuestion, Question
from .kinds.integer import Integer
from .kinds.matrix import Matrix
from .kinds.scale import Scale
from .kinds.select_multiple import SelectMultiple
from .kinds.select_one import Chosen, SelectOne
from .logic import Expression, ExpressionError, parse
from .model import Questionnaire

Path = tuple[str | int, ...]
Finding = tuple[Path, str, dict[str, object]]

TEXTS = ("title", "label", "hint", "introduction", "required_message", "dont_know", "refused")

# Columns that every data file has: no variable may take their names.
FILE_COLUMNS = frozenset(
    {"response_id", "survey", "wave", "questionnaire", "language", "started_at", "submitted_at", "synthetic"}
)


def check_questionnaire(questionnaire: Questionnaire, actions: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Every mistake in a questionnaire that its parts alone do not show. `actions`: catalogue code -> status."""
    yield from _translations(
        (), questionnaire.model_dump(exclude_none=True, exclude={"choices"}), questionnaire.languages
    )
    yield from _names(questionnaire)
    for path, question in _questions(questionnaire):
        yield from _question(path, question)
        yield from _actions(path, question, actions)
    yield from _conditions(questionnaire)
    yield from _weighting(questionnaire)


def _questions(questionnaire: Questionnaire) -> Iterator[tuple[Path, Question]]:
    for p, page in enumerate(questionnaire.pages):
        for q, question in enumerate(page.questions):
            yield ("pages", p, "questions", q), question


def _translations(path: Path, value: object, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Every text in every language, and in no other."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = (*path, key)
            if key in TEXTS and isinstance(inner, dict):
                for language in languages:
                    if language not in inner:
                        yield here, "The translation into “%(language)s” is missing.", {"language": language}
                for language in inner:
                    if language not in languages:
                        yield (
                            (*here, language),
                            "“%(language)s” is not one of this survey's languages.",
                            {"language": language},
                        )
            else:
                yield from _translations(here, inner, languages)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _translations((*path, index), inner, languages)


def _names(questionnaire: Questionnaire) -> Iterator[Finding]:
    pages = Counter[str]()
    for p, page in enumerate(questionnaire.pages):
        pages[page.name] += 1
        if pages[page.name] == 2:
            yield ("pages", p, "name"), "Two pages have the name “%(name)s”.", {"name": page.name}
    names: set[str] = set()
    for path, question in _questions(questionnaire):
        for here, name in _named(path, question):
            if name.lower() in names:
                yield here, "Two questions have the name “%(name)s” (case does not count).", {"name": name}
            elif name.lower() in FILE_COLUMNS:
                yield here, "“%(name)s” is the name of a column that every data file has.", {"name": name}
            names.add(name.lower())


def _named(path: Path, question: Question) -> Iterator[tuple[Path, str]]:
    yield (*path, "name"), question.name
    if isinstance(question, Matrix):
        for r, row in enumerate(question.rows):
            yield (*path, "rows", r, "name"), row.name


def _question(path: Path, question: Question) -> Iterator[Finding]:
    if isinstance(question, Chosen | SelectMultiple):
        codes = Counter[str]()
        for c, choice in enumerate(question.choices):
            codes[choice.code] += 1
            if codes[choice.code] == 2:
                yield (
                    (*path, "choices", c, "code"),
                    "The code “%(code)s” is used twice in this list.",
                    {"code": choice.code},
                )
            if choice.exclusive and not isinstance(question, SelectMultiple):
                yield (*path, "choices", c, "exclusive"), "Only options of select_multiple can be exclusive.", {}
    if isinstance(question, Scale | Matrix):
        yield from _scale(path, question)
    if isinstance(question, Integer) and question.parameters.start > question.parameters.end:
        yield (
            (*path, "parameters"),
            "The start (%(start)s) is above the end (%(end)s).",
            question.parameters.model_dump(),
        )
    if isinstance(question, AnsweredQuestion) and question.required_message and not question.required:
        yield (*path, "required_message"), "There is a message for a question that is not required.", {}


def _scale(path: Path, question: Scale | Matrix) -> Iterator[Finding]:
    codes = [choice.code for choice in question.choices]
    if not all(code.isascii() and code.isdigit() for code in codes):
        yield (*path, "choices"), "The codes of a scale are whole numbers, for they are its scores.", {}
    elif [int(code) for code in codes] != sorted({int(code) for code in codes}):
        yield (*path, "choices"), "The codes of a scale stand in ascending order.", {}


def _actions(path: Path, question: Question, actions: Mapping[str, str] | None) -> Iterator[Finding]:
    named: Iterable[tuple[Path, str | None]] = ()
    if isinstance(question, Matrix):
        named = [((*path, "rows", r, "action"), row.action) for r, row in enumerate(question.rows)]
    elif isinstance(question, Scale):
        named = [((*path, "action"), question.action)]
    for here, action in named:
        if action is None or actions is None:
            continue
        if action not in actions:
            yield here, "The catalogue has no action “%(action)s”.", {"action": action}
        elif actions[action] == "past":
            yield here, "The action “%(action)s” is past, so it is not fielded.", {"action": action}


def _parsed(path: Path, source: str) -> tuple[Expression | None, list[Finding]]:
    try:
        return parse(source), []
    except ExpressionError as error:
        return None, [(path, "The expression cannot be read: " + error.message, dict(error.params))]


def _conditions(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Conditions name earlier questions, and codes that those have."""
    known: dict[str, AnsweredQuestion] = {}
    later = set(questionnaire.variables)
    for p, page in enumerate(questionnaire.pages):
        if page.relevant is not None:
            yield from _condition(("pages", p, "relevant"), page.relevant, known, later)
        for q, question in enumerate(page.questions):
            if question.relevant is not None:
                yield from _condition(("pages", p, "questions", q, "relevant"), question.relevant, known, later)
            for variable in question.variables():
                known[variable.name] = variable.question
    for e, end in enumerate(questionnaire.ends):
        yield from _condition(("ends", e, "when"), end.when, known, set())


def _condition(path: Path, source: str, known: Mapping[str, AnsweredQuestion], later: set[str]) -> Iterator[Finding]:
    expression, findings = _parsed(path, source)
    yield from findings
    if expression is None:
        return
    for name in dict.fromkeys(expression.names):
        if name not in known:
            message = (
                "It names “%(name)s”, which comes later."
                if name in later
                else "It names “%(name)s”, which is no question."
            )
            yield path, message, {"name": name}
        elif name in expression.selected and not isinstance(known[name], SelectMultiple | Chosen):
            yield path, "selected() asks about “%(name)s”, which has no options.", {"name": name}
    for name, code in expression.compared:
        question = known.get(name)
        if isinstance(question, Chosen | SelectMultiple) and code not in {option.code for option in question.options}:
            if code not in RESERVED:
                yield path, "“%(name)s” has no option with the code “%(code)s”.", {"name": name, "code": code}


def _weighting(questionnaire: Questionnaire) -> Iterator[Finding]:
    for w, name in enumerate(questionnaire.weighting):
        variable = questionnaire.variables.get(name)
        if variable is None or not isinstance(variable.question, SelectOne):
            yield ("weighting", w), "“%(name)s” is no select_one question of this questionnaire.", {"name": name}
    if len(set(questionnaire.weighting)) != len(questionnaire.weighting):
        yield ("weighting",), "A weighting variable is named twice.", {}
    weighting = {
        name: questionnaire.variables[name].question
        for name in questionnaire.weighting
        if name in questionnaire.variables
    }
    for b, breakdown in enumerate(questionnaire.breakdowns):
        path: Path = ("breakdowns", b)
        if not breakdown.groups and breakdown.name not in weighting:
            yield path, "“%(name)s” is no weighting variable, and no groups are declared.", {"name": breakdown.name}
        if breakdown.groups and breakdown.label is None:
            yield path, "A breakdown with groups of its own needs a label.", {}
        for g, group in enumerate(breakdown.groups):
            yield from _condition((*path, "groups", g, "where"), group.where, weighting, set(questionnaire.variables))
    for message, path, name in _repeated(questionnaire):
        yield path, message, {"name": name}


def _repeated(questionnaire: Questionnaire) -> Iterator[tuple[str, Path, str]]:
    names = Counter[str]()
    for b, breakdown in enumerate(questionnaire.breakdowns):
        names[breakdown.name] += 1
        if names[breakdown.name] == 2:
            yield "Two breakdowns have the name “%(name)s”.", ("breakdowns", b, "name"), breakdown.name
        codes = Counter[str]()
        for g, group in enumerate(breakdown.groups):
            codes[group.code] += 1
            if codes[group.code] == 2:
                yield "Two groups have the code “%(name)s”.", ("breakdowns", b, "groups", g, "code"), group.code
