"""Lists of choices: values or objects, special items, choices of other questions, conditions of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.interchange.drafts.codes import ORDERED, SCORED, are_scores, as_scores, distinct
from app.interchange.drafts.draft import Draft, Leaves, Say, Term, Words
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError
from app.interchange.naming import RECODED
from app.interchange.report import Outcome
from app.questionnaire.kinds.base import DONT_KNOW, REFUSED

from .conversion import Conversion
from .element import Element, as_word, as_words
from .grammar import read_expression
from .translation import Translator

FROM_ADDRESS = "Options are not fetched from an address."
NO_FILTER = "Which options are shown hangs on something that cannot be asked here."
NOT_ENABLED = "An option that could not be chosen is not shown."
OTHER, NONE = "other", "none"
MOST = 500


@dataclass(frozen=True)
class Item:
    """One value with its words; `data` is its object, where it is one."""

    value: str
    words: Words
    where: str
    data: dict[str, Any] | None = None


def items_of(values: Sequence[Any], where: str, base: str) -> list[Item]:
    """The items of a list of values or objects."""
    found = []
    for number, value in enumerate(values):
        place = f"{where}[{number}]"
        if isinstance(value, dict):
            word = as_word(value.get("value")) or as_word(value.get("name")) or as_word(value.get("text"))
            words = as_words(value.get("text") if value.get("text") is not None else value.get("title"), base)
            found.append(Item(word, words, place, value))
        else:
            found.append(Item(as_word(value), {}, place))
    return found


def choices_of(conversion: Conversion, element: Element) -> list[Item]:
    """The choices of an element: its own, numbers between two bounds, or those of another question."""
    source = conversion.sources.get(element.word("choicesFromQuestion"))
    if source is not None and source is not element and "choicesFromQuestion" not in source:
        found = choices_of(conversion, Element(source.data, source.where, source.base))
    else:
        key = "areas" if element.type == "imagemap" else "choices"
        found = items_of(element.items(key), f"{element.where}.{key}", element.base)
    low, high, step = (element.number(key) for key in ("choicesMin", "choicesMax", "choicesStep"))
    if low is not None and high is not None and not found:
        size = max(1, int(step or 1))
        numbers = range(int(low), int(high) + 1, size)[:MOST]
        found = [Item(str(number), {}, f"{element.where}.choices") for number in numbers]
    if not found and "choicesByUrl" in element:
        conversion.property(element, "choicesByUrl", "dropped", FROM_ADDRESS)
    if element.word("choicesOrder").lower() in ("asc", "desc"):
        is_down = element.word("choicesOrder").lower() == "desc"
        found.sort(key=lambda item: (item.words.get(element.base) or item.value).lower(), reverse=is_down)
    return [item for item in found if item.value or item.words]


def written(
    conversion: Conversion, items: Sequence[Item], *reserved: str, sort: str = "choice"
) -> tuple[list[Draft], dict[str, str]]:
    """The choices of a question of ours, and what has become of each value."""
    conversion.offer(len(items))
    codes = distinct([item.value for item in items], *reserved)
    pairs = zip(items, codes, strict=True)
    found = [_choice(conversion, item, code, RECODED if code != item.value else "", sort) for item, code in pairs]
    return found, dict(reversed([(item.value, code) for item, code in zip(items, codes, strict=True)]))


def scored(conversion: Conversion, items: Sequence[Item], sort: str = "choice") -> tuple[list[Draft], dict[str, str]]:
    """The choices of a scale, whose codes are whole numbers that ascend, and what has become of each value."""
    conversion.offer(len(items))
    given = [item.value for item in items]
    scores = as_scores(given)
    ordered = sorted(zip(scores, items, strict=True), key=lambda pair: int(pair[0]))
    found = []
    for (score, item), before in zip(ordered, items, strict=True):
        message = SCORED if score != item.value else ORDERED if item is not before else ""
        found.append(_choice(conversion, item, score, message, sort))
    return found, dict(reversed(list(zip(given, scores, strict=True))))


def is_scale(items: Sequence[Item]) -> bool:
    """Whether the values are scores that ascend already."""
    values = [item.value for item in items]
    return are_scores(values) and values == sorted(values, key=int)


def _choice(conversion: Conversion, item: Item, code: str, message: str, sort: str) -> Draft:
    words = item.words or dict.fromkeys(conversion.languages, item.value)
    choice: Draft = {"code": code, "label": Say((words,), item.where, "text")}
    outcome: Outcome = "changed" if message else "kept"
    conversion.report.add(item.where, sort, item.value, outcome, message, at=choice, raw=item.value, code=code)
    return choice


def special(conversion: Conversion, element: Element, draft: Draft, codes: dict[str, str]) -> None:
    """None, other, and the ways of not answering, as far as the element offers them."""
    if element.flag("showNoneItem", "hasNone"):
        code = _free(NONE, codes)
        choice: Draft = {"code": code, "label": _words(conversion, element, "noneText", NONE)}
        if draft["kind"] == "select_multiple":
            choice["exclusive"] = True
        draft["choices"].append(choice)
        codes.setdefault(NONE, code)
    if element.flag("showOtherItem", "hasOther"):
        # The words beside it are kept under a name that ends in “other”, which a column of this code would be too.
        code = _free("oth", codes)
        words = _words(conversion, element, "otherText", OTHER)
        draft["choices"].append({"code": code, "label": words, "specify": True})
        codes.setdefault(OTHER, code)
    for keys, text, key, word, code in (
        (("showDontKnowItem",), "dontKnowText", "dont_know", "dontknow", DONT_KNOW),
        (("showRefuseItem",), "refuseText", "refused", "refused", REFUSED),
    ):
        if element.flag(*keys):
            draft[key] = _words(conversion, element, text, key)
            codes.setdefault(word, code)


def _free(code: str, codes: dict[str, str]) -> str:
    while code in codes.values():
        code += "_"
    return code


def _words(conversion: Conversion, element: Element, key: str, word: str) -> Any:
    return conversion.say(element, key) if element.words(key) else conversion.standard(word)


def filtered(
    conversion: Conversion, element: Element, draft: Draft, items: Sequence[Item], codes: dict[str, str]
) -> None:
    """The choice_filter: conditions for all choices, or for each, and choices taken over from another question."""
    terms: dict[str, list[Term]] = {}
    for key in ("choicesVisibleIf", "choicesEnableIf"):
        if key in element:
            for item in items:
                term = conversion.term(element, key, _About(element.word(key), item))
                terms.setdefault(codes[item.value], []).append(term)
            if key == "choicesEnableIf":
                conversion.report.add(element.where, "property", key, "changed", NOT_ENABLED)
    for item in items:
        for key in ("visibleIf", "enableIf"):
            if item.data and as_word(item.data.get(key)):
                source = as_word(item.data[key])
                term = Term(_About(source, item), (item.where, "property", key), original=source)
                if key == "enableIf":
                    conversion.report.add(*term.thing, "changed", NOT_ENABLED)
                terms.setdefault(codes[item.value], []).append(term)
    mode = element.word("choicesFromQuestionMode")
    if mode in ("selected", "unselected") and element.word("choicesFromQuestion") in conversion.sources:
        for item in items:
            taken = _Taken(element.word("choicesFromQuestion"), item.value, mode == "selected")
            terms.setdefault(codes[item.value], []).append(conversion.term(element, "choicesFromQuestionMode", taken))
    if terms:
        draft["choice_filter"] = Leaves({code: tuple(found) for code, found in terms.items()})


class _About:
    """A condition about each choice, which it calls {item} or {choice}, and its properties {$item.name}."""

    def __init__(self, source: str, item: Item) -> None:
        self.source = source
        self.constants = {"item": item.value, "choice": item.value}
        self.constants |= {f"$item.{key}": as_word(value) for key, value in (item.data or {}).items()}

    def __call__(self, to: Translator) -> Phrase:
        to.constants = self.constants
        return to.truth(read_expression(self.source))


class _Taken:
    """A choice that is shown where it was chosen in another question, or where it was not."""

    def __init__(self, question: str, value: str, wanted: bool) -> None:
        self.question = question
        self.value = value
        self.wanted = wanted

    def __call__(self, to: Translator) -> Phrase:
        variable = to.variables.find(self.question, to.scope)
        code = variable.code(self.value)
        if variable.sort not in ("codes", "code", "rank") or code is None:
            raise FormulaError(NO_FILTER)
        chosen = phrase.call("selected", [variable.value(), phrase.text(code)])
        return chosen if self.wanted else phrase.negation(chosen)
