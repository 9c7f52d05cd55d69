"""XLSForm's expression language, by itself: no `eval`, no imports but RE2's, no exception at answer time.

    >>> from datetime import date
    >>> from app.questionnaire.expressions import NOT_YET, Context, ExpressionError, parse
    >>> adult = parse("${age} >= 18 and ${country} = 'jp'")
    >>> adult.holds({"age": 30, "country": "jp"})
    True
    >>> adult.names
    ('age', 'country')
    >>> parse("round(${total} div ${people}, 1)").value({"total": 10, "people": 4})
    2.5

Answers are texts, numbers, lists of codes, or None. What may still be answered is NOT_YET, and so is what hangs on it:

    >>> parse("${age} >= 18").value({"age": NOT_YET})
    <Unknown.NOT_YET: 'not yet'>
    >>> parse("${age} >= 18 and ${country} = 'jp'").value({"age": NOT_YET, "country": "us"})
    False

A constraint reads the answer itself, a choice filter the choice's attributes, and `today()` the day given:

    >>> parse(". <= 120", dot=True).holds({}, Context(own=130))
    False
    >>> parse("region = ${region}", attributes=True).holds({"region": "kanto"}, Context(choice={"region": "kanto"}))
    True
    >>> parse("today() - date('2026-01-01')").value({}, Context(today=date(2026, 1, 31)))
    30

What cannot be read is said in words that can be translated: `message` is a template, `params` what stands in it.

    >>> try:
    ...     parse("${age} >= eighteen")
    ... except ExpressionError as error:
    ...     print(error)
    “eighteen” stands without quotes or ${}.

`checks.mistakes` says what can be known to be wrong before there are answers, given what each variable can be:

    >>> from app.questionnaire.expressions.checks import Scope, mistakes
    >>> from app.questionnaire.expressions.types import Declared, Type
    >>> scope = Scope({"country": Declared(Type.CODE, ("jp", "us"))})
    >>> [message % params for message, params in mistakes(parse("${country} = 'fr'"), scope)]
    ['“country” has no option with the code “fr”.']
"""

from .errors import ExpressionError
from .expression import Expression, all_hold, holds, parse
from .values import NOT_YET, Answer, Context, Given, Unknown, Value, text_of

__all__ = [
    "NOT_YET",
    "Answer",
    "Context",
    "Expression",
    "ExpressionError",
    "Given",
    "Unknown",
    "Value",
    "all_hold",
    "holds",
    "parse",
    "text_of",
]
