"""Types with rows and one set of options: A, B, C, E, F, H, and “1”, which has two."""

from __future__ import annotations

from collections.abc import Sequence

from app.interchange.drafts.draft import Draft, all_terms

from .choice import NO_OPTIONS, TICKED
from .conversion import Conversion
from .filters import filtered
from .simple import stand_in, words_alone
from .survey import Option, Part, Question

MOST_ROWS = 100
SCORES = "Its answers became the scores 1, 2 and 3 of a scale."
BOXES = "It has a single column, so its rows became boxes to tick."
TWICE = "Each of its two scales is a question of its own."
BY_ROWS = "It is laid out by rows."
_BUILT_IN = {"C": {"Y": "yes", "U": "uncertain", "N": "no"}, "E": {"I": "increase", "S": "same", "D": "decrease"}}


def points(conversion: Conversion, question: Question) -> list[Draft]:
    """A and B: points from 1 on, without words."""
    codes = [str(point) for point in range(1, 6 if question.letter == "A" else 11)]
    choices = [{"code": code, "label": dict.fromkeys(conversion.survey.languages, code)} for code in codes]
    return _matrices(conversion, question, choices, {code: code for code in codes})


def three(conversion: Conversion, question: Question) -> list[Draft]:
    """C and E: three answers that LimeSurvey has built in."""
    words = _BUILT_IN[question.letter]
    codes = {code: str(score) for score, code in enumerate(words, 1)}
    choices = [{"code": codes[code], "label": conversion.standard(word)} for code, word in words.items()]
    return _matrices(conversion, question, choices, codes, message=SCORES)


def flexible(conversion: Conversion, question: Question) -> list[Draft]:
    """F and H: answers of one's own."""
    options = question.options_of(0)
    if len(options) < 2:
        return _single(conversion, question, options)
    choices, codes = conversion.scores(question, options)
    return _matrices(conversion, question, choices, codes, message=BY_ROWS if question.letter == "H" else "")


def dual(conversion: Conversion, question: Question) -> list[Draft]:
    """“1”: two sets of options beside each row."""
    if any(len(question.options_of(scale)) < 2 for scale in (0, 1)):
        return _without(conversion, question, "dual scale")
    found: list[Draft] = []
    for scale, header in ((0, "dualscale_headerA"), (1, "dualscale_headerB")):
        choices, codes = conversion.scores(question, question.options_of(scale))
        conversion.attribute(question, header)
        found += _matrices(conversion, question, choices, codes, scale, header, TWICE)
    return found


def _matrices(
    conversion: Conversion,
    question: Question,
    choices: list[Draft],
    codes: dict[str, str],
    scale: int | None = None,
    header: str = "",
    message: str = "",
) -> list[Draft]:
    parts = question.scale(0)
    if not parts:
        return _without(conversion, question, "array")
    suffix = "" if scale is None else f"_{scale}"
    words = question.attributes.get(header, {})
    found = []
    for start in range(0, len(parts), MOST_ROWS):
        name = conversion.name(question.code + suffix)
        draft: Draft = {"name": name, "kind": "matrix", "label": conversion.words(question), "choices": choices}
        if words:
            both = {language: words.get(language) or words.get("", "") for language in conversion.survey.languages}
            draft["label"] = conversion.words(question, both, name=header)
        draft["rows"] = [_row(conversion, question, part, scale, codes) for part in parts[start : start + MOST_ROWS]]
        if question.on("random_order") or question.attribute("subquestion_order") == "random":
            draft["parameters"] = {"randomize": True}
        found.append(draft)
    for name in ("random_order", "subquestion_order"):
        conversion.attribute(question, name)
    conversion.tell(question, "changed" if message else "kept", message, at=found[0])
    return [conversion.stands(question, draft) for draft in found]


def _row(conversion: Conversion, question: Question, part: Part, scale: int | None, codes: dict[str, str]) -> Draft:
    suffix = f"_{part.code}" if scale is None else f"_{part.code}_{scale}"
    name = conversion.name(question.code + suffix)
    row: Draft = {"name": name}
    row["label"] = conversion.part(part, row)
    row |= all_terms(filtered(conversion, question, part.code), conversion.relevance_of(part))
    sgqa = part.code if scale is None else f"{part.code}#{scale}"
    conversion.answered(question, "code", name, suffix, sgqa, codes=codes)
    return row


def _single(conversion: Conversion, question: Question, options: Sequence[Option]) -> list[Draft]:
    """A single column: each row is a box."""
    parts = question.scale(0)
    if not options or not parts:
        return _without(conversion, question, "array")
    conversion.report.add(f"answers/{question.qid}", "answer", options[0].code)
    found = []
    for part in parts:
        name = conversion.name(f"{question.code}_{part.code}")
        draft: Draft = {"name": name, "kind": "acknowledge"}
        conversion.part(part, draft)
        draft["label"] = conversion.words(question, part.words, name=f"question {part.code}")
        draft |= all_terms(filtered(conversion, question, part.code), conversion.relevance_of(part))
        codes = {options[0].code: TICKED}
        conversion.answered(question, "code", name, f"_{part.code}", part.code, codes=codes)
        found.append(conversion.stands(question, draft))
    conversion.tell(question, "changed", BOXES)
    return found


def _without(conversion: Conversion, question: Question, sort: str) -> list[Draft]:
    """An array without rows, or without options."""
    if not question.parts and not question.options:
        return words_alone(conversion, question)
    conversion.report.add(conversion.place(question), "options", "", "dropped", NO_OPTIONS)
    for part in question.parts:
        conversion.part(part, None, "dropped", NO_OPTIONS)
    for option in question.options:
        conversion.report.add(f"answers/{question.qid}", "answer", option.code, "dropped", NO_OPTIONS)
    return stand_in(conversion, question, sort)
