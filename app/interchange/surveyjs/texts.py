"""SurveyJS's texts in our words: names of answers in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.interchange.drafts.draft import Say
from app.interchange.drafts.texts import Writer
from app.interchange.formulas.tree import FormulaError

from .conversion import Conversion
from .variables import SEVERAL, Scope

_NAME = re.compile(r"\{([^{}\n]{1,200})\}")
_MOST = 500


class JsonWriter(Writer):
    def __init__(self, conversion: Conversion) -> None:
        super().__init__(conversion.languages, conversion.report, conversion.names)
        self.conversion = conversion

    def split(self, source: str) -> Iterator[tuple[str, bool]]:
        start = 0
        for number, match in enumerate(_NAME.finditer(source)):
            if number >= _MOST:
                break
            yield source[start : match.start()], False
            yield match[1], True
            start = match.end()
        yield source[start:], False

    def shown(self, expression: str, text: Say, own: str, language: str) -> str:
        name, scope = expression.strip(), self.conversion.scopes.get(own, Scope())
        if name in scope.constants:
            return scope.constants[name]
        if self.conversion.variables.path(name, scope) == name and name not in self.conversion.variables:
            return "{" + expression + "}"  # What names nothing is part of the text.
        variable = self.conversion.variables.find(name, scope)
        if variable.sort == "several":
            raise FormulaError(SEVERAL, name=name)
        return variable.value().text
