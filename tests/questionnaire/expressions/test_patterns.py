"""Regular expressions: what they know, what they refuse, and that none of them hangs."""

from __future__ import annotations

import pytest

from app.questionnaire.expressions import ExpressionError
from app.questionnaire.expressions.patterns import matcher


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[0-9]{3}-?[0-9]{4}", "1234567", True),
        (r"\d{3}-\d{4}", "１２３-４５６７", False),
        (r"\p{Hiragana}+", "ひらがな", True),
        (r"[\u3041-\u3096]+", "ひらがな", True),
        (r"\\u3041", r"\u3041", True),
        ("(?i)abc", "ABC", True),
        (".", "\ud800", True),
        ("a|b", "ab", False),
        ("", "", True),
    ],
)
def test_what_matches(pattern: str, text: str, expected: bool) -> None:
    assert matcher(pattern)(text) is expected


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?=a)b", "The pattern “(?=a)b” looks around with (?= or (?!, which is not known."),
        ("(?<!a)b", "The pattern “(?<!a)b” looks around with (?= or (?!, which is not known."),
        (r"(a)\1", r"The pattern “(a)\1” refers back to a group, which is not known."),
        ("[a", "The pattern “[a” cannot be read (missing ]: [a)."),
        ("a{5000}", "The pattern “a{5000}” cannot be read (invalid repetition size: {5000})."),
        ("a" * 1_001, "The pattern is longer than 1000 characters."),
        ("\ud800", "The pattern “\ud800” cannot be read (?)."),
    ],
)
def test_what_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        matcher(pattern)
    assert str(caught.value) == message


@pytest.mark.parametrize("pattern", [r"(x+x+)+y", r"(x|x)*y", r"(x*)*y", r"(\w+\s?)*!", "(?:x?){500}x{500}y"])
def test_patterns_that_hang_elsewhere_do_not_hang(pattern: str) -> None:
    assert matcher(pattern)("x" * 10_000) is False


@pytest.mark.parametrize("pattern", ["((a{100}){10}){100}", r"(\pL{100}|\pN{100}){10}"])
def test_patterns_that_grow_are_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError, match="cannot be read"):
        matcher(pattern)
