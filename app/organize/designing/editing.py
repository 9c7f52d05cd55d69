"""Editing a part of a draft in a form: what was typed is saved on top of what others did, or shown beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.language import choose
from app.questionnaire.draft.fields import EditorField
from app.questionnaire.draft.filled import PREFIX, count, inside, place, typed
from app.questionnaire.draft.merging import merged
from app.questionnaire.draft.tree import RULES, Tree

from . import drafts, words
from .drafts import Draft, Trouble

_MORE = 3
_HEAD = ("page", "name", "kind")
_OF_THE_PAGE = ("csrf_token", "state", "base", "do")
_TRIES = 20


class Part(Protocol):
    """A question, a page, the settings or the rules of a draft, as its editor's address names it."""

    @property
    def key(self) -> str:
        """The survey's."""

    def stored(self, tree: Tree) -> Tree | None:
        """The part as it stands in a draft; None where it is not there."""

    def fields(self, made: Tree) -> Sequence[EditorField]:
        """What is asked of it."""

    def read(self, form: Mapping[str, str], before: Tree, spoken: Sequence[str]) -> Tree:
        """The part as typed."""

    def refusals(self, tree: Tree, made: Tree) -> list[tuple[str, str]]:
        """Why it cannot be put into a draft at all: (field, message)."""

    def put(self, tree: Tree, made: Tree) -> Tree:
        """The draft with it."""

    def deed(self, made: Tree) -> tuple[str, dict[str, str]]:
        """What saving it is called."""

    def destination(self, made: Tree) -> str:
        """Where it leads when it is saved."""

    def troubles(self, draft: Draft, made: Tree) -> list[Trouble]:
        """What is wrong with it in a draft."""

    def with_condition(self, tree: Tree, made: Tree) -> Tree:
        """The part with the condition that was chosen in its form."""

    def page(self, draft: Draft, made: Tree, context: dict[str, Any]) -> str:
        """Its editor."""


def edit(part: Part) -> Any:
    """The editor of a part, or what becomes of what was typed into it."""
    draft = drafts.known(part.key)
    if request.method != "POST":
        found = part.stored(draft.tree)
        return show(part, draft, found, part.troubles(draft, found)) if found is not None else abort(404)
    base = drafts.at(part.key, request.form.get("state", ""))
    was = part.stored(base.tree)
    made = part.read(request.form, was or {}, base.languages)
    if "language" in request.form:
        choose(request.form["language"])
        return show(part, base, made, more=_empty(part, made))
    do = request.form.get("do", "save")
    if do == "both":
        origin = drafts.at(part.key, request.form.get("base", ""))
        both = _both(part, part.stored(origin.tree), was, made, base.languages)
        return _save(part, base, was, both) if both else abort(400)
    if do == "condition-add":
        made = part.with_condition(base.tree, made)
    if do.startswith("condition"):
        return show(part, base, made, more=_empty(part, made))
    if do != "save" and not do.startswith("save-"):
        made, more = rearranged(made, do, request.form, part.fields(made), base.languages)
        return show(part, base, made, more={**_empty(part, made), **more})
    return _save(part, base, was, made)


def _save(part: Part, base: Draft, was: Tree | None, made: Tree) -> Any:
    for _try in range(_TRIES):
        draft = drafts.known(part.key)
        theirs = part.stored(draft.tree)
        if theirs != was and theirs != made:
            return _conflict(part, base, draft, theirs, made), 409
        refusals = part.refusals(draft.tree, made)
        if refusals:
            return show(part, base, made, errors=refusals), 422
        if was is not None and _same(part, was, made, base.languages):
            return redirect(part.destination(made), 303)
        action, detail = part.deed(made)
        if drafts.save(draft, part.put(draft.tree, made), action, **detail):
            return _saved(part, made, draft.state.actor if draft.number != base.number else "")
    abort(503)


def _same(part: Part, was: Tree, made: Tree, spoken: Sequence[str]) -> bool:
    """Whether nothing was changed, but perhaps how it is written down."""
    fields = part.fields(made)
    rest = [{key: value for key, value in one.items() if key in ("name", "kind", "page")} for one in (was, made)]
    return rest[0] == rest[1] and typed(was, fields, spoken) == typed(made, fields, spoken)


def _saved(part: Part, made: Tree, other: str) -> Any:
    """other: who has made the edit before, if that came in between."""
    draft = drafts.known(part.key)
    if other:
        flash(_("Saved beside the edits that %(who)s has made meanwhile.", who=other))
    troubles = part.troubles(draft, made)
    if troubles:
        flash(_("Saved. Problems left here before it can be published: %(n)s", n=len(troubles)))
    else:
        flash(_("Saved."))
    return redirect(part.destination(made), 303)


