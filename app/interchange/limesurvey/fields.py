"""Types with several fields: Q and K (one under the other), “:” and “;” (rows and columns)."""

from __future__ import annotations

from app.interchange.drafts.codes import distinct
from app.interchange.drafts.draft import Draft, Say, Term, Words, all_terms
from app.interchange.drafts.numbers import bounds_told, figure
from app.interchange.safe_text import plain_text

from .choice import NO_OPTIONS
from .conversion import Conversion
from .filters import filtered
from .numbers import number, slider
from .simple import FIGURES_ONLY, stand_in, text_size, words_alone
from .survey import Part, Question

APART = "Each of its fields is a question of its own; its words stand in a note before them."
DIVIDED = "It divides whole numbers that make %(total)s together."
TICKS = "Each of its rows is a question with several answers."
ROWS = "It has too many fields: each row is one, in which the columns are named."
NO_ORDER = "Its fields are questions of their own, and keep their order."
_MOST_ROWS = 100
_SLIDER, _BOUNDS = ("slider_min", "slider_max"), ("min_num_value_n", "max_num_value_n")


def texts(conversion: Conversion, question: Question) -> list[Draft]:
    """Q."""
    parts = question.scale(0)
    if not parts:
        return stand_in_without(conversion, question, "multiple texts")
    found = [_stem(conversion, question)] if _needs_stem(question, parts) else []
    for part in parts:
        draft = _field(conversion, question, part, conversion.name(f"{question.code}_{part.code}"))
        _text_or_number(conversion, question, draft, f"_{part.code}", part.code)
        found.append(draft)
    return _apart(conversion, question, found)


def numbers(conversion: Conversion, question: Question) -> list[Draft]:
    """K."""
    parts = question.scale(0)
    if not parts:
        return stand_in_without(conversion, question, "multiple numbers")
    total = figure(question.attribute("equals_num_value"))
    if (
        total
        and total == int(total)
        and total > 0
        and 2 <= len(parts) <= _MOST_ROWS
        and not question.on("slider_layout")
    ):
        return _allocation(conversion, question, parts, int(total))
    found = [_stem(conversion, question)] if _needs_stem(question, parts) else []
    for part in parts:
        name = conversion.name(f"{question.code}_{part.code}")
        draft = _field(conversion, question, part, name)
        if not (question.on("slider_layout") and _slide(conversion, question, draft, part)):
            ends = (
                ("slider_min", "slider_max") if question.on("slider_layout") else ("min_num_value_n", "max_num_value_n")
            )
            kind, terms = number(conversion, question, *ends, question.on("num_value_int_only"))
            draft |= {**kind, "_checks": terms}
        conversion.answered(question, "number", name, f"_{part.code}", part.code)
        found.append(draft)
    conversion.attribute(question, "num_value_int_only")
    return _apart(conversion, question, found)


def _slide(conversion: Conversion, question: Question, draft: Draft, part: Part) -> bool:
    """Words between separators name the ends of the line: “label|low|high”."""
    separator = question.attribute("slider_separator")
    pieces = {language: words.split(separator) for language, words in part.words.items()} if separator else {}
    ends: list[Words | None] = [None, None]
    if pieces and all(len(words) == 3 for words in pieces.values()):
        # The ends are plain words; what they hold of HTML goes.
        ends = [{lang: plain_text(words[place])[0] for lang, words in pieces.items()} for place in (1, 2)]
        words = {language: words[0] for language, words in pieces.items()}
        draft["label"] = Say((words,), f"subquestions/{part.qid}", "subquestion")
        conversion.attribute(question, "slider_separator")
    low, high = (end if end and any(end.values()) else None for end in ends)
    made = slider(conversion, question, low, high)
    draft |= made or {}
    return made is not None


def _allocation(conversion: Conversion, question: Question, parts: list[Part], total: int) -> list[Draft]:
    name = conversion.name(question.code)
    draft: Draft = {"name": name, "kind": "allocate", "label": conversion.words(question), "rows": []}
    draft["parameters"] = {"total": total}
    if question.on("random_order"):
        draft["parameters"]["randomize"] = True
        conversion.attribute(question, "random_order")
    for part in parts:
        row: Draft = {"name": conversion.name(f"{question.code}_{part.code}")}
        row["label"] = conversion.part(part, row)
        row |= all_terms(filtered(conversion, question, part.code), conversion.relevance_of(part))
        conversion.answered(question, "number", row["name"], f"_{part.code}", part.code)
        draft["rows"].append(row)
    conversion.attribute(question, "equals_num_value")
    conversion.attribute(question, "num_value_int_only")
    conversion.tell(question, "changed", DIVIDED, at=draft, total=total)
    return [draft]


def cells(conversion: Conversion, question: Question) -> list[Draft]:
    """“:” and “;”: rows (scale 0) by columns (scale 1)."""
    rows, columns = question.scale(0), question.scale(1)
    if not rows or not columns:
        return stand_in_without(conversion, question, "array of fields")
    for column in columns:
        conversion.part(column, None)
    if question.letter == ":" and question.on("multiflexible_checkbox") and len(columns) > 1:
        return _ticks(conversion, question, rows, columns)
    if question.letter == ";" and conversion.by_rows:
        return _by_rows(conversion, question, rows, columns)
    found = [_stem(conversion, question)]
    for row in rows:
        conversion.part(row, None)
        for column in columns:
            suffix = f"_{row.code}_{column.code}"
            draft: Draft = {"name": conversion.name(question.code + suffix)}
            draft["label"] = Say((row.words, column.words), f"subquestions/{row.qid}", "subquestion")
            draft |= all_terms(*_shown(conversion, question, row), conversion.relevance_of(column))
            sgqa = f"{row.code}_{column.code}"
            if question.letter == ":":
                draft |= _cell(conversion, question)
                conversion.answered(question, "number", draft["name"], suffix, sgqa)
            else:
                _text_or_number(conversion, question, draft, suffix, sgqa)
            found.append(conversion.stands(question, draft))
    return _apart(conversion, question, found)


