"""Questionnaires made for tests: of given questions, and of any, with answers to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from app.questionnaire import conditions
from app.questionnaire.conditions import filtered, is_required
from app.questionnaire.kinds import KINDS
from app.questionnaire.kinds.allocate import Allocate
from app.questionnaire.kinds.base import RESERVED, AnsweredQuestion, AnswerError, Answers, Variable
from app.questionnaire.kinds.companions import Unentered
from app.questionnaire.kinds.date import DateQuestion
from app.questionnaire.kinds.email import Email
from app.questionnaire.kinds.rank import Rank
from app.questionnaire.kinds.select_multiple import SelectMultiple
from app.questionnaire.kinds.typed import Number
from app.questionnaire.kinds.written import Written
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import final_answers, known

TODAY = "2026-11-23"


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


def in_languages(made: Any, languages: list[str]) -> Any:
    """A document with its texts in these languages; those that it lacks are made of the English ones."""
    if isinstance(made, dict) and "en" in made:
        return {code: made.get(code, f"{made['en']} ({code})") for code in languages}
    if isinstance(made, dict):
        return {key: in_languages(value, languages) for key, value in made.items()} | (
            {"languages": languages} if "languages" in made else {}
        )
    return [in_languages(value, languages) for value in made] if isinstance(made, list) else made


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
CODES = st.from_regex(r"[A-Za-z0-9_.]{1,6}", fullmatch=True).filter(
    lambda code: code.lower() not in ("answered", "order")
)
WORDS = LINES.filter(lambda line: line.strip() != "" and "${" not in line)
# False on every day there is, but not known to be before there is one.
LONG_AGO = "today() < '2000-01-01'"
CONDITIONS = (
    "${%s} = ''",
    "${%s} != ''",
    f"number(${{%s}}) > 1 or {LONG_AGO}",
    f"number(${{%s}}) <= 2 or {LONG_AGO}",
)
WITHOUT_APART = ("note", "text", "email", "acknowledge", "allocate", "arm", "sample", "calculate")


@st.composite
def texts(draw: st.DrawFn) -> dict[str, str]:
    return {language: draw(WORDS) for language in ("ja", "en")}


def _choices(draw: st.DrawFn, scale: bool) -> list[dict[str, Any]]:
    codes = ["1", "2", "3", "4"] if scale else draw(st.lists(CODES, min_size=2, max_size=4, unique_by=str.lower))
    return [{"code": code, "label": draw(texts())} for code in codes]


def _listed(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """The words of a kind with a list: in random order or not, perhaps with an "other" and one that stands alone."""
    made: dict[str, Any] = {"choices": _choices(draw, False)}
    parameters: dict[str, Any] = {}
    if kind != "rank" and draw(st.booleans()):
        made["choices"][-1]["specify"] = True
    if kind == "select_one" and draw(st.booleans()):
        made["appearance"] = "minimal"
    if kind == "select_multiple":
        made["choices"][0]["exclusive"] = draw(st.booleans())
        parameters |= draw(st.sampled_from([{}, {"minimum": 1}, {"maximum": 1}]))
    moving = [choice for choice in made["choices"] if not choice.get("specify") and not choice.get("exclusive")]
    if len(moving) > 2 and draw(st.booleans()):
        moving[0]["fixed"] = parameters["randomize"] = True
    elif len(moving) > 1 and draw(st.booleans()):
        parameters["randomize"] = True
    if kind == "rank":
        parameters |= draw(st.sampled_from([{}, {"maximum": 1}, {"maximum": 2}]))
    if draw(st.booleans()):
        made["choice_filter"] = f"name != '{made['choices'][0]['code']}' or {LONG_AGO}"
    return made | ({"parameters": parameters} if parameters else {})


def _rows(draw: st.DrawFn, name: str, least: int) -> dict[str, Any]:
    names = [f"{name}r{n}" for n in range(draw(st.integers(least, 3)))]
    made: dict[str, Any] = {"rows": [{"name": row, "label": draw(texts())} for row in names]}
    if len(names) > 1 and draw(st.booleans()):
        made["parameters"] = {"randomize": True}
    return made


def _of_kind(draw: st.DrawFn, kind: str, name: str, earlier: list[str]) -> dict[str, Any]:
    """The words that a kind has of its own."""
    if kind in ("select_one", "select_multiple", "rank"):
        return _listed(draw, kind)
    if kind == "scale" and draw(st.booleans()):
        return _ends(draw) | {"parameters": {"start": 0, "end": draw(st.integers(1, 10))}}
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "scale": lambda: {"choices": _choices(draw, True)},
        "matrix": lambda: {"choices": _choices(draw, True), **_rows(draw, name, 1)},
        "allocate": lambda: _rows(draw, name, 2),
        "integer": lambda: {"parameters": {"start": draw(st.integers(0, 5)), "end": draw(st.integers(5, 99))}},
        "decimal": lambda: {"parameters": {"start": 0.5, "end": 99.25, "decimals": draw(st.integers(2, 4))}},
        "range": lambda: _ends(draw) | {"parameters": {"step": draw(st.sampled_from([1, 5, 10, 50]))}},
        "date": lambda: {"parameters": draw(st.sampled_from([{}, {"start": "2020-02-29"}]))},
        "arm": lambda: {"choices": [{"code": code, "label": draw(texts()), "share": 2.5} for code in "ab"]},
        "calculate": lambda: {"calculation": f"${{{draw(st.sampled_from(earlier))}}}" if earlier else "'made'"},
    }
    return made[kind]() if kind in made else {}


def _ends(draw: st.DrawFn) -> dict[str, Any]:
    return {"low": draw(texts()), "high": draw(texts())}


def _question(draw: st.DrawFn, name: str, earlier: list[str], arms: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(set(KINDS) - {"sample"})))
    made: dict[str, Any] = {"name": name, "kind": kind, "label": draw(texts()), **_of_kind(draw, kind, name, earlier)}
    if draw(st.booleans()):
        made["hint"] = draw(texts())
    if draw(st.booleans()) and earlier and kind != "arm":
        made["relevant"] = draw(st.sampled_from(CONDITIONS)) % draw(st.sampled_from(earlier))
    if kind not in WITHOUT_APART:
        made["dont_know"] = draw(texts()) if draw(st.booleans()) else draw(st.booleans())
        made["refused"] = draw(st.booleans())
    if kind not in ("note", "arm", "calculate"):
        made["required"] = draw(st.booleans())
    if arms and kind not in ("arm", "calculate") and draw(st.booleans()):
        made["variants"] = [{"experiment": arms[0], "arm": "b", "label": draw(texts())}]
    return made


def _sample(draw: st.DrawFn, pages: list[dict[str, Any]]) -> None:
    """Some of the questions are asked of some only."""
    asked = [q["name"] for page in pages for q in page["questions"] if q["kind"] not in ("arm", "calculate", "sample")]
    if len(asked) > 1 and draw(st.booleans()):
        of = draw(st.lists(st.sampled_from(asked), min_size=2, max_size=4, unique=True))
        sample = {"name": "drawn", "kind": "sample", "label": draw(texts()), "of": of, "parameters": {"ask": 1}}
        pages[0]["questions"].insert(0, sample)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of sound questionnaires over all kinds, with conditions on earlier questions, and designs."""
    pages: list[dict[str, Any]] = []
    earlier: list[str] = []
    arms: list[str] = []
    for p in range(draw(st.integers(1, 3))):
        questions = []
        for q in range(draw(st.integers(1, 3))):
            question = _question(draw, f"p{p}q{q}", earlier, arms)
            questions.append(question)
            earlier += [row["name"] for row in question.get("rows", ())]
            if question["kind"] != "note" and "rows" not in question:
                earlier.append(question["name"])
            arms += [question["name"]] if question["kind"] == "arm" else []
        pages.append({"name": f"page_{p}", "title": draw(texts()), "questions": questions})
    assume(any(not issubclass(KINDS[question["kind"]], Unentered) for page in pages for question in page["questions"]))
    _sample(draw, pages)
    weighting = [q["name"] for page in pages for q in page["questions"] if q["kind"] == "select_one"]
    return {
        "survey": "made",
        "title": draw(texts()),
        "languages": ["ja", "en"],
        "period": draw(st.sampled_from(["day", "week", "month", "wave"])),
        "weighting": weighting,
        "breakdowns": [{"name": name} for name in [*weighting, *arms]],
        "groups": _groups(draw, pages),
        "pages": pages,
    }


