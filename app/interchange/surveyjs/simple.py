"""Elements with one answer that is typed or set: texts, numbers, dates, a slider, yes and no; and words to read."""

from __future__ import annotations

from app.interchange.drafts.codes import distinct
from app.interchange.drafts.draft import Draft, Say, Term
from app.interchange.drafts.numbers import BELOW, bounds_told, number_between
from app.interchange.formulas import phrase
from app.interchange.report import Outcome
from app.questionnaire.kinds.typed import LARGEST
from app.questionnaire.problems import Message

from .conversion import Conversion
from .element import Element
from .variables import Scope, Variable

NOT_TAKEN = "There is no such question here: a note keeps its words."
LOST = "“%(name)s” was not taken."
NO_WORDS = "It has no words to read."
NO_PICTURES = "Pages show no pictures."
PICTURE_WORDS = "Pages show no pictures: the words for it are shown."
WITHOUT_TIME = "It takes the day, without the time."
AS_TEXT = "It is typed as a text."
NOTHING = "There is nothing in it to answer: its words alone are shown."
NO_ANSWER = "“%(name)s” takes no answer."
COMPUTED = "A note after it shows what it computes."
TICKED = "The box counts as “yes” where it is ticked, and as left open where it is not."
TWO_ENDS = "Each of its two ends is a question of its own."
NO_LINE = "Its numbers cannot stand on a line here: it takes a number."
_TYPED = ("time", "month", "week", "color")


