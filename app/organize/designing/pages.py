"""The editors of a page itself and of what is said of the whole questionnaire; adding and deleting pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.questionnaire.draft import edits
from app.questionnaire.draft.fields import EditorField, page_fields, settings_fields
from app.questionnaire.draft.filled import PREFIX, filled
from app.questionnaire.draft.tree import Tree, head_of, page_named, pages, settings
from app.questionnaire.narrow import narrow

from . import conditions, drafts
from .drafts import Draft, Trouble
from .editing import edit
from .outline import words

_LONGEST = 60


@dataclass(frozen=True)
class PagePart:
    """A page itself, without its questions."""

    key: str
    name: str

    def stored(self, tree: Tree) -> Tree | None:
        found = page_named(tree, self.name)
        return head_of(found) if found else None

    def fields(self, made: Tree) -> Sequence[EditorField]:
        return page_fields()

    def read(self, form: Mapping[str, str], before: Tree, spoken: Sequence[str]) -> Tree:
        made = filled(form, page_fields(), spoken, before)
        return made | {"name": narrow(form.get(f"{PREFIX}name", ""))[:_LONGEST]}

    def refusals(self, tree: Tree, made: Tree) -> list[tuple[str, str]]:
        if not made["name"]:
            return [(f"{PREFIX}name", _("Give the page a name."))]
        if made["name"] != self.name and page_named(tree, made["name"]):
            return [(f"{PREFIX}name", _("“%(name)s” is the name of another page.", name=made["name"]))]
        return []

    def put(self, tree: Tree, made: Tree) -> Tree:
        if page_named(tree, self.name) is None:  # Deleted meanwhile, and wanted all the same.
            tree, name = edits.add_page(tree, {})
            return edits.put_page(tree, name, made)
        return edits.put_page(tree, self.name, made)

    def deed(self, made: Tree) -> tuple[str, dict[str, str]]:
        return "page.changed", {"name": made["name"]}

    def destination(self, made: Tree) -> str:
        if self.troubles(drafts.known(self.key), made):
            return url_for("organize.design_page", key=self.key, name=made["name"])
        return url_for("organize.design", key=self.key, at=made["name"])

    def troubles(self, draft: Draft, made: Tree) -> list[Trouble]:
        found = draft.troubles_of("page", made["name"])
        return [trouble for trouble in found if trouble.field != "questions"]

    def with_condition(self, tree: Tree, made: Tree) -> Tree:
        return conditions.added(tree, made, self.name, self.name)

    def page(self, draft: Draft, made: Tree, context: dict[str, Any]) -> str:
        chosen = conditions.builder(draft.tree, self.name, self.name)
        return render_template("organize/design/page.html", name=self.name, builder=chosen, **context)


@dataclass(frozen=True)
class SettingsPart:
    """What is said of the whole."""

    key: str

    def stored(self, tree: Tree) -> Tree | None:
        return settings(tree)

    def fields(self, made: Tree) -> Sequence[EditorField]:
        return settings_fields()

    def read(self, form: Mapping[str, str], before: Tree, spoken: Sequence[str]) -> Tree:
        made = filled(form, settings_fields(), spoken, before)
        was = {one.get("name"): one for one in before.get("breakdowns") or () if isinstance(one, dict)}
        for one in made.get("breakdowns") or ():
            groups = was.get(one.get("name"), {}).get("groups")
            if groups:
                one["groups"] = groups
        return made

    def refusals(self, tree: Tree, made: Tree) -> list[tuple[str, str]]:
        return []

    def put(self, tree: Tree, made: Tree) -> Tree:
        return edits.put_settings(tree, made)

    def deed(self, made: Tree) -> tuple[str, dict[str, str]]:
        return "settings.changed", {}

    def destination(self, made: Tree) -> str:
        here = bool(self.troubles(drafts.known(self.key), made))
        return url_for("organize.design_settings" if here else "organize.design", key=self.key)

    def troubles(self, draft: Draft, made: Tree) -> list[Trouble]:
        return [trouble for trouble in draft.troubles_of("settings") if trouble.field != "pages"]

    def with_condition(self, tree: Tree, made: Tree) -> Tree:
        return made

    def page(self, draft: Draft, made: Tree, context: dict[str, Any]) -> str:
        return render_template("organize/design/settings.html", **context)


def design_page(key: str, name: str) -> Any:
    """The editor of a page."""
    return edit(PagePart(key, name))


def design_settings(key: str) -> Any:
    """The editor of what is said of the whole."""
    return edit(SettingsPart(key))


def add_page(key: str) -> Any:
    """Adds a page behind another one, and goes to its editor."""
    draft = drafts.known(key)
    name = edits.add_page(draft.tree, {}, request.form.get("after", ""))[1]
    drafts.change(key, lambda tree: edits.add_page(tree, {}, request.form.get("after", ""))[0], "page.added", name=name)
    return redirect(url_for("organize.design_page", key=key, name=name), 303)


def remove_page(key: str, name: str) -> Any:
    """Asks whether a page is to go with its questions, and takes it away."""
    draft = drafts.known(key)
    found = page_named(draft.tree, name)
    if found is None:
        abort(404)
    if request.method == "POST":
        if found != page_named(drafts.at(key, request.form.get("state", "")).tree, name):
            flash(_("The page was changed by %(who)s meanwhile. Look again.", who=draft.state.actor), "warning")
            return redirect(url_for("organize.remove_page", key=key, name=name), 303)
        drafts.change(key, lambda tree: edits.remove_page(tree, name), "page.deleted", name=name)
        flash(_("The page “%(name)s” is deleted. It can be brought back by Undo.", name=name))
        return redirect(url_for("organize.design", key=key), 303)
    asked = [(question["name"], words(question.get("label"))) for question in found["questions"]]
    title = words(found.get("title")) or name
    return render_template(
        "organize/design/remove_page.html",
        draft=draft,
        name=name,
        title=title,
        asked=asked,
        only=len(pages(draft.tree)) == 1,
    )
