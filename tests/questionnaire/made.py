"""Questionnaires made for tests: of given questions, and of any, with answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from app.questionnaire.kinds import KINDS
from app.questionnaire.kinds.base import AnswerError, Answers
from app.questionnaire.model import Questionnaire


def questionnaire_of(*pages: Sequence[dict[str, Any]], languages: Sequence[str] = ("en",)) -> Questionnaire:
    """One page per list of questions."""
    text = dict.fromkeys(languages, "Text")
    return Questionnaire.model_validate(
        {
            "survey": "made",
            "title": text,
            "languages": list(languages),
            "pages": [{"name": f"p{n}x", "title": text, "questions": list(page)} for n, page in enumerate(pages)],
        }
    )


TRICKY = [
    *("yes", "no", "null", "~", "true", "1", "1.0", "1.5e5", "-8", "+1", "007", "0x1F", "1_000", "12:30", "2026-11-23"),
    *(": x", "a: b", "x #y", "#x", "- x", "-", "?", "[x]", "{x}", "*x", "&x", "!x", "%x", "@x", "`x", "|", ">", "''"),
    *(
        "'x'",
        '"x"',
        "a\nb",
        "a\n\nb",
        "a\n b",
        "a\tb",
        "\\",
        "\\n",
        "日本語",
        "安全保障：はい。",
        "😀",
        "é",
        "=1+1",
        "<<",
    ),
    *("\u2028x", "x\u2028y", "\ufeffx", "\u200b", "\uffff", "---", "...", "a" * 200, "長" * 150, "word " * 60, "a  b"),
]
LINES = st.sampled_from(TRICKY) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=30
)
CODES = st.from_regex(r"[A-Za-z0-9_.]{1,6}", fullmatch=True).filter(lambda code: code != "answered")


@st.composite
def texts(draw: st.DrawFn) -> dict[str, str]:
    return {language: draw(LINES.filter(lambda line: line.strip() != "")) for language in draw(st.just(("ja", "en")))}


def _choices(draw: st.DrawFn, scale: bool) -> list[dict[str, Any]]:
    codes = ["1", "2", "3", "4"] if scale else draw(st.lists(CODES, min_size=2, max_size=4, unique_by=str.lower))
    return [{"code": code, "label": draw(texts())} for code in codes]


def _question(draw: st.DrawFn, name: str, earlier: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(KINDS)))
    made: dict[str, Any] = {"name": name, "kind": kind, "label": draw(texts())}
    if draw(st.booleans()):
        made["hint"] = draw(texts())
    if draw(st.booleans()) and earlier:
        operator = draw(st.sampled_from(["= ''", "!= ''", "> 1", "<= 2"]))
        made["relevant"] = f"${{{draw(st.sampled_from(earlier))}}} {operator}"
    if kind in ("select_one", "scale", "select_multiple", "matrix"):
        made["choices"] = _choices(draw, kind in ("scale", "matrix"))
    if kind == "matrix":
        made["rows"] = [{"name": f"{name}r{n}", "label": draw(texts())} for n in range(draw(st.integers(1, 3)))]
    if kind == "integer":
        made["parameters"] = {"start": draw(st.integers(0, 5)), "end": draw(st.integers(5, 99))}
    if kind not in ("note", "text"):
        made["dont_know"] = draw(texts()) if draw(st.booleans()) else draw(st.booleans())
        made["refused"] = draw(st.booleans())
        made["required"] = draw(st.booleans())
    return made


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of sound questionnaires over all kinds, with conditions on earlier questions."""
    pages: list[dict[str, Any]] = []
    earlier: list[str] = []
    for p in range(draw(st.integers(1, 3))):
        questions = []
        for q in range(draw(st.integers(1, 3))):
            question = _question(draw, f"p{p}q{q}", earlier)
            questions.append(question)
            if question["kind"] == "matrix":
                earlier += [row["name"] for row in question["rows"]]
            elif question["kind"] != "note":
                earlier.append(question["name"])
        pages.append({"name": f"page_{p}", "title": draw(texts()), "questions": questions})
    weighting = [q["name"] for page in pages for q in page["questions"] if q["kind"] == "select_one"]
    return {
        "survey": "made",
        "title": draw(texts()),
        "languages": ["ja", "en"],
        "period": draw(st.sampled_from(["day", "week", "month", "wave"])),
        "weighting": weighting,
        "breakdowns": [{"name": name} for name in weighting],
        "pages": pages,
    }


@st.composite
def answers_to(draw: st.DrawFn, questionnaire: Questionnaire) -> Answers:
    """Answers to any of the questions, relevant or not."""
    found: Answers = {}
    for variable in questionnaire.variables.values():
        codes = [option.code for option in variable.options] or ["word", "another"]
        typed = (
            st.sampled_from([*codes, "7", "50"]) if variable.question.measure == "number" else st.sampled_from(codes)
        )
        values = draw(st.none() | st.lists(typed, max_size=2))
        try:
            if values is not None:
                found[variable.name] = variable.question.read(values)
        except AnswerError:
            continue
    return found