def size(question: Question) -> int:
    """How many questions of ours a question becomes, at most."""
    if question.letter in (":", ";"):
        return len(question.scale(0)) * len(question.scale(1))
    return len(question.parts) if question.letter in ("Q", "K", "P") else 1


def _by_rows(conversion: Conversion, question: Question, rows: list[Part], columns: list[Part]) -> list[Draft]:
    """A field for each row, in which the columns are named."""
    found = [_stem(conversion, question)]
    for row in rows:
        draft = _field(conversion, question, row, conversion.name(f"{question.code}_{row.code}"))
        words = Say(tuple(column.words for column in columns), f"subquestions/{row.qid}", "columns", ", ")
        draft |= {"kind": "text", "hint": words, "parameters": {"rows": min(len(columns), 30), "max_length": 1_000}}
        for column in columns:
            ends = f"_{row.code}_{column.code}", f"{row.code}_{column.code}"
            conversion.lost(question, ROWS, *ends)
        found.append(conversion.stands(question, draft))
    conversion.tell(question, "changed", ROWS, at=found[0])
    return found


def _shown(conversion: Conversion, question: Question, row: Part) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    return filtered(conversion, question, row.code), conversion.relevance_of(row)


def _cell(conversion: Conversion, question: Question) -> Draft:
    """A number; a list of numbers to choose from is bounded too, from 1 to 10 unless it says otherwise."""
    low, high, step = (figure(question.attribute(f"multiflexible_{end}")) for end in ("min", "max", "step"))
    whole = all(value is None or value == int(value) for value in (low, high, step)) and not question.on("input_boxes")
    kind, terms = number(conversion, question, "multiflexible_min", "multiflexible_max", whole)
    if not question.on("input_boxes") and whole:
        has = [question.attribute(f"multiflexible_{end}") for end in ("min", "max")]
        kind["parameters"] |= ({} if has[0] else {"start": 1}) | ({} if has[1] else {"end": 10})
    if step and step > 1 and whole:
        start = kind["parameters"]["start"]
        thing = (conversion.place(question), "attribute", "multiflexible_step")
        above = f"(this - {start})" if start else "this"
        terms = (*terms, Term(f"{above} % {int(step)} == 0", thing, True))
        conversion.used.add((question.qid, "multiflexible_step"))
    for name in ("input_boxes", "multiflexible_checkbox"):
        conversion.attribute(question, name)
    return {**kind, "_checks": terms}


def _ticks(conversion: Conversion, question: Question, rows: list[Part], columns: list[Part]) -> list[Draft]:
    """A grid of boxes."""
    codes = distinct([column.code for column in columns], "other", "order")
    found = [_stem(conversion, question)]
    for row in rows:
        name = conversion.name(f"{question.code}_{row.code}", *(f"_{code}" for code in codes))
        draft = _field(conversion, question, row, name)
        draft["kind"] = "select_multiple"
        draft["choices"] = [
            {"code": code, "label": Say((column.words,), f"subquestions/{column.qid}", "subquestion")}
            for code, column in zip(codes, columns, strict=True)
        ]
        for code, column in zip(codes, columns, strict=True):
            ends = f"_{row.code}_{column.code}", f"{row.code}_{column.code}"
            conversion.answered(question, "ticked", name, *ends, code=code, tick="1")
        found.append(draft)
    conversion.attribute(question, "multiflexible_checkbox")
    conversion.tell(question, "changed", TICKS, at=found[0])
    return found


def stand_in_without(conversion: Conversion, question: Question, sort: str) -> list[Draft]:
    if not question.parts:
        return words_alone(conversion, question)
    for part in question.parts:
        conversion.part(part, None, "dropped", NO_OPTIONS)
    return stand_in(conversion, question, sort)


def _needs_stem(question: Question, parts: list[Part]) -> bool:
    """A single field without words has those of the question."""
    return len(parts) > 1 or any(part.words for part in parts)


def _stem(conversion: Conversion, question: Question) -> Draft:
    return {"name": conversion.name(question.code), "kind": "note", "label": conversion.words(question)}


def _field(conversion: Conversion, question: Question, part: Part, name: str) -> Draft:
    draft: Draft = {"name": name}
    label = conversion.part(part, draft)
    draft["label"] = label if part.words else conversion.words(question)
    return draft | all_terms(*_shown(conversion, question, part))


def _text_or_number(conversion: Conversion, question: Question, draft: Draft, suffix: str, sgqa: str) -> None:
    if question.on("numbers_only"):
        kind, terms = number(conversion, question)
        draft |= {**kind, "_checks": terms}
        conversion.attribute(question, "numbers_only", "changed", FIGURES_ONLY)
        conversion.answered(question, "number", draft["name"], suffix, sgqa)
    else:
        draft |= {"kind": "text", "parameters": text_size(conversion, question, "Q")}
        conversion.answered(question, "text", draft["name"], suffix, sgqa)


def _apart(conversion: Conversion, question: Question, found: list[Draft]) -> list[Draft]:
    if question.on("random_order"):
        conversion.attribute(question, "random_order", "dropped", NO_ORDER)
    told = next((bounds_told(draft) for draft in found if draft["kind"] in ("integer", "decimal")), None)
    conversion.tell(question, "changed", APART, at=found[0])
    if told:
        conversion.tell(question, "changed", told[0], **told[1])
    return [conversion.stands(question, draft) for draft in found]
