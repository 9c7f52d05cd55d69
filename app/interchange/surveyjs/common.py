"""What all elements share: when they are shown, whether they must be answered, hints, checks, comments."""

from __future__ import annotations

from collections.abc import Callable

from app.interchange.drafts.draft import Draft, Holds, Say, Term, all_terms
from app.interchange.formulas import phrase
from app.interchange.formulas.patterns import whole
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import Number

from .conversion import Conversion
from .element import Element
from .grammar import read_expression
from .properties import rest_of_properties
from .translation import Translator
from .variables import Scope, Variable

ENABLED = "It was shown, but could not be answered, where this does not hold; here it is not shown."
NO_VALIDATOR = "There is no such check here."
ADDED = "It may be left open, as it is one of several that can be added."
FIRST = "One message stands for all checks of a question."
_ENTERED = ("note", "calculate")

Source = Callable[[Translator], Phrase]


def complete(conversion: Conversion, element: Element, scope: Scope, drafts: list[Draft]) -> None:
    """Adds to the questions that an element became what its type has no part in."""
    own = [draft for draft in drafts if not draft.get("_done")]
    asked = [draft for draft in own if draft["kind"] not in _ENTERED]
    _required(conversion, element, scope, asked)
    _checks(conversion, element, asked)
    if own and element.words("description"):
        own[0]["hint"] = conversion.say(element, "description")
    drafts += _comment(conversion, element, scope, asked)
    terms = shown_where(conversion, element)
    for draft in drafts:
        shown = draft.get("relevant")
        draft |= all_terms(terms, shown.terms if isinstance(shown, Holds) else ())
        draft["_done"] = True
    rest_of_properties(conversion, element, any("_stands_in" in draft for draft in own))


def shown_where(conversion: Conversion, element: Element) -> list[Term]:
    """The conditions of an element, a panel or a page."""
    found = []
    for key in ("visibleIf", "enableIf"):
        if key in element and element.word(key):
            found.append(conversion.term(element, key))
            if key == "enableIf":
                conversion.report.add(element.where, "property", key, "changed", ENABLED)
    return found


def _required(conversion: Conversion, element: Element, scope: Scope, asked: list[Draft]) -> None:
    if element.type == "matrix":
        return
    is_required = element.flag("isRequired", "required")
    if scope.is_optional and (is_required or "requiredIf" in element):
        conversion.property(element, "isRequired", "changed", ADDED)
        return
    for draft in asked:
        if is_required:
            draft["required"] = True
        elif element.word("requiredIf"):
            draft["required"] = Holds((conversion.term(element, "requiredIf"),))
        if "required" in draft and element.words("requiredErrorText"):
            draft["required_message"] = conversion.say(element, "requiredErrorText")


def _comment(conversion: Conversion, element: Element, scope: Scope, asked: list[Draft]) -> list[Draft]:
    if not asked or not element.flag("showCommentArea", "hasComment", "showComment"):
        return []
    draft = conversion.draft(element, scope, "text", suffix="_comment")
    words = element.words("commentText") or conversion.standard("comment")
    draft |= {"label": conversion.title(element, scope, words), "parameters": {"rows": 3, "max_length": 1_000}}
    conversion.answered(element, scope, Variable("text", draft["name"]), "-Comment")
    return [draft]


def _checks(conversion: Conversion, element: Element, asked: list[Draft]) -> None:
    """Validators, and bounds that are expressions, as constraints of each question."""
    terms: list[Term] = []
    message: Say | None = None
    for validator in element.elements("validators"):
        term = _check(conversion, validator, asked)
        terms += [term] if term else []
        words = validator.words("text")
        if words and term and message is None:
            message = Say((words,), validator.where, "text")
        elif words:
            conversion.report.add(validator.where, "property", "text", "dropped", FIRST)
    for key, sign in (("minValueExpression", ">="), ("maxValueExpression", "<=")):
        if element.word(key):
            terms.append(conversion.term(element, key, _Bound(element.word(key), sign), True))
    for draft in asked:
        own = (*draft.pop("_checks", ()), *terms)
        if own:
            draft["constraint"] = Holds(own)
        if terms and message:
            draft["constraint_message"] = message


def _check(conversion: Conversion, validator: Element, asked: list[Draft]) -> Term | None:
    """The condition of a validator; those that are bounds or kinds by now need none."""
    kind = validator.word("type").lower().removesuffix("validator")
    thing = validator.where, "validator", kind
    kinds = {draft["kind"] for draft in asked}
    source: str | Source | None = None
    if kind == "expression":
        source = validator.word("expression")
        validator.used.add("expression")
    elif kind == "regex":
        source = _Matches(validator.word("regex"), validator.flag("insensitive", "caseInsensitive"))
    elif kind == "text":
        source = _Length(validator)
    elif kind == "numeric" and not kinds <= {"integer", "decimal", "range"}:
        source = _Between(validator)
    elif kind not in ("numeric", "email", "answercount"):
        conversion.report.add(*thing, "dropped", NO_VALIDATOR)
        return None
    if not source or not asked:
        conversion.report.add(*thing)
        return None
    original = validator.word("expression") or validator.word("regex")
    return Term(source, thing, True, original=original)


class _Matches:
    def __init__(self, pattern: str, ignores_case: bool) -> None:
        self.pattern = pattern
        self.ignores_case = ignores_case

    def __call__(self, to: Translator) -> Phrase:
        return phrase.call("regex", [Phrase("."), phrase.text(whole(self.pattern, self.ignores_case))])


class _Length:
    """How long a text may be, and whether digits may stand in it."""

    def __init__(self, validator: Element) -> None:
        self.least, self.most = validator.number("minLength"), validator.number("maxLength")
        self.digits = validator.take("allowDigits") is not False

    def __call__(self, to: Translator) -> Phrase:
        length = phrase.call("string-length", [Phrase(".")])
        found = [
            phrase.comparison(sign, length, phrase.number(str(int(limit))))
            for sign, limit in ((">=", self.least), ("<=", self.most))
            if limit and limit > 0
        ]
        if not self.digits:
            found.append(phrase.call("regex", [Phrase("."), phrase.text("[^0-9]*")]))
        return phrase.all_of(found)


class _Between:
    """A text that writes a number between two bounds."""

    def __init__(self, validator: Element) -> None:
        self.least, self.most = validator.number("minValue"), validator.number("maxValue")

    def __call__(self, to: Translator) -> Phrase:
        number = phrase.call("number", [Phrase(".")])
        found = [phrase.comparison("!=", number, phrase.NOTHING)]
        for sign, limit in ((">=", self.least), ("<=", self.most)):
            if limit is not None:
                bound = phrase.number(str(int(limit)) if limit == int(limit) else str(limit))
                found.append(phrase.comparison(sign, number, bound))
        return phrase.all_of(found)


class _Bound:
    """A bound that is computed; where it is empty there is none."""

    def __init__(self, source: str, sign: str) -> None:
        self.source = source
        self.sign = sign

    def __call__(self, to: Translator) -> Phrase:
        node = read_expression(self.source)
        bound = to.figure(node)
        kept = phrase.comparison(self.sign, Phrase("."), bound)
        empty = phrase.comparison("=", bound, phrase.NOTHING)
        return kept if isinstance(node, Number) else phrase.any_of([empty, kept])
