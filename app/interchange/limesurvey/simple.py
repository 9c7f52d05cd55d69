"""Types with one field: texts, a number, a date, yes and no, gender, five points; and those that take no answer."""

from __future__ import annotations

import re

from app.interchange.drafts.draft import Draft, Term
from app.interchange.drafts.numbers import bounds_told, figure
from app.interchange.report import Outcome
from app.interchange.safe_text import plain_text

from .calculation import Worth
from .conversion import Conversion
from .numbers import number
from .survey import Question

NOT_TAKEN = "There is no such question here: a note keeps its words."
NOTHING = "There is nothing in it to answer: its words alone are shown."
NO_ANSWER = "“%(name)s” takes no answer."
LOST = "“%(name)s” was not taken."
NO_WORDS = "It has no words to read."
LANGUAGES = "Every page has a choice of languages."
WITHOUT_TIME = "It takes the day, without the time."
TIME_AS_TEXT = "A time of day is typed as a text."
COMPUTED = "A note after it shows what it computes."
FIGURES_ONLY = "It takes figures only, so it became a number."
_ROWS = {"S": 1, "T": 5, "U": 15}
_LONGEST = {"S": 1_000, "T": 5_000, "U": 10_000}


def note(conversion: Conversion, question: Question) -> list[Draft]:
    """X: words to read."""
    if not any(plain_text(words[:50_000])[0] for words in question.words.values()):
        conversion.tell(question, "dropped", NO_WORDS)
        conversion.lost(question, NO_WORDS)
        return []
    draft: Draft = {"name": conversion.name(question.code), "kind": "note", "label": conversion.words(question)}
    conversion.tell(question, at=draft)
    conversion.lost(question, NO_ANSWER)
    return [draft]


def stand_in(conversion: Conversion, question: Question, sort: str) -> list[Draft]:
    """A note with the words of what cannot be asked."""
    draft: Draft = {"name": conversion.name(question.code), "kind": "note", "label": conversion.words(question)}
    draft["_stands_in"] = sort
    conversion.tell(question, "dropped", NOT_TAKEN, at=draft)
    for suffix in ("", "_filecount"):
        conversion.lost(question, LOST, suffix, suffix)
    return [draft]


def words_alone(conversion: Conversion, question: Question) -> list[Draft]:
    """A note with the words of what nobody can answer there either."""
    draft: Draft = {"name": conversion.name(question.code), "kind": "note", "label": conversion.words(question)}
    conversion.tell(question, "changed", NOTHING, at=draft)
    conversion.lost(question, NO_ANSWER)
    return [draft]


def file_upload(conversion: Conversion, question: Question) -> list[Draft]:
    return stand_in(conversion, question, "file upload")


def language(conversion: Conversion, question: Question) -> list[Draft]:
    """I: a choice of languages."""
    conversion.tell(question, "dropped", LANGUAGES)
    conversion.lost(question, LANGUAGES)
    return []


def text(conversion: Conversion, question: Question) -> list[Draft]:
    """S, T, U."""
    theme = question.row.get("question_theme_name") or question.attribute("question_template")
    if figure(question.attribute("location_mapservice") or "0"):
        return stand_in(conversion, question, "map")
    if theme == "browserdetect":
        return stand_in(conversion, question, "browser detection")
    name = conversion.name(question.code)
    if question.on("numbers_only"):
        draft, terms = number(conversion, question)
        draft = {"name": name, "label": conversion.words(question), **draft, "_checks": terms}
        message, params = bounds_told(draft)
        conversion.attribute(question, "numbers_only", "changed", FIGURES_ONLY)
        conversion.tell(question, "changed", message, at=draft, **params)
        conversion.answered(question, "number", name)
        return [draft]
    draft = {"name": name, "kind": "text", "label": conversion.words(question)}
    draft["parameters"] = text_size(conversion, question, question.letter)
    conversion.tell(question, at=draft)
    conversion.answered(question, "text", name)
    return [draft]


def text_size(conversion: Conversion, question: Question, letter: str) -> dict[str, int]:
    """Rows and length of a field for text."""
    rows, length = figure(question.attribute("display_rows")), figure(question.attribute("maximum_chars"))
    found = {"rows": _ROWS.get(letter, 1), "max_length": _LONGEST.get(letter, 1_000)}
    if rows and 1 <= rows <= 30 and letter in "TU":
        found["rows"] = int(rows)
        conversion.attribute(question, "display_rows")
    if length and 1 <= length <= 10_000:
        found["max_length"] = int(length)
        conversion.attribute(question, "maximum_chars")
    return found


