"""The words of the designer: what the parts of a questionnaire are called, and what was done to a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.language import LANGUAGES
from app.questionnaire.problems import Finding, Message

# A kind as people choose it: its name, and when to take it. In the order in which they are offered.
KINDS = {
    "select_one": (_("One answer of a list"), _("For example a country or a group.")),
    "scale": (_("A scale"), _("From oppose to support, or from 0 to 10. Its mean and shares are tracked.")),
    "matrix": (_("Several rows on one scale"), _("Each row is a question of its own, with the same answers.")),
    "select_multiple": (_("Any number of answers"), _("All that apply.")),
    "rank": (_("An order of preference"), _("Options are put in order, the most important first.")),
    "allocate": (_("A total divided among rows"), _("For example 100 points, or a budget.")),
    "range": (_("A number on a line"), _("A thermometer with two named ends.")),
    "integer": (_("A whole number"), _("For example an age.")),
    "decimal": (_("A number with decimals"), _("For example hours in a week.")),
    "date": (_("A date"), _("A day of the calendar.")),
    "text": (_("Words of one's own"), _("Never published.")),
    "email": (_("An e-mail address"), _("Personal data; never published.")),
    "acknowledge": (_("A box to tick"), _("For example consent.")),
    "note": (_("Words to read"), _("Takes no answer.")),
    "calculate": (_("A calculated value"), _("Follows from other answers; shown to nobody.")),
    "arm": (_("An experiment"), _("Puts each person into one of several arms by chance.")),
    "sample": (_("A sample of questions"), _("Each person is asked some of those named, drawn by chance.")),
}

_FORMULA = _("An expression, such as ${country} = 'jp'.")
# What is asked in an editor, and how to answer it.
FIELDS = {
    "name": (_("Name"), None),
    "code": (_("Code"), None),
    "kind": (_("Kind"), None),
    "page": (_("Page"), None),
    "label": (_("Words"), None),
    "title": (_("Title"), None),
    "introduction": (_("Introduction"), _("Stands above the first page.")),
    "hint": (_("Hint"), _("Smaller, below the words.")),
    "choices": (
        _("Answers to choose from"),
        _("The code is what is stored; leave a line empty to drop it."),
    ),
    "rows": (_("Rows"), _("The name is the variable in data files; leave a row empty to drop it.")),
    "low": (_("Words at the low end"), None),
    "high": (_("Words at the high end"), None),
    "calculation": (_("Calculated as"), _FORMULA),
    "of": (_("Drawn from"), _("Names of questions or rows, with spaces between them.")),
    "parameters": (_("Parameters"), None),
    "parameters.start": (_("Lowest"), None),
    "parameters.end": (_("Highest"), None),
    "parameters.step": (_("Step"), None),
    "parameters.decimals": (_("Digits after the point"), None),
    "parameters.total": (_("Total"), None),
    "parameters.ask": (_("How many are asked"), None),
    "parameters.minimum": (_("Fewest answers"), None),
    "parameters.maximum": (_("Most answers"), None),
    "parameters.rows": (_("Lines of the field"), None),
    "parameters.max_length": (_("Most characters"), None),
    "parameters.randomize": (_("Show them in random order"), None),
    "randomize": (_("In random order"), None),
    "required": (_("Must be answered"), None),
    "required.when": (_("Must be answered only where"), _FORMULA),
    "required_message": (_("Said if it is not answered"), _("Empty: standard words.")),
    "constraint": (_("Taken only where"), _("An expression in which . is the answer, such as . <= ${age}.")),
    "constraint_message": (_("Said if the answer is not taken"), _("Empty: standard words.")),
    "dont_know": (_("Offer “don't know”"), _("Empty: standard words.")),
    "refused": (_("Offer “prefer not to say”"), _("Empty: standard words.")),
    "relevant": (_("Asked only where"), _FORMULA),
    "choice_filter": (_("Offer only the answers where"), _("An expression over attributes of the answers.")),
    "fixed": (_("Keeps its place in a random order"), None),
    "publish": (_("Estimates are published"), None),
    "action": (_("Action that it measures"), _("A code of the catalogue, such as DD6a.")),
    "appearance": (_("Appearance"), None),
    "exclusive": (_("Stands alone"), None),
    "specify": (_("With a field for words"), None),
    "attributes": (_("Attributes"), _("Such as region=kanto.")),
    "share": (_("Share"), None),
    "group": (_("Group of pages"), None),
    "languages": (_("Languages"), _("Codes with spaces between them, the main one first, as in: ja en")),
    "period": (_("Step of the trend"), None),
    "weighting": (_("Weighting variables"), _("Names of questions, with spaces between them.")),
    "breakdowns": (_("Results by group"), _("Names of weighting variables by whose answers results are divided.")),
    "ends": (_("Where the interview ends early"), _("With thanks; nothing is kept.")),
    "contradictions": (
        _("Answers that contradict each other"),
        _("Such a response is marked in the monitor and in data files; it counts like all others."),
    ),
    "groups": (_("Groups of pages"), None),
    "when": (_("Condition"), _FORMULA),
    "variants": (_("Other words in an arm of an experiment"), _("What stays empty is as above.")),
    "arm": (_("In the arm"), None),
    "experiment": (_("In the arm"), None),
    "continues": (_("Declared to measure the same as before"), None),
}
VALUES = {
    ("appearance", ""): _("All answers in sight"),
    ("appearance", "minimal"): _("A drop-down list"),
    ("period", "day"): _("day"),
    ("period", "week"): _("week"),
    ("period", "month"): _("month"),
    ("period", "wave"): _("wave"),
}

_DEEDS = {
    "begun.empty": _("Began with nothing"),
    "begun.version": _("Began with version %(version)s"),
    "begun.file": _("Began with the file %(file)s"),
    "replaced.version": _("Began again with version %(version)s"),
    "replaced.file": _("Began again with the file %(file)s"),
    "replaced.text": _("Changed the text"),
    "question.added": _("Added the question “%(name)s”"),
    "question.taken": _("Took the question “%(name)s” from the bank"),
    "question.changed": _("Changed the question “%(name)s”"),
    "question.renamed": _("Changed the question “%(was)s”, now “%(name)s”"),
    "question.copied": _("Copied the question “%(was)s” as “%(name)s”"),
    "question.moved": _("Moved the question “%(name)s”"),
    "question.deleted": _("Deleted the question “%(name)s”"),
    "page.added": _("Added the page “%(name)s”"),
    "page.changed": _("Changed the page “%(name)s”"),
    "page.copied": _("Copied the page “%(was)s” as “%(name)s”"),
    "page.moved": _("Moved the page “%(name)s”"),
    "page.deleted": _("Deleted the page “%(name)s” and its questions"),
    "settings.changed": _("Changed the settings of the questionnaire"),
    "rules.changed": _("Changed the rules of the questionnaire"),
    "translated": _("Translated texts (%(language)s)"),
    "translated.file": _("Took translations from a file (%(language)s)"),
    "undone": _("Undid the edit number %(number)s"),
    "restored": _("Restored the state number %(number)s"),
}
_MISSING = _("Nothing stands here yet.")
_OTHERWISE = {
    "The translation into “%(language)s” is missing.": _("Not written yet."),
    "This key is missing.": _MISSING,
    "The list needs at least %(min_length)s entries.": _("At least %(min_length)s are needed here."),
    "The question's kind is missing.": _("The kind is not chosen yet."),
}


def deed(action: str, detail: Mapping[str, str]) -> str:
    """What was done to a draft."""
    return str(_DEEDS[action]) % detail if action in _DEEDS else action


def kind_word(kind: str) -> str:
    return str(KINDS[kind][0]) if kind in KINDS else kind


def field_word(key: str) -> str:
    """What a field of an editor is called; the language's own word for what has no other."""
    return str(FIELDS[key][0]) if key in FIELDS else key.rpartition(".")[2]


