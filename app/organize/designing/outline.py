"""The outline of a draft: its pages and questions, what is wrong with them, and what is done to them by a button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import current
from app.language import in_language
from app.questionnaire.draft import edits
from app.questionnaire.draft.tree import Tree, page_named, pages, question_named, questions
from app.storage import drafts as stored
from app.storage import surveys

from . import drafts
from .drafts import Draft, Trouble
from .starting import start
from .words import deed, kind_word

_LONGEST = 120


@dataclass(frozen=True)
class QuestionLine:
    """A question in the outline."""

    name: str
    kind: str
    label: str
    condition: str
    required: bool
    troubles: list[Trouble]


@dataclass(frozen=True)
class PageLine:
    """A page in the outline."""

    name: str
    title: str
    condition: str
    questions: list[QuestionLine]
    troubles: list[Trouble]


def design(key: str) -> Any:
    """The draft of a survey as it stands; where there is none, the ways to begin one."""
    draft = drafts.find(key)
    if draft is None:
        return start(key)
    if request.method == "POST":
        return _act(draft)
    return render_template(
        "organize/design/outline.html",
        draft=draft,
        title=_title(draft.tree),
        lines=outline(draft),
        at=request.args.get("at", ""),
        to=request.args.get("to", ""),
        last=deed(draft.state.action, draft.state.detail),
        is_published=bool(surveys.published_versions(key)),
    )


def outline(draft: Draft) -> list[PageLine]:
    """The pages and questions of a draft in the reader's language."""
    return [
        PageLine(
            page["name"],
            words(page.get("title")) or page["name"],
            _text(page.get("relevant")),
            [_question_line(draft, question) for question in questions(page)],
            draft.troubles_of("page", page["name"]),
        )
        for page in pages(draft.tree)
    ]


def words(text: object) -> str:
    """A text of a draft in the reader's language, "" where there is none."""
    lines = {code: line for code, line in text.items() if isinstance(line, str)} if isinstance(text, dict) else {}
    return in_language(lines)


def _question_line(draft: Draft, question: Tree) -> QuestionLine:
    label = words(question.get("label"))
    return QuestionLine(
        question["name"],
        kind_word(_text(question.get("kind"))),
        label if len(label) <= _LONGEST else label[:_LONGEST].rstrip() + "…",
        _text(question.get("relevant")),
        bool(question.get("required")),
        draft.troubles_of("question", question["name"]),
    )


def _title(tree: Tree) -> str:
    return words(tree.get("title")) or str(tree.get("survey"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _act(draft: Draft) -> Any:
    """One button of the outline: what to do, with what, and where to."""
    do, _sep, rest = request.form.get("do", "").partition(":")
    name, _sep, where = rest.partition(":")
    at = name
    try:
        if do == "undo":
            return _undo(draft)
        if do in ("up", "down"):
            step = -1 if do == "up" else 1
            drafts.change(draft.key, lambda tree: edits.move_question(tree, name, step), "question.moved", name=name)
        elif do == "place":
            page, _sep, before = where.partition(":")
            if page_named(draft.tree, page) is None:
                told = _("The page “%(name)s” is no longer there: somebody has renamed or deleted it.", name=page[:60])
                flash(told, "warning")
                return redirect(url_for("organize.design", key=draft.key, at=name), 303)
            drafts.change(
                draft.key, lambda tree: edits.place_question(tree, name, page, before), "question.moved", name=name
            )
        elif do == "copy":
            at = edits.copy_question(draft.tree, name)[1]
            drafts.change(
                draft.key, lambda tree: edits.copy_question(tree, name)[0], "question.copied", was=name, name=at
            )
        elif do == "delete":
            return _delete(draft, name)
        elif do in ("page-up", "page-down"):
            step = -1 if do == "page-up" else 1
            drafts.change(draft.key, lambda tree: edits.move_page(tree, name, step), "page.moved", name=name)
        elif do == "page-copy":
            at = edits.copy_page(draft.tree, name)[1]
            drafts.change(draft.key, lambda tree: edits.copy_page(tree, name)[0], "page.copied", was=name, name=at)
    except LookupError:
        flash(_("“%(name)s” is no longer there: somebody has renamed or deleted it.", name=name[:60]), "warning")
    to = do.rpartition("-")[2] if do.endswith(("up", "down")) else None
    return redirect(url_for("organize.design", key=draft.key, at=at, to=to), 303)


def _delete(draft: Draft, name: str) -> Any:
    """Deletes a question, unless somebody has changed it since the outline was shown."""
    seen = drafts.at(draft.key, request.form.get("state", ""))
    was, now = (question_named(one.tree, name) for one in (seen, draft))
    if now is not None and was != now:
        flash(
            _("“%(name)s” was changed by %(who)s meanwhile, so it was not deleted.", name=name, who=draft.state.actor),
            "warning",
        )
    else:
        drafts.change(draft.key, lambda tree: edits.remove_question(tree, name), "question.deleted", name=name)
        flash(_("The question “%(name)s” is deleted. It can be brought back by Undo.", name=name))
    return redirect(url_for("organize.design", key=draft.key), 303)


def _undo(draft: Draft) -> Any:
    """Undoes the newest edit, if it is the one that the reader saw."""
    last = drafts.undoable(draft)
    if not draft.state.before:
        flash(_("There is nothing to undo."), "warning")
    elif request.form.get("state") != str(draft.number) or not drafts.undo(draft):
        newest = drafts.known(draft.key).state
        flash(
            _(
                "Nothing was undone: %(who)s has made another edit meanwhile (%(what)s).",
                who=newest.actor,
                what=deed(newest.action, newest.detail),
            ),
            "warning",
        )
    else:
        flash(_("Undone: %(what)s", what=deed(last.action, last.detail)))
    return redirect(url_for("organize.design", key=draft.key), 303)


def remove_draft(key: str) -> Any:
    """Deletes a draft with its history once the survey's key has been typed."""
    draft = drafts.known(key)
    errors = []
    if request.method == "POST":
        if request.form.get("key", "").strip() == key:
            stored.remove(key, current().email, datetime.now(UTC))
            flash(_("The draft of “%(key)s” is deleted.", key=key))
            return redirect(url_for("organize.overview"), 303)
        errors = [("key", _("This is not the key of the survey."))]
    page = render_template(
        "organize/design/remove.html",
        draft=draft,
        errors=errors,
        typed=request.form.get("key", "")[:60],
        is_published=bool(surveys.published_versions(key)),
    )
    return page, 422 if errors else 200
