"""LimeSurvey's texts in our words: what its expressions in braces show."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from app.interchange.drafts.codes import fit
from app.interchange.drafts.draft import Say
from app.interchange.drafts.texts import Writer
from app.interchange.formulas import phrase
from app.interchange.formulas.tree import FormulaError, Name, Node, Number
from app.interchange.formulas.tree import Text as Literal

from .conversion import Conversion
from .grammar import read_expression
from .survey import Survey
from .translation import Translator
from .variables import Variable

SHOWN = ("", "NAOK", "shown", "value", "code", "valueNAOK")
_LONGEST_EXPRESSION = 2_000
_MOST_FAILED = 5
_SIGNS = re.compile(r"""\\.|["'{}]""", re.DOTALL)


class LimeWriter(Writer):
    def __init__(self, survey: Survey, conversion: Conversion) -> None:
        super().__init__(survey.languages, conversion.report, conversion.names)
        self.survey = survey
        self.variables = conversion.variables
        self.questions = {question.qid: question for question in survey.questions}

    def split(self, source: str) -> Iterator[tuple[str, bool]]:
        return split(source)

    @staticmethod
    def decoded(expression: str) -> str:
        """An expression as it was before an editor wrote it as HTML."""
        return html.unescape(expression).replace("\u00a0", " ").strip()

    def shown(self, expression: str, text: Say, own: str, language: str) -> str:
        expression = self.decoded(expression)
        special = self._special(expression, language)
        if special is not None:
            return special
        try:
            node = read_expression(expression[:_LONGEST_EXPRESSION])
        except FormulaError:
            return "{" + expression + "}"  # Braces that hold no expression are part of the text.
        return self._of(node, expression, own, language, text)

    def _special(self, expression: str, language: str) -> str | None:
        """Names of the survey itself."""
        row, words = self.survey.row, self.survey.words.get(language, {})
        known = {"SID": self.survey.sid, "LANG": language, "ADMINNAME": row.get("admin", "")}
        known |= {"ADMINEMAIL": row.get("adminemail", ""), "SURVEYNAME": words.get("surveyls_title", "")}
        known["SURVEYDESCRIPTION"] = words.get("surveyls_description", "")
        return self.plain(known[expression]) if expression in known else None

    def _of(self, node: Node, expression: str, own: str, language: str, text: Say) -> str:
        if isinstance(node, Literal | Number):
            return node.value
        stem = self.questions[own].code if own in self.questions else "survey"
        if isinstance(node, Name):
            found = self.variables.find(node.name, own)
            if found.attribute == "question":
                return self._question(found.variables[0].question, language)
            if found.attribute in SHOWN and len(found.variables) == 1:
                variable = found.variables[0]
                if variable.sort in ("code", "number", "text", "date"):
                    return f"${{{variable.name}}}"
                if found.attribute == "shown" and variable.sort in ("ticked", "place"):
                    return self.calculation(self._label(variable, language), stem, expression, text)
        value = Translator(self.variables, own).value(node).text
        return self.calculation(value, stem, expression, text)

    def _question(self, qid: str, language: str) -> str:
        words = self.questions[qid].words.get(language, "") if qid in self.questions else ""
        return self.plain(re.sub(r"\{[^{}]*\}", "…", words))

    def _label(self, variable: Variable, language: str) -> str:
        """The words of an option where it is chosen, or of that at a place."""
        question = self.questions[variable.question]
        if variable.sort == "ticked":
            found = [part.words for part in question.parts if variable.code and fit(part.code) == variable.code]
            words = self.plain(found[0].get(language, "")) if found else variable.tick
            return phrase.call("if", [variable.answered(), phrase.text(words), phrase.NOTHING]).text
        said = phrase.NOTHING
        for option in reversed(question.options):
            chosen = phrase.comparison("=", variable.value(), phrase.text(variable.codes[option.code]))
            said = phrase.call("if", [chosen, phrase.text(self.plain(option.words.get(language, ""))), said])
        return said.text


def split(source: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, and whether each is an expression in braces, given without them.

    As in LimeSurvey, a brace before a blank opens nothing, braces in quotes belong to the quote, and a backslash takes
    its meaning from the sign behind it.
    """
    start = position = failed = 0
    while failed < _MOST_FAILED and (opening := source.find("{", position)) >= 0:
        closing = _closing(source, opening + 1)
        if closing < 0 or source[opening + 1 : opening + 2].isspace() or closing == opening + 1:
            position = opening + 1
            failed += closing < 0
            continue
        if opening > start:
            yield source[start:opening], False
        yield source[opening + 1 : closing], True
        start = position = closing + 1
    if start < len(source):
        yield source[start:], False


def _closing(source: str, position: int) -> int:
    """Where the brace is that closes an expression; -1 where none does within its greatest length."""
    quote = ""
    depth = 0
    for found in _SIGNS.finditer(source, position, min(len(source), position + _LONGEST_EXPRESSION)):
        sign = found[0]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "{":
            depth += 1
        elif sign != "}":
            continue
        elif depth == 0:
            return found.start()
        else:
            depth -= 1
    return -1
