"""What expressions may say, wherever they stand, and by whom results are shown. Rules as in `check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.estimation.suppression import WHOLE

from .declared import attributes_of, declared_of, variables_of
from .expressions import Expression, ExpressionError, parse
from .expressions.checks import mistakes
from .expressions.lexer import VARIABLE
from .expressions.possible import Effort, never_holds
from .expressions.types import Declared, Scope
from .kinds.arm import Arm
from .kinds.base import RESERVED
from .kinds.select_one import SelectOne
from .naming import Here, Known
from .outline import Asked, parts, word, words
from .problems import Finding, Path
from .sequence import Sequence as Order
from .sequence import Spot
from .shape import TRUE_OR_CONDITION

NOT_WEIGHTING = "It names “%(name)s”, which is no weighting variable."
NEVER = "It can never hold."
NEVER_SHOWN = "The option “%(code)s” can never be shown."
NOT_PIPED = "“%(found)s” shows no answer: write ${name}, with the name of a question."
NOT_HERE = "“${%(name)s}” shows no answer here: only the words of a question, a row or an option do."

_SHOWING = ("label", "hint", "low", "high", "dont_know", "refused", "required_message", "constraint_message")
_MAY_BE_FALSE = ("required", "calculation")
_Choices = Sequence[tuple[str, dict[str, str]]]


def check_conditions(document: dict[str, Any], pages: list[list[Asked]]) -> Iterator[Finding]:
    """Expressions can be read, name earlier questions and codes that those have, and may come true."""
    order = Order(document, pages)
    reader = _Reader(Known(sequence=order))
    reader.known.expect(question for page in pages for question in page)
    for number, (path, page) in enumerate(parts(document, (), "pages")):
        for name in order.groups_from(number):
            group_path, group = order.groups[name]
            yield from reader.read(group_path, group, "relevant", Here(order.of_group(name)))
        yield from reader.read(path, page, "relevant", Here(order.of_page(number)))
        for question, spot in order.spots(number):
            yield from reader.question(question, spot)
            reader.known.add(question, spot)
    for key in ("ends", "contradictions"):
        for path, rule in parts(document, (), key):
            yield from reader.read(path, rule, "when", Here())
    yield from _outside_questions(document)


class _Reader:
    """Reads the expressions of a document, one after another."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.effort = Effort()

    def question(self, question: Asked, spot: Spot) -> Iterator[Finding]:
        """All that a question says: its own expressions, its rows', and the answers that its words show."""
        path, data = question.path, question.data
        here = Here(spot, tuple(variables_of(question)))
        yield from self.read(path, data, "relevant", here)
        yield from self.read(path, data, "required", here)
        yield from self.read(path, data, "calculation", here)
        own = declared_of(question)
        answer = own.get(next(iter(question.variables()), ""))
        yield from self.read(path, data, "constraint", here, own=answer)
        yield from self.read(path, data, "choice_filter", here, choices=attributes_of(question))
        for row_path, row in question.rows():
            yield from self.read(row_path, row, "relevant", here)
        for part_path, part in _with_texts(question):
            yield from self._shown(part_path, part, here)

    def read(
        self,
        path: Path,
        data: dict[str, Any],
        key: str,
        here: Here,
        own: Declared | None = None,
        choices: _Choices | None = None,
    ) -> Iterator[Finding]:
        """One expression, if it is there. `own`: the answer that it is about; `choices`: those that it filters."""
        source, path = data.get(key), (*path, key)
        if not isinstance(source, str):
            return
        try:
            expression = parse(source.strip(), dot=key == "constraint", attributes=key == "choice_filter")
        except ExpressionError as error:
            is_word = key == "required" and source.strip().isalpha()  # Such as yes.
            yield (path, TRUE_OR_CONDITION, {}) if is_word else (path, error.message, dict(error.params))
            return
        found = list(self.known.check(path, expression.names, here))
        scope = Scope(self.known.variables, own, _values(choices or ()))
        if key != "choice_filter" or choices is not None:
            found += [(path, *mistake) for mistake in mistakes(expression, scope, condition=key != "calculation")]
        yield from found
        if not found and key not in _MAY_BE_FALSE:
            yield from self._never(path, expression, scope, choices)

    def _never(self, path: Path, expression: Expression, scope: Scope, choices: _Choices | None) -> Iterator[Finding]:
        """A condition that is never met, or an option that it never leaves."""
        if choices is None:
            if path[-1] != "choice_filter" and never_holds(expression, scope, self.effort):
                yield path, NEVER, {}
            return
        never = [code for code, read in choices if never_holds(expression, scope, self.effort, read)]
        if never and len(never) == len(choices):
            yield path, NEVER, {}
            return
        for code in never:
            yield path, NEVER_SHOWN, {"code": code}

    def _shown(self, path: Path, data: dict[str, Any], here: Here) -> Iterator[Finding]:
        """The answers that a part's words show are of earlier questions."""
        for key in _SHOWING:
            text = data.get(key)
            for language, line in text.items() if isinstance(text, dict) else ():
                if not isinstance(line, str) or "${" not in line:
                    continue
                where = (*path, key, language)
                yield from self.known.check(where, dict.fromkeys(VARIABLE.findall(line)), here)
                rest = VARIABLE.sub("", line)
                if "${" in rest:
                    yield where, NOT_PIPED, {"found": rest[rest.index("${") :][:20]}


