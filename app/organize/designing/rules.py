"""The editor of the rules: where the interview ends early, and which answers contradict each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from app.questionnaire.draft import edits
from app.questionnaire.draft.fields import EditorField, rules_fields
from app.questionnaire.draft.filled import count, filled, place
from app.questionnaire.draft.tree import RULES, Tree, languages, rules

from . import conditions, drafts
from .drafts import Draft, Trouble
from .editing import edit

_AT = re.compile(rf"({'|'.join(RULES)}):([0-9]{{1,4}})")


@dataclass(frozen=True)
class RulesPart:
    """All rules of a draft, as lists of a condition and its words."""

    key: str

    def stored(self, tree: Tree) -> Tree | None:
        return rules(tree)

    def fields(self, made: Tree) -> Sequence[EditorField]:
        return rules_fields()

    def read(self, form: Mapping[str, str], before: Tree, spoken: Sequence[str]) -> Tree:
        return filled(form, rules_fields(), spoken, before)

    def refusals(self, tree: Tree, made: Tree) -> list[tuple[str, str]]:
        return []

    def put(self, tree: Tree, made: Tree) -> Tree:
        return edits.put_rules(tree, made)

    def deed(self, made: Tree) -> tuple[str, dict[str, str]]:
        return "rules.changed", {}

    def destination(self, made: Tree) -> str:
        here = bool(self.troubles(drafts.known(self.key), made))
        return url_for("organize.design_rules" if here else "organize.design", key=self.key)

    def troubles(self, draft: Draft, made: Tree) -> list[Trouble]:
        return draft.troubles_of("rules")

    def with_condition(self, tree: Tree, made: Tree) -> Tree:
        """In the rule in which it was put together, which may stand empty till then."""
        at = _open(languages(tree))
        if at is None:
            return made
        key, number = at
        found = [dict(rule) for rule in made.get(key) or ()]
        rule = found[number] if number < len(found) else {}
        source = conditions.with_chosen(str(rule.get("when") or ""), tree)
        if source:
            found[number : number + 1] = [{**rule, "when": source}]
        return {**made, key: found} if found else made

    def page(self, draft: Draft, made: Tree, context: dict[str, Any]) -> str:
        at = _open(draft.languages)
        return render_template(
            "organize/design/rules.html",
            builder=conditions.builder(draft.tree, "", ""),
            open=f"{at[0]}:{at[1]}" if at else "",
            **context,
        )


def design_rules(key: str) -> Any:
    """The editor of the rules."""
    return edit(RulesPart(key))


def _open(spoken: Sequence[str]) -> tuple[str, int] | None:
    """The rule in which a condition is put together: its list, and its place there once the empty ones stand last."""
    do = request.form.get("do", "")
    if do.startswith("more:"):
        return (do[5:], count(request.form, do[5:])) if do[5:] in RULES else None
    if not do.startswith("condition"):
        return None
    found = _AT.fullmatch(do.removeprefix("condition-for:") if ":" in do else request.form.get("c.at", ""))
    if found is None:
        return None
    key, number = found[1], int(found[2])
    at = place(request.form, rules_fields(), spoken, key, number)
    if at is None:
        at = len(filled(request.form, rules_fields(), spoken, {}).get(key) or ())
    return key, at
