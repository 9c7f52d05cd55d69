"""Expressions and answers made for tests: any that can be written, and answers as strange as they come."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from app.questionnaire.expressions import Answer, Context
from app.questionnaire.expressions.functions import FUNCTIONS
from app.questionnaire.expressions.values import NO_ANSWERS

NAMES = ("a", "b", "c", "d")
TEXTS = ("", "x", "y", "x y", "-8", "12.50", "4", "false", "2026-01-31", "2024-02-29", "長い文")
PREPARED = {"regex": ("[0-9]+", "x|y", r"\p{Han}+", "(x+x+)+y"), "format-date": ("%Y-%m-%d", "%e %b %a %y%%", "%n")}

LEAVES = st.one_of(
    st.sampled_from([f"${{{name}}}" for name in NAMES]),
    st.sampled_from([".", "attribute", "today()", "true()", "0", "1", "2.5", "0.1", "99999999999", "3"]),
    st.sampled_from([f"'{text}'" for text in TEXTS]),
)
BINARY = ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or")


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({}) {} ({})".format, inner, st.sampled_from(BINARY), inner),
        st.builds("-({})".format, inner),
        _calls(inner),
    )


@st.composite
def _calls(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    name = draw(st.sampled_from(sorted(FUNCTIONS)))
    function = FUNCTIONS[name]
    count = draw(st.integers(function.least, function.least + 2 if function.most is None else function.most))
    arguments = [draw(inner) for _ in range(count)]
    if name in PREPARED:
        arguments[1] = f"'{draw(st.sampled_from(PREPARED[name]))}'"
    return f"{name}({', '.join(arguments)})"


SOURCES = st.recursive(LEAVES, _grown, max_leaves=12)

ANSWERS: st.SearchStrategy[Answer] = st.one_of(
    st.none(),
    st.integers(),
    st.integers(-20, 20),
    st.sampled_from([*TEXTS, *NO_ANSWERS, "9999-12-31", "0001-01-01", "2026-02-30", "0" * 12_000, "1e400", "nan"]),
    st.text(max_size=5),
    st.just("\ud800"),
    st.lists(st.sampled_from(["x", "y", "4", "", "x y"]), max_size=3),
)
CONTEXTS = st.builds(
    Context,
    today=st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
    own=ANSWERS,
    choice=st.none() | st.dictionaries(st.just("attribute"), st.sampled_from(TEXTS)),
)