def _groups(draw: st.DrawFn, pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All pages in one group, in random order or not: nothing then hangs on a page that may come later."""
    independent = not any("relevant" in q or "calculation" in q for page in pages for q in page["questions"])
    if not independent or not draw(st.booleans()):
        return []
    for page in pages:
        page["group"] = "block"
        page["randomize"] = draw(st.booleans())
    return [{"name": "block", "randomize": draw(st.booleans())}]


def fitting(variable: Variable) -> list[list[str]]:
    """Values that may be posted for a variable. The first that it takes is an answer, and not its first option."""
    question = variable.question
    codes = [option.code for option in question.options]
    if isinstance(question, Rank):
        places = codes[1 : len(question.choices)][: question.places]
        return [places, places[:1], codes[:1], *([code] for code in codes[len(question.choices) :])]
    if isinstance(question, Email):
        return [["a@example.org"], ["+b@example.co.jp"]]
    if isinstance(question, Written):
        return [["word"], ["another\nline"], ["=1+1"]]
    if isinstance(question, DateQuestion):
        return [["2026-11-23"], ["2024/2/29"], *([code] for code in codes)]
    if isinstance(question, Allocate):
        return [["100"], ["50"], ["0"]]
    if isinstance(question, Number):
        return [["50"], ["5"], *([code] for code in codes)]
    if isinstance(question, SelectMultiple):
        return [[code] for code in codes[1:]] + [codes[:2], codes[:1]]
    return [[code] for code in codes[1:] + codes[:1]]


def _readable(variable: Variable) -> list[list[str]]:
    found = []
    for values in fitting(variable):
        try:
            variable.question.read(values)
        except AnswerError:
            continue
        found.append(values)
    return found


def _answered(draw: st.DrawFn, question: AnsweredQuestion) -> Answers:
    """An answer to a question that fits in itself."""
    found: Answers = {}
    allowed = filtered(question, {conditions.TODAY: TODAY})
    for number, variable in enumerate(question.variables()):
        values = draw(st.sampled_from(_readable(variable)))
        if isinstance(question, Allocate):
            values = ["0" if number else str(question.parameters.total)]
        if allowed is None or set(values) <= allowed or variable.question is not question or values[0] in RESERVED:
            found[variable.name] = variable.question.read(values)
    return found


@st.composite
def answers_to(draw: st.DrawFn, questionnaire: Questionnaire) -> Answers:
    """What is known of a response that answered any of the questions, relevant or not."""
    found: Answers = {}
    for question in questionnaire.questions:
        if isinstance(question, AnsweredQuestion) and question.entered and draw(st.booleans()):
            found |= _answered(draw, question)
            if not isinstance(question, Allocate) and draw(st.booleans()):
                found[draw(st.sampled_from([v.name for v in question.variables()]))] = None
    return known(questionnaire, found, draw(st.integers(0, 2**63 - 1)), TODAY)


@st.composite
def submitted(draw: st.DrawFn, questionnaire: Questionnaire) -> Answers:
    """Answers as they are stored on submission: those on the path, with all that must be answered."""
    given = draw(answers_to(questionnaire))
    for question in questionnaire.questions:
        if isinstance(question, AnsweredQuestion) and question.entered and is_required(question, given):
            missing = [v for v in question.variables() if given.get(v.name) is None and v.question is question]
            if missing and isinstance(question, Allocate):
                given |= _answered(draw, question)
            else:
                given |= {v.name: question.read(_readable(v)[0]) for v in missing}
    return final_answers(questionnaire, given)
