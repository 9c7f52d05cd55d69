"""The editor of a question, and adding one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from app.questionnaire.draft import edits
from app.questionnaire.draft.fields import EditorField, editor_fields
from app.questionnaire.draft.filled import PREFIX, filled, turned, typed
from app.questionnaire.draft.tree import Tree, free_name, names, page_named, page_of, pages, question_named
from app.questionnaire.draft.variants import arms
from app.questionnaire.kinds import KINDS as REGISTRY
from app.questionnaire.narrow import narrow

from . import conditions, drafts
from .drafts import Draft, Trouble
from .editing import edit, show
from .outline import words
from .words import KINDS

_PAGE = "page"
_LONGEST = 60
_LONGEST_ARM = 100


@dataclass(frozen=True)
class QuestionPart:
    """A question of a draft; a new one where `name` is empty. As a part it says on which page it is."""

    key: str
    name: str
    page_name: str = ""
    after: str = ""

    def stored(self, tree: Tree) -> Tree | None:
        found, page = question_named(tree, self.name), page_of(tree, self.name)
        return {**found, _PAGE: page["name"]} if found and page else None

    def fields(self, made: Tree) -> Sequence[EditorField]:
        """Attributes of answers are asked for only where something reads them, or they are there."""
        choices = made.get("choices")
        has = any("attributes" in one for one in choices or () if isinstance(one, dict)) if choices else False
        fields = editor_fields(_known_kind(made))
        return fields if has or made.get("choice_filter") else tuple(_without_attributes(field) for field in fields)

    def read(self, form: Mapping[str, str], before: Tree, spoken: Sequence[str]) -> Tree:
        kind, shown = form.get(f"{PREFIX}kind", ""), form.get("shown", "")
        fields = editor_fields(_known_kind({"kind": shown}))
        kept = before if shown not in REGISTRY else {k: before[k] for k in ("variants",) if k in before}
        made = filled(form, fields, spoken, kept)
        made |= {"name": narrow(form.get(f"{PREFIX}name", ""))[:_LONGEST], "kind": shown}
        if kind != shown and kind in REGISTRY:
            made = turned(made, editor_fields(kind), spoken, kind)
        return {**made, _PAGE: form.get(f"{PREFIX}page", self.page_name)}

    def refusals(self, tree: Tree, made: Tree) -> list[tuple[str, str]]:
        found = []
        clash = edits.clashing(tree, made, self.name)
        if not made["name"]:
            found.append((f"{PREFIX}name", _("Give the question a name.")))
        elif clash:
            found.append((f"{PREFIX}name", _("“%(name)s” is the name of another question or row.", name=clash)))
        if page_named(tree, made[_PAGE]) is None:
            found.append((f"{PREFIX}page", _("This page is no longer there. Choose another one.")))
        return found

    def put(self, tree: Tree, made: Tree) -> Tree:
        question, page = without_page(made), made[_PAGE]
        if self.name and question_named(tree, self.name):
            return edits.put_question(tree, self.name, question, page)
        return edits.add_question(tree, page, question, self.after)

    def deed(self, made: Tree) -> tuple[str, dict[str, str]]:
        if not self.name:
            return "question.added", {"name": made["name"]}
        if self.name != made["name"]:
            return "question.renamed", {"was": self.name, "name": made["name"]}
        return "question.changed", {"name": made["name"]}

    def destination(self, made: Tree) -> str:
        draft = drafts.known(self.key)
        name = made["name"]
        if draft.troubles_of("question", name):
            return url_for("organize.design_question", key=self.key, name=name)
        if request.form.get("do") == "save-add":
            return url_for("organize.add_question", key=self.key, page=made[_PAGE], after=name)
        return url_for("organize.design", key=self.key, at=name)

    def troubles(self, draft: Draft, made: Tree) -> list[Trouble]:
        return draft.troubles_of("question", made["name"])

    def with_condition(self, tree: Tree, made: Tree) -> Tree:
        return conditions.added(tree, made, self.name, made[_PAGE])

    def page(self, draft: Draft, made: Tree, context: dict[str, Any]) -> str:
        return render_template(
            "organize/design/question.html",
            builder=conditions.builder(draft.tree, self.name, made[_PAGE]),
            is_new=not self.name,
            name=self.name,
            after=self.after,
            kind=made.get("kind", ""),
            kinds=_kinds_to_choose(made.get("kind", "")),
            arms=_arms(draft.tree, made),
            page_names=[(page["name"], words(page.get("title")) or page["name"]) for page in pages(draft.tree)],
            **context,
        )


def design_question(key: str, name: str) -> Any:
    """The editor of a question."""
    return edit(QuestionPart(key, name))


def add_question(key: str) -> Any:
    """?page= and ?after=: where the new question comes. Asks for its ?kind= first."""
    draft = drafts.known(key)
    page, after, kind = (request.values.get(name, "") for name in ("page", "after", "kind"))
    part = QuestionPart(key, "", page, after)
    if request.method == "POST":
        return edit(part)
    found = page_named(draft.tree, page)
    if found is None:
        abort(404)
    if kind not in REGISTRY:
        kinds = [(word, *KINDS.get(word, (word, ""))) for word in _in_order()]
        title = words(found.get("title")) or page
        return render_template(
            "organize/design/add.html", draft=draft, kinds=kinds, page=page, after=after, title=title
        )
    name = free_name(names(draft.tree), f"q{len(names(draft.tree)) + 1}")
    return show(part, draft, {"name": name, "kind": kind, _PAGE: page})


def without_page(made: Tree) -> Tree:
    """The question as it stands in a draft."""
    return {key: value for key, value in made.items() if key != _PAGE}


def _arms(tree: Tree, made: Tree) -> list[tuple[str, str]]:
    """The arms in which the question can have other words, to choose from; one that is gone stays as it is written."""
    found = [(arm.value, f"{words(arm.experiment)} – {words(arm.label)}"[:_LONGEST_ARM]) for arm in arms(tree)]
    known = {value for value, _words in found}
    given = typed(made, [field for field in editor_fields(_known_kind(made)) if field.sort == "variants"], ())
    gone = {value for name, value in given.items() if name.endswith(".arm") and value and value not in known}
    return [*found, *((value, value) for value in sorted(gone))]


def _without_attributes(field: EditorField) -> EditorField:
    return replace(field, inner=tuple(one for one in field.inner if one.key != "attributes"))


def _known_kind(made: Tree) -> str:
    """The kind whose fields are shown: of an unknown one, what every question has."""
    kind = made.get("kind")
    return kind if kind in REGISTRY else "note"


def _in_order() -> list[str]:
    return [*(kind for kind in KINDS if kind in REGISTRY), *(kind for kind in REGISTRY if kind not in KINDS)]


def _kinds_to_choose(kind: str) -> list[tuple[str, str]]:
    known = [(word, str(KINDS[word][0]) if word in KINDS else word) for word in _in_order()]
    return known if kind in REGISTRY else [(kind, _("Choose a kind")), *known]
