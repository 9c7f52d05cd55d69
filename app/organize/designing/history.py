"""The history of a draft: every edit, any earlier state to be looked at, taken as a file, and restored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.organize.download import download
from app.questionnaire.draft.tree import Tree, pages, questions
from app.storage import drafts as stored
from app.storage.drafts import Deed

from . import drafts
from .outline import outline
from .words import deed

ON_A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An edit in words."""

    deed: Deed
    did: str


def design_history(key: str) -> str:
    """The edits of a draft, the newest first; ?from=: the number with which to begin."""
    draft = drafts.known(key)
    begin = request.args.get("from", "")
    up_to = int(begin) if re.fullmatch("[0-9]{1,9}", begin) else draft.number
    found = stored.history(key, ON_A_PAGE, up_to)
    return render_template(
        "organize/design/history.html",
        draft=draft,
        lines=[Line(one, deed(one.action, one.detail)) for one in found],
        older=found[-1].number - 1 if found and found[-1].number > 1 else None,
        newest=up_to >= draft.number,
    )


def design_state(key: str, number: int) -> Any:
    """One state of a draft beside the present one; restores it."""
    now, then = drafts.known(key), drafts.at(key, number)
    if request.method == "POST":
        if request.form.get("state") != str(now.number) or not drafts.restore(now, number):
            told = _("Nothing was restored: %(who)s has changed the draft meanwhile. Look again.", who=now.state.actor)
            flash(told, "warning")
            return redirect(url_for("organize.design_state", key=key, number=number), 303)
        flash(_("The draft is as it was after the edit number %(number)s.", number=number))
        return redirect(url_for("organize.design", key=key), 303)
    return render_template(
        "organize/design/state.html",
        draft=now,
        then=then,
        did=deed(then.state.action, then.state.detail),
        lines=outline(then),
        marks=_marks(then.tree, now.tree),
        gone=[name for name in _by_name(now.tree) if name not in _by_name(then.tree)],
    )


def design_file(key: str, number: int) -> Response:
    """A state of a draft as a YAML file."""
    return download(drafts.at(key, number).state.source, "application/yaml", f"{key}-draft-{number}.yaml")


def _marks(then: Tree, now: Tree) -> dict[str, str]:
    """What became of each question of a state since: changed | gone; the others are as they were."""
    later = _by_name(now)
    return {
        name: "gone" if name not in later else "changed"
        for name, question in _by_name(then).items()
        if later.get(name) != question
    }


def _by_name(tree: Tree) -> dict[str, Any]:
    return {question["name"]: question for page in pages(tree) for question in questions(page)}