def _outside_questions(document: dict[str, Any]) -> Iterator[Finding]:
    """Titles, the introduction and what is said at an end stand over all that is asked: they show no answers."""
    places: list[tuple[Path, dict[str, Any], str]] = [((), document, "title"), ((), document, "introduction")]
    places += [(path, page, "title") for path, page in parts(document, (), "pages")]
    places += [(path, rule, "label") for key in ("ends", "contradictions") for path, rule in parts(document, (), key)]
    for path, breakdown in parts(document, (), "breakdowns"):
        places += [(path, breakdown, "label")]
        places += [(part, group, "label") for part, group in parts(breakdown, path, "groups")]
    for path, data, key in places:
        text = data.get(key)
        for language, line in text.items() if isinstance(text, dict) else ():
            for name in dict.fromkeys(VARIABLE.findall(line)) if isinstance(line, str) else ():
                yield (*path, key, language), NOT_HERE, {"name": name}


def _values(choices: _Choices) -> dict[str, frozenset[str]]:
    """The attributes that the choices of a list have, each with its values."""
    names = {name for _, attributes in choices for name in attributes}
    return {name: frozenset(attributes.get(name, "") for _, attributes in choices) for name in names}


def _with_texts(question: Asked) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The parts of a question that have words: itself, its rows, its choices, and those of its variants."""
    yield question.path, question.data
    yield from question.rows()
    yield from question.choices or ()
    for path, variant in parts(question.data, question.path, "variants"):
        yield path, variant
        yield from parts(variant, path, "choices")


def check_breakdowns(document: dict[str, Any], asked: list[Asked]) -> Iterator[Finding]:
    """Weighting variables are select_one questions; breakdowns are by them, and by the arms of experiments."""
    variables = {name: question for question in asked for name in question.variables()}
    weighting = words(document, "weighting")
    for index, name in enumerate(weighting):
        question = variables.get(name)
        if name and (question is None or (question.cls is not None and not question.of(SelectOne))):
            yield ("weighting", index), "“%(name)s” is no select_one question of this questionnaire.", {"name": name}
        if name and name in weighting[:index]:
            yield ("weighting", index), "The weighting variable “%(name)s” is named twice.", {"name": name}
    cells = [*weighting, *(name for name, question in variables.items() if question.of(Arm))]
    declared = {name: _in_cells(declared_of(variables[name])[name]) for name in cells if name in variables}
    reader = _Reader(Known(declared, unknown=NOT_WEIGHTING))
    seen: set[str] = set()
    for path, breakdown in parts(document, (), "breakdowns"):
        name = word(breakdown, "name")
        if name and name in seen:
            yield (*path, "name"), "Two breakdowns have the name “%(name)s”.", {"name": name}
        seen.add(name)
        yield from _breakdown(path, breakdown, cells, reader)


def _in_cells(declared: Declared) -> Declared:
    """What a weighting variable can be in a cell: there, all ways of not answering are the empty text."""
    codes = declared.codes
    return replace(declared, codes=codes and tuple(code for code in codes if code not in RESERVED))


def _breakdown(path: Path, breakdown: dict[str, Any], cells: list[str], reader: _Reader) -> Iterator[Finding]:
    name, groups = word(breakdown, "name"), parts(breakdown, path, "groups")
    if name == WHOLE:
        yield (*path, "name"), "“%(name)s” stands for everybody; choose another name.", {"name": name}
    if not breakdown.get("groups") and name and name not in cells:
        yield path, "“%(name)s” is no weighting variable, and no groups are declared.", {"name": name}
    if groups and "label" not in breakdown:
        yield path, "A breakdown with groups of its own needs a label.", {}
    seen: set[str] = set()
    for group_path, group in groups:
        code = word(group, "code")
        if code and code in seen:
            yield (*group_path, "code"), "Two groups have the code “%(code)s”.", {"code": code}
        seen.add(code)
        yield from reader.read(group_path, group, "where", Here())