def show(
    part: Part,
    draft: Draft,
    made: Tree,
    troubles: Sequence[Trouble] = (),
    errors: Sequence[tuple[str, str]] = (),
    more: Mapping[str, int] | None = None,
) -> str:
    """The editor with a part as it is stored or typed."""
    fields = part.fields(made)
    values = typed(made, fields, draft.languages, more)
    listed = [(field_id(trouble.field, values, draft.languages), trouble) for trouble in troubles]
    told: dict[str, list[str]] = {}
    for name, trouble in listed:
        told.setdefault(name, []).append(trouble.message)
    for name, message in errors:
        told.setdefault(name, []).append(message)
    context = {
        "draft": draft,
        "fields": fields,
        "values": values,
        "troubles": listed,
        "told": {name: " ".join(messages) for name, messages in told.items()},
        "errors": list(errors),
        "made": made,
        "field_word": words.field_word,
        "field_hint": words.field_hint,
        "value_word": words.value_word,
        "kind_word": words.kind_word,
        "keys_told": words.keys_told,
    }
    return part.page(draft, made, context)


def field_id(field: str, values: Mapping[str, str], spoken: Sequence[str]) -> str:
    """The input in which something is mended; the editor itself where it has none for it."""
    name = PREFIX + field
    while name != PREFIX.rstrip("."):
        if name in values:
            return name
        inner = next((f"{name}.{one}" for one in spoken if f"{name}.{one}" in values), None)
        if inner:
            return inner
        name = name.rpartition(".")[0]
    return f"{PREFIX}{field}" if field in ("name", "kind", "page") else "editor"


def rearranged(
    made: Tree, do: str, form: Mapping[str, str], fields: Sequence[EditorField], languages: Sequence[str]
) -> tuple[Tree, dict[str, int]]:
    """A part after a button of one of its lists: `more:choices`, `up:choices:2`, `down:…`, `remove:…`. And how many
    empty ones are to be added to which list: those that stand empty in the form stay, and more come to them."""
    found = re.fullmatch(r"(more|up|down|remove):([a-z_]+)(?::([0-9]{1,4}))?", do)
    if not found:
        return made, {}
    verb, key = found[1], found[2]
    items = inside(made, [key])
    items = list(items) if isinstance(items, list) else []
    empty = max(count(form, key) - len(items), 0)
    if verb == "more":
        return made, {key: empty + (1 if key in ("variants", *RULES) else _MORE)}
    at = place(form, fields, languages, key, int(found[3] or 0))
    if at is None:
        return made, {key: empty - (verb == "remove")}
    if at < len(items):
        item = items.pop(at)
        if verb != "remove":
            items.insert(max(at + (-1 if verb == "up" else 1), 0), item)
    return {**made, key: items}, {key: empty}


def _empty(part: Part, made: Tree) -> dict[str, int]:
    """How many lines of each list stand empty in the form: they stay where no button of the list was pressed."""
    found = {}
    for field in part.fields(made):
        items = inside(made, field.path)
        found[field.key] = max(count(request.form, field.key) - (len(items) if isinstance(items, list) else 0), 0)
    return found


def _conflict(part: Part, base: Draft, draft: Draft, theirs: Tree | None, made: Tree) -> str:
    """Theirs beside what was typed: nothing is lost, and the reader chooses."""
    fields = part.fields(made)
    before = part.stored(base.tree)
    ours, other, was = (_inputs(one, fields, draft.languages) for one in (made, theirs, before))
    lists = _lists(fields)  # How long they are is no input: the items tell it.
    names = [name for name in dict.fromkeys((*ours, *other)) if ours.get(name, "") != other.get(name, "")]
    lines = [
        (words.place_word(name.removeprefix(PREFIX)), was.get(name, ""), other.get(name, ""), ours.get(name, ""))
        for name in names
        if name not in lists
    ]
    return render_template(
        "organize/design/conflict.html",
        draft=draft,
        gone=theirs is None,
        lines=lines,
        typed={name: value for name, value in request.form.items() if name not in _OF_THE_PAGE},
        base=base.number if _both(part, before, theirs, made, draft.languages) else None,
        back=part.destination(made),
    )


def _inputs(part: Tree | None, fields: Sequence[EditorField], spoken: Sequence[str]) -> dict[str, str]:
    """What stands in each input of an editor; nothing for a part that is not there."""
    if part is None:
        return {}
    return {PREFIX + key: str(part[key]) for key in _HEAD if key in part} | typed(part, fields, spoken)


def _lists(fields: Sequence[EditorField]) -> list[str]:
    """The inputs that say how long a list is."""
    return [PREFIX + field.key for field in fields if field.sort in ("options", "rows", "variants")]


def _both(part: Part, before: Tree | None, theirs: Tree | None, made: Tree, spoken: Sequence[str]) -> Tree | None:
    """The part with what others have changed of it and what was typed; None where that is the same thing."""
    if before is None or theirs is None or not before.get("kind") == theirs.get("kind") == made.get("kind"):
        return None
    fields = part.fields(made)
    was, hers, his = (_inputs(one, fields, spoken) for one in (before, theirs, made))
    found = merged(was, hers, his, _lists(fields))
    return None if found is None else part.read({**request.form, **found}, theirs, spoken)
