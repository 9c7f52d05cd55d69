"""A row of the sheet `survey` as a question of ours, every cell of it told of."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from app.interchange.mending import stand_in

from .choices import MEDIA, Lists
from .headings import OWN
from .parameters import is_below_nothing, read_parameters
from .paths import Paths
from .sheets import Row
from .types import BOUNDED, LESS, PHONE, UNSEEN, Type
from .words import Words, own_value

Question = dict[str, Any]

REASONS = {
    **dict.fromkeys(("image", "big-image", "audio", "video", "autoplay"), MEDIA),
    "default": "An answer is never filled in before it is given.",
    "trigger": "What is computed is computed anew with every answer.",
    "appearance": "Questions of this kind have one appearance here.",
    "read_only": "A question that takes an answer can always be answered.",
    "guidance_hint": "There is one hint beside a question.",
    "repeat_count": "There are no repeated rounds: it is asked once.",
    "save_to": "Entities are kept by other programs.",
    "calculation": "What a person enters is not computed.",
    "no_app_error_string": "Nothing depends on an app here.",
    **dict.fromkeys(
        ("required", "required_message"), "A question of this kind takes no answer that could be required."
    ),
    **dict.fromkeys(("constraint", "constraint_message"), "A question of this kind takes no answer to be checked."),
    "choice_filter": "Only lists of choices are filtered.",
    "parameters": "Questions of this kind have no parameters here.",
    "hint": "It is not shown, so it needs no hint.",
    "rows": "Only texts have a number of lines.",
}
NO_KIND = "There is no such kind of question here: a note with its words stands in its place."
NO_LIST = "There is no list of choices “%(name)s”: a note with its words stands in its place."
ELSEWHERE = "Its choices are in another file or are other answers: a note with its words stands in its place."
BELOW = "Its numbers are below 0, as none are here: a note with its words stands in its place."
NOT_ASKED = "It belongs to a question that cannot be asked here."
HIDDEN = "It is filled in by the device, and shown to nobody."
TODAY = "It became the day on which the response was begun."
READ_ONLY = "It cannot be answered: it became a note."
COMPUTED = "It is computed: it became a calculation, and a note that shows it."
OTHER = "The choice “Other”, with a field for words beside it, was added to the list."
OTHER_ALONE = "The choice “Other” was added to the list. Words beside it are not asked for in a ranking."
NUMBERS = "Here a whole number is from 0 to %(limit)s."
DECIMALS = "Here a number with decimals is from 0 to %(limit)s, with at most %(decimals)s digits after the point."
NOW = "The moment, now(), became the day, today(): a response keeps the day on which it was begun."
PATHS = "Paths to questions became their names: ${name}."
UNNAMED = "It had no name and got one."

_OTHER_WORDS = {"en": "Other", "ja": "その他"}
_YES, _NO = ("yes", "true", "true()"), ("no", "false", "false()")
_QUOTES = str.maketrans("‘’“”\u00a0", "''\"\" ")
_NOW = re.compile(r"(?<![\w.-])now\(\s*\)")
_TAKE_NO_ANSWER = ("note", "calculate", "arm", "sample")
_MOST_NUMBERS = 1_000_000


class Maker:
    """Makes questions of rows. `lists` are the choices by list; `paths` the questions by their paths."""

    def __init__(self, words: Words, lists: Lists, paths: Paths) -> None:
        self.words = words
        self.lists = lists
        self.paths = paths
        self.languages: list[str] = []

    def make(self, row: Row, sort: Type) -> list[Question]:
        """The questions that a row becomes: one, none if it asks nothing, or a calculation and what shows it."""
        row.cover("type", "name")
        self.name(row)
        kind = str(own_value(row.get(OWN + "kind")) or sort.kind)
        reason = UNSEEN.get(sort.word.lower())
        if kind == "hidden" and not row.has("calculation"):
            reason = HIDDEN
        if reason:
            return self._unseen(row, reason)
        question: Question = {"name": row.name, "kind": kind or "note", "label": {}}
        row.report.add(row.where, "question", row.name, at=question)
        self.words.take(row, "label", question)
        made = self._of_kind(row, sort, kind, question)
        self.own(row, question)
        row.close(REASONS)
        return made

    def name(self, row: Row, item: str = "question") -> None:
        """Gives the row its name, or one made of its number."""
        row.name = row.get("name")
        if not row.name:
            row.name = f"row_{row.number}"
            row.report.add(row.where, item, row.name, "changed", UNNAMED)

    def _unseen(self, row: Row, reason: str) -> list[Question]:
        row.report.add(row.where, "question", row.name, "dropped", reason)
        row.close(dict.fromkeys([column.word for column in row.cells], reason))
        return []

    def _of_kind(self, row: Row, sort: Type, kind: str, question: Question) -> list[Question]:
        if kind == "today":
            self._changed(row, TODAY)
            question |= {"kind": "calculate", "calculation": "today()"}
            return self._taken(row, question)
        if not kind:
            return self._unknown(row, sort, question, NO_KIND)
        if row.has("calculation") and kind != "calculate":
            return self._computed(row, question)
        if row.get("read_only").lower() in _YES and kind not in ("note", "calculate"):
            row.tell_all("read_only")
            self._changed(row, READ_ONLY)
            question["kind"] = "note"
            return self._taken(row, question)
        if sort.list_name:
            return self._listed(row, sort, question)
        if not self.words.is_own:
            if kind == "range" and is_below_nothing(row):
                return self._unknown(row, sort, question, BELOW)
            self._bounds(row, sort, question)
        return self._taken(row, question)

    def _taken(self, row: Row, question: Question) -> list[Question]:
        """What questions of every kind have."""
        kind = question["kind"]
        if self.words.is_own or kind != "calculate":
            self.words.take(row, "hint", question)
            if row.has("guidance_hint") and "hint" not in question:
                self.words.take(row, "guidance_hint", question, "hint")
        if not question["label"]:
            instead = question.get("hint") or self._picture(row)
            question["label"] = dict.fromkeys(self.languages, row.name) if kind == "calculate" else dict(instead)
        if kind == "calculate":
            self.expression(row, question, "calculation")
            if "calculation" not in question and "(" in row.get("default"):
                question["calculation"] = row.get("default").translate(_QUOTES)
                row.tell_all("default", at=question, key="calculation")
            question.setdefault("calculation", "''")
        self.expression(row, question, "relevant")
        if kind not in _TAKE_NO_ANSWER:
            self.answered(row, question)
        read_parameters(row, question, self.words.is_own, self.languages)
        return [question]

    def _picture(self, row: Row) -> dict[str, str]:
        pictured = any(row.has(word) for word in ("image", "big-image", "audio", "video"))
        return {self.words.default: "[image]"} if pictured else {}

    def answered(self, row: Row, question: Question) -> None:
        required = self._source(row, "required")
        if required == "true()":
            question["required"] = True
        elif required and required != "false()":
            question["required"] = required
        row.tell_all("required", at=question, key="required")
        self.expression(row, question, "constraint")
        if "constraint" in question:  # An answer's own name stands for it elsewhere.
            own = rf"\$\{{\s*{re.escape(row.name)}\s*\}}"
            question["constraint"] = re.sub(own, ".", question["constraint"])
        for word in ("required_message", "constraint_message"):
            if self.words.is_own or word.removesuffix("_message") in question:
                self.words.take(row, word, question)
        if question["kind"] in ("select_one", "select_multiple", "rank"):
            self.expression(row, question, "choice_filter")

    def expression(self, row: Row, at: dict[str, Any], word: str) -> None:
        """An expression as it stands: whether we can read it is found later, and told of then."""
        source = self._source(row, word)
        if not source:
            return
        at[word] = source
        row.tell_all(word, at=at, key=word)
        if self.words.is_own:
            return
        for message, change in ((NOW, partial(_NOW.sub, "today()")), (PATHS, self.paths.named)):
            before, at[word] = at[word], change(at[word])
            if at[word] != before:
                row.tell_all(word, "changed", message)

    def _source(self, row: Row, word: str) -> str:
        """An expression in plain quotes; "yes" and "no" stand for true and false."""
        source = row.get(word)
        if self.words.is_own and source != "yes":
            return source
        source = source.translate(_QUOTES)
        return "true()" if source.lower() in _YES else "false()" if source.lower() in _NO else source

    def _computed(self, row: Row, question: Question) -> list[Question]:
        """A question with a calculation: computed; where it has words, a note shows them with what came out."""
        shown = question["label"]
        question |= {"kind": "calculate", "label": {}}
        made = self._taken(row, question)
        if not shown:
            return made
        self._changed(row, COMPUTED)
        note = {"name": f"{row.name}_shown", "kind": "note", "label": shown}
        for language, text in shown.items():
            if f"${{{row.name}}}" not in text:
                shown[language] = f"{text}\n${{{row.name}}}"
        if "relevant" in question:
            note["relevant"] = question["relevant"]
        self.words.take(row, "hint", note)
        return [*made, note]

    def _listed(self, row: Row, sort: Type, question: Question) -> list[Question]:
        choices = self.lists.get(sort.list_name)
        if choices is None and sort.is_elsewhere:
            return self._unknown(row, sort, question, ELSEWHERE)
        if "search(" in row.get("appearance").replace(" ", ""):
            return self._unknown(row, sort, question, ELSEWHERE)
        if not choices:
            return self._unknown(row, sort, question, NO_LIST, name=sort.list_name)
        question["choices"] = choices
        if sort.other:
            has_words = question["kind"] != "rank"
            self._changed(row, OTHER if has_words else OTHER_ALONE)
            question["choices"] = self._with_other(row, choices, has_words)
        if question["kind"] == "select_one" and "minimal" in row.get("appearance").split():
            question["appearance"] = "minimal"
            row.tell_all("appearance", at=question, key="appearance")
        return self._taken(row, question)

    def _with_other(self, row: Row, choices: list[dict[str, Any]], has_words: bool) -> list[dict[str, Any]]:
        own: list[dict[str, Any]] = row.report.copy_of(choices)
        other = next((choice for choice in own if choice["code"] == "other"), None)
        if other is None:
            other = {"code": "other", "label": {lang: _OTHER_WORDS.get(lang, "Other") for lang in self.languages}}
            own.append(other)
        if has_words:
            other["specify"] = True
        return own

    def _unknown(self, row: Row, sort: Type, question: Question, reason: str, **params: Any) -> list[Question]:
        row.report.add(row.where, "question", row.name, "dropped", reason, **params)
        self.words.take(row, "hint", question)
        self.expression(row, question, "relevant")
        question["label"] = question["label"] or self._picture(row) or {self.words.default: row.name}
        stand_in(question, sort.word)
        row.close(dict.fromkeys([column.word for column in row.cells], NOT_ASKED))
        return [question]

    def _bounds(self, row: Row, sort: Type, question: Question) -> None:
        """Numbers are bounded here, and nowhere else: said, unless the question's own bounds say as much."""
        word = sort.word.lower()
        if word in LESS:
            self._changed(row, LESS[word])
        elif word in PHONE:
            question["constraint"] = "regex(., '^[0-9]*$')"
        elif word in BOUNDED:
            question["parameters"] = {"start": 0, "end": BOUNDED[word]}
        elif question["kind"] == "integer" and not re.search(r"\.\s*>=?\s*[0-9]", row.get("constraint")):
            self._changed(row, NUMBERS, limit=_MOST_NUMBERS)
        elif question["kind"] == "decimal":
            question["parameters"] = {"decimals": 2}
            self._changed(row, DECIMALS, limit=10_000, decimals=2)

    def own(self, row: Row, question: Question) -> None:
        """What stands in our own columns."""
        for column, text in row.cells.items():
            key = column.word.removeprefix(OWN)
            if column.word.startswith(OWN) and key:
                value = own_value(text)
                if key == "list":
                    question["choices"] = self.lists.get(str(value), [])
                elif key == "parameters":
                    question["parameters"] = {**question.get("parameters", {}), **value}
                else:
                    question[key] = value
                row.tell(column, at=question, key=key)

    def _changed(self, row: Row, message: str, **params: Any) -> None:
        row.report.add(row.where, "question", row.name, "changed", message, **params)