def field_hint(key: str) -> str | None:
    hint = FIELDS[key][1] if key in FIELDS else None
    return str(hint) if hint else None


def place_word(field: str) -> str:
    """A place in a part, as in `choices.0.label.ja`: Answers to choose from 1: Words (日本語)."""
    words: list[str] = []
    language = ""
    parts = field.split(".") if field else []
    if parts and parts[-1] in LANGUAGES:
        language = LANGUAGES[parts.pop()]
    if parts[:1] in (["parameters"], ["required"]) and len(parts) > 1:
        parts = [".".join(parts[:2])]
    for part in parts:
        if re.fullmatch("[0-9]+", part) and words:
            words[-1] += f" {int(part) + 1}"
        else:
            words.append(field_word(part))
    place = gettext(": ").join(words)
    return gettext("%(place)s (%(language)s)", place=place, language=language) if language else place


def finding_text(finding: Finding) -> str:
    """What is wrong, for people who fill in fields and see no file."""
    _path, message, params = finding
    if message in _OTHERWISE:
        return str(_OTHERWISE[message]) % params
    return Message(message, params).said(gettext)


def value_word(key: str, value: str) -> str:
    """What a value to choose is called."""
    return str(VALUES.get((key, value), value))


def keys_told(told: Mapping[str, str]) -> set[str]:
    """The fields of which something is said: `f.choices.0.label.ja` is of `choices`."""
    return {part for name in told for part in (name.split(".")[1:2] or [""])}
