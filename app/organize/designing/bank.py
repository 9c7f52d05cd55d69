"""The question bank: searched in any language; what is taken keeps its words, and so its trend."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.catalogue import catalogue
from app.interchange.yaml_tree import read_tree
from app.questionnaire.draft import edits
from app.questionnaire.draft.bank import Entry, of_actions, published, search, taken
from app.questionnaire.draft.tree import page_named, question_named
from app.storage import surveys
from app.surveys_folder import blocks_of

from . import drafts
from .outline import words
from .words import kind_word

_SHOWN = 40
_LONGEST = 200
_SCALE, _LIST = "support-scale", "support"


def design_bank(key: str) -> Any:
    """?page= and ?after=: where it comes; ?q=: the words to look for. POST take=: what is taken."""
    draft = drafts.known(key)
    page, after = request.values.get("page", ""), request.values.get("after", "")
    found_page = page_named(draft.tree, page)
    if found_page is None:
        abort(404)
    every = _entries()
    error = ""
    if request.method == "POST":
        entry = next((one for one in every if one.key == request.form.get("take")), None)
        if entry is None:
            abort(404)
        clash = edits.clashing(draft.tree, entry.question)
        if not clash:
            return _take(draft, entry, page, after)
        error = _("The draft has a question or row “%(name)s” already.", name=clash)
    wanted = request.values.get("q", "")[:_LONGEST]
    found = search(every, wanted)
    answer = render_template(
        "organize/design/bank.html",
        draft=draft,
        page=page,
        after=after,
        title=words(found_page.get("title")) or page,
        wanted=wanted,
        found=[(one, words(one.question["label"]), kind_word(one.question["kind"])) for one in found[:_SHOWN]],
        more=max(0, len(found) - _SHOWN),
        words=words,
        errors=[("bank", error)] if error else [],
    )
    return answer, 409 if error else 200


def _take(draft: drafts.Draft, entry: Entry, page: str, after: str) -> Any:
    made, dropped = taken(draft.tree, entry.question)
    name = made["name"]
    drafts.change(draft.key, lambda tree: edits.add_question(tree, page, made, after), "question.taken", name=name)
    if dropped:
        told = _("Left out, because it names what this draft does not ask: %(conditions)s")
        flash(told % {"conditions": "; ".join(dropped)}, "warning")
    flash(_("The question “%(name)s” is taken as it was.", name=name))
    if question_named(drafts.known(draft.key).tree, name) and drafts.known(draft.key).troubles_of("question", name):
        return redirect(url_for("organize.design_question", key=draft.key, name=name), 303)
    return redirect(url_for("organize.design", key=draft.key, at=name), 303)


def _entries() -> list[Entry]:
    """What was published, the newest versions first, then the catalogue's actions."""
    versions = [version for key in surveys.survey_keys() for version, _at in surveys.published_versions(key)]
    folder = current_app.extensions["settings"].surveys_dir
    return [*_published(tuple(versions)), *of_actions(catalogue().fielded_actions(), _scale(folder))]


@lru_cache(maxsize=4)
def _published(versions: tuple[str, ...]) -> list[Entry]:
    return published((version, surveys.questionnaire(version)) for version in versions)


@lru_cache(maxsize=4)
def _scale(folder: Path) -> list[Any]:
    """The scale of support that all surveys share."""
    block, _lines = read_tree(blocks_of(folder)[_SCALE])
    choices: list[Any] = block["choices"][_LIST]
    return choices