def numeric(conversion: Conversion, question: Question) -> list[Draft]:
    """N."""
    name = conversion.name(question.code)
    kind, terms = number(conversion, question, "min_num_value_n", "max_num_value_n", question.on("num_value_int_only"))
    conversion.attribute(question, "num_value_int_only")
    draft: Draft = {"name": name, "label": conversion.words(question), **kind, "_checks": terms}
    message, params = bounds_told(draft)
    conversion.tell(question, "changed", message, at=draft, **params)
    conversion.answered(question, "number", name)
    return [draft]


def date(conversion: Conversion, question: Question) -> list[Draft]:
    """D."""
    name = conversion.name(question.code)
    form = question.attribute("date_format")
    has_day, has_time = bool(re.search("[dD]|[yY]{2}", form)) or not form, bool(re.search("[hH]", form))
    conversion.answered(question, "date" if has_day else "text", name)
    if not has_day:
        conversion.attribute(question, "date_format")
        draft: Draft = {"name": name, "kind": "text", "label": conversion.words(question)}
        conversion.tell(question, "changed", TIME_AS_TEXT, at=draft)
        return [draft]
    draft = {"name": name, "kind": "date", "label": conversion.words(question)}
    outcome: Outcome = "changed" if has_time else "kept"
    message = WITHOUT_TIME if has_time else ""
    conversion.attribute(question, "date_format", outcome, message)
    checks = []
    for attribute, key, sign, rest in (("date_min", "start", ">=", "-01-01"), ("date_max", "end", "<=", "-12-31")):
        value = question.attribute(attribute).strip("\"' ")
        if re.fullmatch("[0-9]{4}(-[0-9]{2}-[0-9]{2})?", value):
            draft.setdefault("parameters", {})[key] = value + ("" if "-" in value else rest)
            conversion.attribute(question, attribute)
        elif value:
            source = 'date("Y-m-d")' if value in ("now", "today") else question.attribute(attribute)
            thing = (conversion.place(question), "attribute", attribute)
            checks.append(Term(f"this {sign} ({source})", thing, True))
            conversion.used.add((question.qid, attribute))
    draft["_checks"] = tuple(checks)
    conversion.tell(question, outcome, message, at=draft)
    return [draft]


def yes_no(conversion: Conversion, question: Question) -> list[Draft]:
    return _fixed(conversion, question, "select_one", {"Y": "yes", "N": "no"})


def gender(conversion: Conversion, question: Question) -> list[Draft]:
    return _fixed(conversion, question, "select_one", {"F": "female", "M": "male"})


def five_points(conversion: Conversion, question: Question) -> list[Draft]:
    return _fixed(conversion, question, "scale", {str(point): "" for point in range(1, 6)})


def _fixed(conversion: Conversion, question: Question, kind: str, options: dict[str, str]) -> list[Draft]:
    """Options that LimeSurvey has built in."""
    name = conversion.name(question.code)
    plain = conversion.survey.languages
    choices = [
        {"code": code, "label": conversion.standard(word) if word else dict.fromkeys(plain, code)}
        for code, word in options.items()
    ]
    draft: Draft = {"name": name, "kind": kind, "label": conversion.words(question), "choices": choices}
    conversion.tell(question, at=draft)
    conversion.answered(question, "code", name, codes={code: code for code in options})
    return [draft]


def equation(conversion: Conversion, question: Question) -> list[Draft]:
    """“*”: a value computed, and shown unless it is hidden."""
    name = conversion.name(question.code)
    words = question.attributes.get("equation") or question.words
    conversion.attribute(question, "equation")
    label = dict.fromkeys(conversion.survey.languages, question.code)
    draft: Draft = {"name": name, "kind": "calculate", "label": label, "calculation": Worth(words)}
    conversion.answered(question, "text", name)
    if question.on("hidden"):
        conversion.attribute(question, "hidden")
        conversion.tell(question, at=draft)
        return [draft]
    shown: Draft = {"name": conversion.name(f"{question.code}_shown"), "kind": "note", "_shows": name}
    shown["label"] = dict.fromkeys(conversion.survey.languages, f"${{{name}}}")
    shown["_instead"] = dict(label)
    conversion.tell(question, "changed", COMPUTED, at=draft)
    return [draft, conversion.stands(question, shown)]
