"""Types with a list of options: L, !, O (one of them), M, P (any of them), R (in order)."""

from __future__ import annotations

import re

from app.interchange.drafts.codes import distinct
from app.interchange.drafts.draft import Draft, Leaves, Term, all_terms
from app.interchange.drafts.numbers import figure
from app.interchange.formulas import phrase
from app.interchange.naming import RECODED
from app.questionnaire.kinds.choices import OTHER
from app.questionnaire.kinds.rank import MOST_RANKED

from .conversion import THEIR_OTHER, Conversion
from .filters import filtered
from .numbers import bounded
from .simple import stand_in, words_alone
from .survey import Part, Question

TICKED = "yes"
BOX = "It has a single option, so it became a box to tick."
OWN_WORDS = "Words of one's own were the only answer: it takes a text."
NO_OPTIONS = "It has no options to choose from."
TOO_MANY = "More than %(limit)s options cannot be put in order."
COMMENTED = "The comment is a question of its own."


def one_of(conversion: Conversion, question: Question) -> list[Draft]:
    """L, ! and O."""
    options = question.options_of(0)
    has_other = question.other and question.letter in "L!"
    if len(options) + has_other < 2:
        return [*_box(conversion, question), *_comment(conversion, question)]
    name = conversion.name(question.code, *([OTHER] if has_other else []))
    choices, codes = conversion.choices(question, options)
    if has_other:
        _place_other(conversion, question, choices, codes)
        conversion.answered(question, "text", name + OTHER, "_other", "other")
    draft: Draft = {"name": name, "kind": "select_one", "label": conversion.words(question), "choices": choices}
    if question.letter == "!":
        draft["appearance"] = "minimal"
    _randomize(conversion, question, draft)
    _filter(conversion, question, draft, {codes[option.code]: option.code for option in options})
    conversion.answered(question, "code", name, codes=codes)
    comment = _comment(conversion, question)
    conversion.tell(question, "changed" if comment else "kept", COMMENTED if comment else "", at=draft)
    return [draft, *comment]


def _box(conversion: Conversion, question: Question) -> list[Draft]:
    """A single option."""
    options = question.options_of(0)
    if not options:
        return _only_other(conversion, question) if question.other else words_alone(conversion, question)
    name = conversion.name(question.code)
    where = f"answers/{question.qid}"
    label = conversion.words(question, options[0].words)
    draft: Draft = {"name": name, "kind": "acknowledge", "label": label}
    conversion.report.add(where, "answer", options[0].code)
    conversion.tell(question, "changed", BOX, at=draft)
    conversion.answered(question, "code", name, codes={options[0].code: TICKED})
    return [draft]


def _comment(conversion: Conversion, question: Question) -> list[Draft]:
    if question.letter != "O":
        return []
    name = conversion.name(f"{question.code}_comment")
    label = conversion.words(question, conversion.standard("comment"))
    conversion.answered(question, "text", name, "_comment", "comment")
    draft: Draft = {"name": name, "kind": "text", "label": label, "parameters": {"rows": 3}, "_optional": True}
    return [conversion.stands(question, draft)]


def _only_other(conversion: Conversion, question: Question) -> list[Draft]:
    """“Other” without options beside it."""
    name = conversion.name(question.code)
    draft: Draft = {"name": name, "kind": "text", "label": conversion.words(question)}
    conversion.tell(question, "changed", OWN_WORDS, at=draft)
    conversion.report.add(conversion.place(question), "answer", THEIR_OTHER, at=draft)
    conversion.answered(question, "text", name, "_other", "other")
    return [draft]


def _place_other(conversion: Conversion, question: Question, choices: list[Draft], codes: dict[str, str]) -> None:
    """“Other” stands last, or where an attribute puts it."""
    other = conversion.other(question)
    taken = {choice["code"] for choice in choices}
    while other["code"] in taken:
        other["code"] += "_"
    codes[THEIR_OTHER] = other["code"]
    position, after = question.attribute("other_position"), codes.get(question.attribute("other_position_code"))
    places = {choice["code"]: number for number, choice in enumerate(choices, 1)}
    place = {"beginning": 0, "specific": places.get(after or "")}.get(position)
    choices.insert(len(choices) if place is None else place, other)
    for name in ("other_position", "other_position_code"):
        conversion.attribute(question, name)


def _randomize(conversion: Conversion, question: Question, draft: Draft) -> None:
    orders = {name: question.attribute(name) for name in ("answer_order", "subquestion_order")}
    if question.on("random_order") or "random" in orders.values():
        draft.setdefault("parameters", {})["randomize"] = True
        for name in ("random_order", *orders):
            conversion.attribute(question, name)


def _filter(
    conversion: Conversion, question: Question, draft: Draft, codes: dict[str, str], parts: tuple[Part, ...] = ()
) -> None:
    """The choice_filter: what filters on other questions and conditions of options leave."""
    own = {part.code: conversion.relevance_of(part) for part in parts}
    terms = {code: (*filtered(conversion, question, theirs), *own.get(theirs, ())) for code, theirs in codes.items()}
    if any(terms.values()):
        draft["choice_filter"] = Leaves({code: found for code, found in terms.items() if found})


