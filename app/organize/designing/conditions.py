"""Conditions in an editor: put together by choosing, and checked while they are typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _

from app.questionnaire.draft import edits
from app.questionnaire.draft.condition import OPERATORS, Named, compose, joined, nameable
from app.questionnaire.draft.tree import RULES, Tree, page_named, question_named
from app.questionnaire.kinds import KINDS
from app.questionnaire.soundness import examine

from . import drafts
from .outline import words
from .words import finding_text

OPERATOR_WORDS = {
    "is": _("is"),
    "is_not": _("is not"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
    "chosen": _("has chosen"),
    "not_chosen": _("has not chosen"),
    "answered": _("was answered"),
    "unanswered": _("was not answered"),
}
_LONGEST = 90
_MOST_TYPED = 10_000
_OF_A_RULE = re.compile(rf"({'|'.join(RULES)})\.[0-9]{{1,4}}\.when")
_CHECKED = ("relevant", "constraint", "choice_filter", "calculation", "required")


@dataclass(frozen=True)
class Builder:
    """What can be chosen: the questions; and of the one that is, the operators and answers."""

    names: list[tuple[str, str]]
    chosen: Named | None
    operators: list[tuple[str, str]]
    answers: list[tuple[str, str]]
    is_open: bool


def builder(tree: Tree, name: str, page: str) -> Builder:
    """For the question of a name, or else for the page."""
    found = nameable(tree, name, page)
    do = request.form.get("do", "")
    chosen = _chosen(found)
    if do == "condition-other" or do.startswith("condition-for:") or (do == "condition-add" and _composed(chosen)):
        chosen = None
    names = [(one.name, f"{one.name} – {words(one.label)}"[:_LONGEST]) for one in found]
    operators = [(key, str(OPERATOR_WORDS[key])) for key in OPERATORS[chosen.sort]] if chosen else []
    answers = [(code, f"{code} {words(label)}".strip()) for code, label in chosen.options] if chosen else []
    return Builder(names, chosen, operators, answers, do.startswith("condition"))


def added(tree: Tree, made: Tree, name: str, page: str) -> Tree:
    """A part with the condition that was chosen added to its own."""
    source = with_chosen(str(made.get("relevant") or ""), tree, name, page)
    return {**made, "relevant": source} if source else made


def with_chosen(before: str, tree: Tree, name: str = "", page: str = "") -> str:
    """A condition with the one that was chosen added to it."""
    condition = _composed(_chosen(nameable(tree, name, page)))
    word = "or" if request.form.get("c.join") == "or" else "and"
    return joined(before, condition, word) if condition else before


def _chosen(found: list[Named]) -> Named | None:
    """The question that was chosen by its button: a list that only stands there chooses its first one."""
    was_chosen = "c.operator" in request.form or request.form.get("do") == "condition"
    wanted = request.form.get("c.question", "") if was_chosen else ""
    return next((one for one in found if one.name == wanted), None)


def _composed(chosen: Named | None) -> str:
    """The condition that the form says; "" where something of it is missing."""
    operator, answer = request.form.get("c.operator", ""), request.form.get("c.answer", "")
    return compose(chosen, operator, answer) if chosen else ""


def check_expression(key: str) -> Any:
    """What is wrong with an expression that is being typed, as lines of text: nothing where nothing is.

    In the form: field, source; name, page and kind of the question that it is of, name and page alike for a page,
    nothing for a rule.
    """
    draft = drafts.known(key)
    given = {word: request.form.get(word, "") for word in ("field", "source", "name", "page", "kind")}
    field = given["field"].removeprefix("f.")
    if len(given["source"]) > _MOST_TYPED:
        return {"messages": []}
    rule = _OF_A_RULE.fullmatch(field)
    tree = _with_rule(draft.tree, rule[1], given["source"]) if rule else _with(draft.tree, given, field)
    if tree is None:
        return {"messages": []}
    place = (rule[1], 0, "when") if rule else (*drafts.place_in(tree, given["name"], given["page"]), field)
    told = [finding_text(finding) for finding in examine(tree)[1] if finding[0] == place]
    return {"messages": list(dict.fromkeys(told))}


def _with_rule(tree: Tree, key: str, source: str) -> Tree | None:
    """The draft with the expression in the only rule of its list."""
    return edits.put_rules(tree, {key: [{"when": source, "label": {}}]}) if source.strip() else None


def _with(tree: Tree, given: dict[str, str], field: str) -> Tree | None:
    """The draft with the expression in it; None where it is not known of what it is."""
    name, page, source = given["name"], given["page"], given["source"].strip()
    if field not in _CHECKED:
        return None
    if name == page and page_named(tree, page) and field == "relevant":
        head = {word: value for word, value in (page_named(tree, page) or {}).items() if word != "questions"}
        return edits.put_page(tree, page, {**head, **({field: source} if source else {})})
    if page_named(tree, page) is None or given["kind"] not in KINDS or not source:
        return None
    was = question_named(tree, name)
    question = {**(was or {"name": name or "new_question", "kind": given["kind"], "label": {}}), field: source}
    given["name"] = question["name"]
    return edits.put_question(tree, name, question, page) if was else edits.add_question(tree, page, question)
