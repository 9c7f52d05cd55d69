"""From another program's questionnaire, put into our words, to one that our checks take: nothing is lost in silence.

A reader makes a document of it as well as it can, and reports each thing with where it went. What a foreign file
cannot know is filled in here, what our patterns do not take is renamed, and what our checks refuse is dropped: each
told of in the source's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from app.questionnaire.check import check_document
from app.questionnaire.model import MOST_LANGUAGES, Questionnaire
from app.questionnaire.problems import MOST_PROBLEMS, FileError, Finding, Problem
from app.questionnaire.shape import LANGUAGE, NO_LANGUAGE, shape_findings

from .mending import HIDDEN, drop_empty_groups, mend
from .naming import mend_names, questions_of
from .report import Imported, Report
from .texts import mend_texts
from .yaml_file import MOST_OPTIONS, MOST_QUESTIONS, MOST_WORDS, TOO_MANY_WORDS
from .yaml_tree import dotted

_MOST_ROUNDS = 30
TOO_MANY_LANGUAGES = "The questionnaire has more than %(limit)s languages."
TOO_MANY = "The questionnaire has more than %(limit)s questions."
NO_QUESTION = "The file holds no question that can be taken."


def finish(document: dict[str, Any], report: Report, key: str = "") -> Imported:
    """The questionnaire in a document of our own words, made sound. Raises FileError.

    `document`: languages, the default one first, and pages of questions as `Questionnaire` takes them; `choices` of a
    question may name a list of the document's. It is changed. `key`: for a survey without one, such as a file's name.
    """
    _refuse_languages(document["languages"])
    _write_lists_in(document, report)
    _refuse_excess(document, report)
    _mend_key(document, report, key)
    mend_texts(document, report)
    mend_names(document, report)
    for _ in range(_MOST_ROUNDS):
        _refuse_unseen(document)
        findings = _findings(document)
        if not findings:
            return Imported(Questionnaire.model_validate(document), report)
        left = mend(document, findings, report)
        if left:
            _refuse(left)
    _refuse(findings)
    raise AssertionError


def _refuse_unseen(document: dict[str, Any]) -> None:
    """What shows nothing to anybody is no questionnaire."""
    if all(question["kind"] in HIDDEN for _, question in questions_of(document)):
        raise FileError([Problem(0, "", NO_QUESTION)])


def _refuse_languages(languages: Sequence[str]) -> None:
    if len(languages) > MOST_LANGUAGES:
        raise FileError([Problem(0, "", TOO_MANY_LANGUAGES, {"limit": MOST_LANGUAGES})])
    for language in languages:
        if not re.fullmatch(LANGUAGE, language):
            raise FileError([Problem(0, "", NO_LANGUAGE, {"input": language[:40]})])


def _findings(document: dict[str, Any]) -> list[Finding]:
    found = list(check_document(document))
    try:
        Questionnaire.model_validate(document)
    except ValidationError as error:
        found += shape_findings(error)
    return found


def _refuse(findings: Sequence[Finding]) -> None:
    problems = [Problem(0, dotted(path), message, params) for path, message, params in findings[:MOST_PROBLEMS]]
    raise FileError(problems)


def _write_lists_in(document: dict[str, Any], report: Report) -> None:
    """Shared lists in the place of their names, each question with one of its own."""
    lists = document.pop("choices", {})
    lengths: dict[int, int] = {}
    left, words = 2 * MOST_OPTIONS, 0
    for _, question in questions_of(document):
        choices = question.get("choices")
        if isinstance(choices, str):
            choices = question["choices"] = lists.get(choices, [])
        if isinstance(choices, list):
            left -= len(choices)
            is_shared = id(choices) in lengths
            words += lengths.setdefault(id(choices), 0 if is_shared else len(str(choices)))
            if words > MOST_WORDS and left >= MOST_OPTIONS:
                raise FileError([Problem(0, "", TOO_MANY_WORDS, {"limit": MOST_WORDS})])
            if is_shared and left > 0:
                question["choices"] = report.copy_of(choices)


def _refuse_excess(document: dict[str, Any], report: Report) -> None:
    questions = [question for _, question in questions_of(document)]
    options = sum(len(q["choices"]) for q in questions if isinstance(q.get("choices"), list))
    for count, most, message in (
        (len(questions), MOST_QUESTIONS, TOO_MANY),
        (options, MOST_OPTIONS, "The questions have more than %(limit)s options together."),
        (len(str(document)), MOST_WORDS, TOO_MANY_WORDS),
    ):
        if count > most:
            raise FileError([Problem(0, "", message, {"limit": most})])
    document["pages"] = [page for page in document.get("pages", ()) if page.get("questions")]
    drop_empty_groups(document, report)
    if not questions:
        raise FileError([Problem(0, "", NO_QUESTION)])


def as_key(text: str) -> str:
    """A survey's key as near to a text as our pattern takes."""
    return re.sub("[^a-z0-9]+", "-", text.lower())[:60].strip("-") or "imported"


def _mend_key(document: dict[str, Any], report: Report, key: str) -> None:
    """The survey's key: letters, digits and hyphens."""
    raw = str(document.get("survey") or "").strip()
    found = as_key(raw or key)
    if not raw:
        report.tell(document, ("survey",), "changed", "The survey got the key “%(key)s”.", key=found)
    elif found != raw:
        report.tell(document, ("survey",), "changed", "The key “%(raw)s” became “%(key)s”.", raw=raw, key=found)
    document["survey"] = found