def any_of(conversion: Conversion, question: Question) -> list[Draft]:
    """M and P."""
    parts = question.scale(0)
    if len(parts) + question.other < 2:
        return _boxes(conversion, question, parts)
    codes = [part.code for part in parts]
    name = conversion.name(question.code, *(f"_{code}" for code in codes), *([OTHER] if question.other else []))
    choices, ours = _ticks(conversion, question, name, parts)
    if question.other:
        conversion.answered(question, "text", name + OTHER, "_other", "other")
        _place_other(conversion, question, choices, ours)
    draft: Draft = {"name": name, "kind": "select_multiple", "label": conversion.words(question), "choices": choices}
    alone = {code.strip() for code in question.attribute("exclude_all_others").split(";")}
    for choice, part in zip([c for c in choices if "specify" not in c], parts, strict=True):
        if part.code in alone:
            choice["exclusive"] = True
    conversion.attribute(question, "exclude_all_others")
    _randomize(conversion, question, draft)
    _filter(conversion, question, draft, {ours[code]: code for code in codes}, tuple(parts))
    _number_of_answers(conversion, question, draft, len(choices))
    comments = _comments(conversion, question, name, ours)
    conversion.tell(question, "changed" if comments else "kept", COMMENTED if comments else "", at=draft)
    return [draft, *comments]


def _ticks(
    conversion: Conversion, question: Question, name: str, parts: list[Part]
) -> tuple[list[Draft], dict[str, str]]:
    choices: list[Draft] = []
    codes: dict[str, str] = {}
    for part, code in zip(parts, distinct([part.code for part in parts], "other", "order"), strict=True):
        choice: Draft = {"code": code}
        if code == part.code:
            choice["label"] = conversion.part(part, choice)
        else:
            choice["label"] = conversion.part(part, choice, "changed", RECODED, raw=part.code, code=code)
        conversion.answered(question, "ticked", name, f"_{part.code}", part.code, code=code)
        codes.setdefault(part.code, code)
        choices.append(choice)
    return choices, codes


def _boxes(conversion: Conversion, question: Question, parts: list[Part]) -> list[Draft]:
    if not parts:
        return _only_other(conversion, question) if question.other else words_alone(conversion, question)
    name = conversion.name(question.code)
    draft: Draft = {"name": name, "kind": "acknowledge"}
    conversion.part(parts[0], draft)
    draft["label"] = conversion.words(question, parts[0].words)
    conversion.tell(question, "changed", BOX, at=draft)
    conversion.answered(question, "ticked", name, f"_{parts[0].code}", parts[0].code)
    return [draft]


def _comments(conversion: Conversion, question: Question, name: str, codes: dict[str, str]) -> list[Draft]:
    """P: a text beside each option, asked where it is chosen."""
    if question.letter != "P":
        return []
    found = []
    words = {part.code: part.words for part in question.scale(0)} | {THEIR_OTHER: conversion.standard("other")}
    for theirs, code in codes.items():
        suffix = "other" if theirs == THEIR_OTHER else theirs
        own = conversion.name(f"{question.code}_{suffix}comment")
        chosen = phrase.call("selected", [phrase.variable(name), phrase.text(code)])
        term = Term(lambda to, chosen=chosen: chosen, (conversion.place(question), "question", question.code))
        label = conversion.words(question, words[theirs], conversion.standard("comment"), name=f"comment {suffix}")
        draft: Draft = {"name": own, "kind": "text", "label": label, **all_terms([term]), "_optional": True}
        conversion.answered(question, "text", own, f"_{suffix}comment", f"{suffix}comment")
        found.append(conversion.stands(question, draft))
    return found


def _number_of_answers(conversion: Conversion, question: Question, draft: Draft, options: int) -> None:
    """min_answers and max_answers: figures are parameters, expressions become constraints."""
    checks = []
    for attribute, key, sign in (("min_answers", "minimum", ">="), ("max_answers", "maximum", "<=")):
        value = question.attribute(attribute)
        limit = figure(value)
        if limit is not None:
            if limit >= 1 and (draft["kind"] != "rank" or key == "maximum"):
                draft.setdefault("parameters", {})[key] = min(int(limit), options)
            elif limit > 1:
                checks.append(_at_least(conversion, question, str(int(limit))))
            conversion.attribute(question, attribute)
        elif value:
            thing = (conversion.place(question), "attribute", attribute)
            checks.append(Term(bounded(f"count(self) {sign} ({value})", value), thing, True))
            conversion.used.add((question.qid, attribute))
    draft["_checks"] = tuple(checks)


def _at_least(conversion: Conversion, question: Question, number: str) -> Term:
    count = phrase.call("count-selected", [phrase.Phrase(".")])
    enough = phrase.comparison(">=", count, phrase.number(number))
    return Term(lambda to: enough, (conversion.place(question), "attribute", "min_answers"), True)


def in_order(conversion: Conversion, question: Question) -> list[Draft]:
    """R."""
    options = question.options_of(0)
    if len(options) < 2:
        return _box(conversion, question)
    if len(options) > MOST_RANKED:
        conversion.report.add(conversion.place(question), "answers", "", "dropped", TOO_MANY, limit=MOST_RANKED)
        return stand_in(conversion, question, "ranking")
    name = conversion.name(question.code)
    choices, codes = conversion.choices(question, options)
    draft: Draft = {"name": name, "kind": "rank", "label": conversion.words(question), "choices": choices}
    _randomize(conversion, question, draft)
    _number_of_answers(conversion, question, draft, len(options))
    places = question.attribute("max_subquestions")
    if re.fullmatch("[0-9]{1,3}", places) and int(places):
        draft.setdefault("parameters", {}).setdefault("maximum", min(int(places), len(options)))
        conversion.attribute(question, "max_subquestions")
    _filter(conversion, question, draft, {codes[option.code]: option.code for option in options})
    for number in range(1, len(options) + 1):
        conversion.answered(question, "place", name, f"_{number}", str(number), number=number, codes=codes)
    conversion.tell(question, at=draft)
    return [draft]