def stand_in(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """A note with the words of what cannot be asked."""
    draft = conversion.draft(element, scope, "note")
    draft["_stands_in"] = element.word("type")
    conversion.tell(element, "dropped", NOT_TAKEN, at=draft)
    conversion.answered(element, scope, Variable("lost", reason=Message(LOST, {"name": element.name})))
    return [draft]


def words_alone(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """A note with the words of what nobody can answer there either."""
    draft = conversion.draft(element, scope, "note")
    conversion.tell(element, "changed", NOTHING, at=draft)
    conversion.answered(element, scope, Variable("lost", reason=Message(NO_ANSWER, {"name": element.name})))
    return [draft]


def html(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """Words to read."""
    words = element.words("html")
    if not words:
        conversion.report.add(element.where, "element", element.name, "dropped", NO_WORDS)
        return []
    element.item = "element"
    draft = conversion.draft(element, scope, "note")
    draft["label"] = Say((scope.label, words), element.where, "html")
    conversion.report.add(element.where, "element", element.name, at=draft)
    return [draft]


def image(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """A picture: only its words can be shown."""
    words = element.words("altText", "text")
    if not words:
        conversion.report.add(element.where, "element", element.name, "dropped", NO_PICTURES)
        return []
    element.item = "element"
    draft = conversion.draft(element, scope, "note")
    draft["label"] = Say((scope.label, words), element.where, "altText")
    conversion.report.add(element.where, "element", element.name, "changed", PICTURE_WORDS, at=draft)
    return [draft]


def text(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """text and comment."""
    sort = element.word("inputType").lower() if element.type == "text" else ""
    mails = [v for v in element.elements("validators") if v.word("type").startswith("email")]
    if sort in ("number", "numeric"):
        return [_number(conversion, element, scope)]
    if sort == "range":
        return [_line(conversion, element, scope, "min", "max", "step")]
    if sort in ("date", "datetime", "datetime-local"):
        return [_date(conversion, element, scope, sort != "date")]
    if sort == "email" or mails:
        draft = conversion.draft(element, scope, "email")
    else:
        draft = conversion.draft(element, scope, "text")
        rows = element.number("rows") if element.type == "comment" else None
        length = element.number("maxLength")
        long = element.type == "comment"
        draft["parameters"] = {"rows": max(1, min(int(rows or (4 if long else 1)), 30))}
        draft["parameters"]["max_length"] = (
            int(length) if length and 1 <= length <= 10_000 else 5_000 if long else 1_000
        )
    outcome: Outcome = "changed" if sort in _TYPED else "kept"
    conversion.tell(element, outcome, AS_TEXT if sort in _TYPED else "", at=draft)
    conversion.answered(element, scope, Variable("text", draft["name"]))
    return [draft]


def _number(conversion: Conversion, element: Element, scope: Scope) -> Draft:
    low, high, step = (element.number(key) for key in ("min", "max", "step"))
    for validator in element.elements("validators"):
        if validator.word("type").startswith("numeric"):
            low = low if low is not None else validator.number("minValue")
            high = high if high is not None else validator.number("maxValue")
    draft = conversion.draft(element, scope, "decimal")
    draft |= number_between(low, high, step is not None and step == int(step))
    if low is not None and low < 0:
        conversion.property(element, "min", "changed", BELOW)
    if step is not None and step > 1 and step == int(step):
        start = phrase.operation("-", phrase.Phrase("."), phrase.number(str(int(max(low or 0, 0)))))
        rest = phrase.operation("mod", start, phrase.number(str(int(step))))
        whole = phrase.comparison("=", rest, phrase.number("0"))
        draft["_checks"] = (Term(lambda to: whole, (element.where, "property", "step"), True),)
    message, params = bounds_told(draft)
    conversion.tell(element, "changed", message, at=draft, **params)
    conversion.answered(element, scope, Variable("number", draft["name"]))
    return draft


def _date(conversion: Conversion, element: Element, scope: Scope, has_time: bool) -> Draft:
    draft = conversion.draft(element, scope, "date")
    bounds = {}
    for key, ours in (("min", "start"), ("max", "end")):
        day = element.word(key)[:10]
        if len(day) == 10 and day[4:5] == "-":
            bounds[ours] = day
    if bounds:
        draft["parameters"] = bounds
    conversion.tell(element, "changed" if has_time else "kept", WITHOUT_TIME if has_time else "", at=draft)
    conversion.answered(element, scope, Variable("date", draft["name"]))
    return draft


def _line(conversion: Conversion, element: Element, scope: Scope, *keys: str, suffix: str = "") -> Draft:
    """A number on a line; one that has digits after the point, or is below 0, is typed."""
    found = [element.number(key) for key in keys]
    start, end, step = (value if value is not None else d for value, d in zip(found, (0, 100, 1), strict=True))
    whole = all(value == int(value) and 0 <= value <= LARGEST for value in (start, end, step))
    draft = conversion.draft(element, scope, "range", suffix=suffix)
    if whole and step and start < end and (end - start) % step == 0:
        draft["parameters"] = {"start": int(start), "end": int(end), "step": int(step)}
        for key, value in (("low", start), ("high", end)):
            draft[key] = dict.fromkeys(conversion.languages, str(int(value)))
        conversion.tell(element, at=draft)
    else:
        draft |= number_between(start, end, step == int(step) and start == int(start))
        conversion.tell(element, "changed", NO_LINE, at=draft)
    conversion.answered(element, scope, Variable("number", draft["name"]), suffix and f".{suffix}")
    return draft


def slider(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """One handle, or two."""
    if element.word("sliderType").lower() == "single":
        return [_line(conversion, element, scope, "min", "max", "step")]
    drafts = [_line(conversion, element, scope, "min", "max", "step", suffix=f"_{end}") for end in ("from", "to")]
    for draft, end in zip(drafts, ("from", "to"), strict=True):
        draft["label"] = conversion.title(element, scope, conversion.standard(end))
    first = phrase.comparison(">=", phrase.Phrase("."), phrase.variable(drafts[0]["name"]))
    drafts[1]["_checks"] = (Term(lambda to: first, (element.where, element.item, element.name), True),)
    conversion.tell(element, "changed", TWO_ENDS, at=drafts[0])
    members = tuple(Variable("number", draft["name"]) for draft in drafts)
    conversion.answered(element, scope, Variable("several", drafts[0]["name"], members=members))
    for number, member in enumerate(members):
        conversion.answered(element, scope, member, f"[{number}]")
    return drafts


def boolean(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """Yes and no; a box to tick where it is shown as one."""
    values = {True: element.word("valueTrue") or "true", False: element.word("valueFalse") or "false"}
    if "checkbox" in (element.word("renderAs"), element.word("displayMode")):
        draft = conversion.draft(element, scope, "acknowledge")
        codes = {values[True]: "yes", "true": "yes", values[False]: "", "false": ""}
        for key in ("valueTrue", "valueFalse"):
            if element.word(key) and codes[element.word(key)] != element.word(key):
                conversion.property(element, key, "changed", TICKED)
    else:
        draft = conversion.draft(element, scope, "select_one")
        ours = ("yes", "no") if values == {True: "true", False: "false"} else (values[True], values[False])
        from_values = dict(zip((True, False), distinct(ours), strict=True))
        draft["choices"] = [
            {"code": from_values[is_true], "label": _label(conversion, element, key, word)}
            for is_true, key, word in ((True, "labelTrue", "yes"), (False, "labelFalse", "no"))
        ]
        codes = {values[is_true]: code for is_true, code in from_values.items()}
        codes |= {"true": from_values[True], "false": from_values[False]}
    if element.words("label") and not element.words("title"):
        draft["label"] = Say((scope.label, element.words("label")), element.where, "label")
    conversion.tell(element, at=draft)
    conversion.answered(element, scope, Variable("code", draft["name"], codes))
    return [draft]


def _label(conversion: Conversion, element: Element, key: str, word: str) -> object:
    return conversion.say(element, key) if element.words(key) else conversion.standard(word)


def expression(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """A value computed, and shown."""
    if not element.word("expression"):
        return words_alone(conversion, element, scope)
    draft = conversion.draft(element, scope, "calculate", suffix="")
    draft["label"] = dict.fromkeys(conversion.languages, element.name or "expression")
    draft["_computes"] = (element, "expression")
    conversion.told.add((element.where, "expression"))
    shown = conversion.draft(element, scope, "note", suffix="_shown")
    shown["label"] = conversion.title(element, scope, dict.fromkeys(conversion.languages, f"{{{element.name}}}"))
    shown |= {"_shows": draft["name"], "_instead": conversion.title(element, scope)}
    conversion.tell(element, "changed", COMPUTED, at=draft)
    conversion.answered(element, scope, Variable("text", draft["name"]))
    return [draft, shown]
