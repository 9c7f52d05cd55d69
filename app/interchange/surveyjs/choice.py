"""Elements with a list of options: radiogroup, dropdown, checkbox, tagbox, imagepicker, rating, ranking, imagemap."""

from __future__ import annotations

from collections.abc import Sequence

from app.interchange.drafts.draft import Draft, Say, Words
from app.questionnaire.kinds.choices import OTHER
from app.questionnaire.kinds.rank import MOST_RANKED
from app.questionnaire.kinds.scale import MOST_POINTS

from .choices import MOST, Item, choices_of, filtered, is_scale, items_of, special, written
from .conversion import Conversion
from .element import Element
from .simple import stand_in, words_alone
from .variables import Scope, Variable

TYPED = "Its options came from elsewhere: the answer is typed."
BOX = "It has a single option, so it became a box to tick."
NO_PICTURES = "The pictures are not shown: their words or values are."
TOO_MANY = "More than %(limit)s options cannot be put in order."
TOO_LONG = "There are more than %(limit)s options."
OWN_WORDS = "Words of one's own were the only answer: it takes a text."


def chosen(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """One of the options, or any number of them."""
    is_many = _takes_several(element)
    items = _limited(conversion, element, choices_of(conversion, element))
    extra = element.flag("showNoneItem", "hasNone") + element.flag("showOtherItem", "hasOther")
    if len(items) + extra < 2:
        return _few(conversion, element, scope, items)
    beside = [f"_{item.value}" for item in items] if is_many else []
    has_other = element.flag("showOtherItem", "hasOther")
    kind = "select_multiple" if is_many else "select_one"
    draft = conversion.draft(element, scope, kind, *beside, *([OTHER] if has_other else []))
    draft["choices"], codes = written(conversion, items, *(("other", "order") if is_many else ()))
    special(conversion, element, draft, codes)
    if has_other:
        conversion.answered(element, scope, Variable("text", draft["name"] + OTHER), "-Comment")
    if element.type == "dropdown":
        draft["appearance"] = "minimal"
    if is_many:
        _number_of_answers(conversion, element, draft)
    _randomize(element, draft)
    filtered(conversion, element, draft, items, codes)
    is_pictures = element.type in ("imagepicker", "imagemap")
    conversion.tell(element, "changed" if is_pictures else "kept", NO_PICTURES if is_pictures else "", at=draft)
    conversion.answered(element, scope, Variable("codes" if is_many else "code", draft["name"], codes))
    return [draft]


def _takes_several(element: Element) -> bool:
    if element.type == "imagemap":
        return element.take("multiSelect") is not False
    return element.type in ("checkbox", "tagbox") or (element.type == "imagepicker" and element.flag("multiSelect"))


def _limited(conversion: Conversion, element: Element, items: list[Item]) -> list[Item]:
    room = MOST - 4  # For the special items.
    for item in items[room:]:
        conversion.report.add(item.where, "choice", item.value, "dropped", TOO_LONG, limit=room)
    return items[:room]


def _few(conversion: Conversion, element: Element, scope: Scope, items: Sequence[Item]) -> list[Draft]:
    """Fewer than two options: a box to tick, or, where they come from elsewhere, a text."""
    if items:
        draft = conversion.draft(element, scope, "acknowledge")
        words = items[0].words or dict.fromkeys(conversion.languages, items[0].value)
        draft["label"] = conversion.title(element, scope, words)
        conversion.report.add(items[0].where, "choice", items[0].value, at=draft)
        conversion.tell(element, "changed", BOX, at=draft)
        conversion.answered(element, scope, Variable("code", draft["name"], {items[0].value: "yes"}))
        return [draft]
    if element.flag("showOtherItem", "hasOther"):
        draft = conversion.draft(element, scope, "text")
        conversion.tell(element, "changed", OWN_WORDS, at=draft)
        conversion.answered(element, scope, Variable("text", draft["name"]), "-Comment")
        return [draft]
    elsewhere = {"choicesByUrl", "choicesFromQuestion", "choicesLazyLoadEnabled", "allowCustomChoices"}
    if not elsewhere & set(element.data):
        return words_alone(conversion, element, scope)
    draft = conversion.draft(element, scope, "text")
    conversion.tell(element, "changed", TYPED, at=draft)
    conversion.answered(element, scope, Variable("text", draft["name"]))
    return [draft]


def _randomize(element: Element, draft: Draft) -> None:
    if element.word("choicesOrder").lower() == "random":
        draft.setdefault("parameters", {})["randomize"] = True


def _number_of_answers(conversion: Conversion, element: Element, draft: Draft) -> None:
    """How many options may be chosen; those that stand alone do not count."""
    several = sum("exclusive" not in choice for choice in draft["choices"])
    least, most = (element.number(f"{end}SelectedChoices", f"{end}SelectedAreas") for end in ("min", "max"))
    for validator in element.elements("validators"):
        if validator.word("type").startswith("answercount"):
            least, most = least or validator.number("minCount"), most or validator.number("maxCount")
    for key, number in (("minimum", least), ("maximum", most)):
        if number and number >= 1:
            draft.setdefault("parameters", {})[key] = min(int(number), several)


def ranking(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """Options in order."""
    items = choices_of(conversion, element)
    if len(items) < 2:
        return _few(conversion, element, scope, items)
    if len(items) > MOST_RANKED:
        conversion.property(element, "choices", "dropped", TOO_MANY, limit=MOST_RANKED)
        return stand_in(conversion, element, scope)
    draft = conversion.draft(element, scope, "rank")
    draft["choices"], codes = written(conversion, items)
    most = element.number("maxSelectedChoices")
    if most and most >= 1:
        draft["parameters"] = {"maximum": min(int(most), len(items))}
    _randomize(element, draft)
    filtered(conversion, element, draft, items, codes)
    conversion.tell(element, at=draft)
    conversion.answered(element, scope, Variable("rank", draft["name"], codes))
    return [draft]


def rating(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """A scale of whole numbers; of other values, one of several options."""
    items = items_of(element.items("rateValues"), f"{element.where}.rateValues", element.base)
    if not items:
        items = _points(element)
    ends = element.words("minRateDescription", "mininumRateDescription"), element.words("maxRateDescription")
    if len(items) < 2:
        return _few(conversion, element, scope, items)
    if not is_scale(items) or len(items) > MOST_POINTS:
        draft = conversion.draft(element, scope, "select_one")
        draft["choices"], codes = written(conversion, _limited(conversion, element, items))
    else:
        draft = conversion.draft(element, scope, "scale")
        if "rateValues" in element:
            draft["choices"], codes = written(conversion, items)
        else:
            codes = {item.value: item.value for item in items}
            words = [item.words or dict.fromkeys(conversion.languages, item.value) for item in items]
            draft["choices"] = [{"code": item.value, "label": label} for item, label in zip(items, words, strict=True)]
    for choice, end, key in ((draft["choices"][0], ends[0], "min"), (draft["choices"][-1], ends[1], "max")):
        if end:
            choice["label"] = _with_end(choice["label"], end, element.where, f"{key}RateDescription")
    conversion.tell(element, at=draft)
    conversion.answered(element, scope, Variable("code", draft["name"], codes))
    return [draft]


def _points(element: Element) -> list[Item]:
    """The points between two rates; as in SurveyJS, five from 1 unless it says otherwise."""
    low, high, step, count = (element.number(key) for key in ("rateMin", "rateMax", "rateStep", "rateCount"))
    start, size = int(low if low is not None else 1), max(1, int(step or 1))
    end = int(high) if high is not None else start + (int(count or 5) - 1) * size
    return [Item(str(point), {}, element.where) for point in range(start, end + 1, size)[:MOST]]


def _with_end(label: Say | Words, end: Words, where: str, field: str) -> Say:
    """A point with what its end of the scale is called."""
    words = label.parts[0] if isinstance(label, Say) else label
    return Say((words, end), where, field)
