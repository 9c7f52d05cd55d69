"""A draft in a request: as it stands, with what is wrong with it; and every edit as one more state of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from flask import abort
from werkzeug.exceptions import ServiceUnavailable

from app.accounts.access import current
from app.catalogue import catalogue
from app.interchange.draft_file import read_draft, write_draft
from app.language import LANGUAGES
from app.organize.words import of_field
from app.questionnaire.draft.tree import RULES, Tree, languages, pages, place_of, questions
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import Finding
from app.questionnaire.soundness import examine
from app.storage import drafts

from .words import finding_text, place_word

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_TRIES = 20


@dataclass(frozen=True)
class Trouble:
    """Something wrong, where it is to be mended. part: question | page | rules | settings; field: the place in it."""

    part: str
    name: str
    field: str
    message: str

    @property
    def said(self) -> str:
        """With the name of its place."""
        where = place_word(self.field)
        return of_field(where, self.message) if where else self.message


@dataclass(frozen=True)
class Draft:
    """The draft of a survey after one of its edits. `tree` is shared by requests: never to be changed."""

    state: drafts.State

    @property
    def key(self) -> str:
        return self.state.survey

    @property
    def number(self) -> int:
        return self.state.number

    @cached_property
    def tree(self) -> Tree:
        return _tree(self.state.source)

    @property
    def languages(self) -> list[str]:
        return languages(self.tree)

    @property
    def spoken(self) -> list[tuple[str, str]]:
        """The languages of the questionnaire with their own names."""
        return [(code, LANGUAGES.get(code, code)) for code in self.languages]

    @property
    def questionnaire(self) -> Questionnaire | None:
        """The questionnaire, where the draft is sound."""
        found, findings = self._examined
        return None if findings else found

    @cached_property
    def troubles(self) -> list[Trouble]:
        """Everything that is wrong, in the order of the questionnaire."""
        found = dict.fromkeys(self._trouble(finding) for finding in sorted(self._examined[1], key=_in_order))
        return list(found)

    def troubles_of(self, part: str, name: str = "") -> list[Trouble]:
        return [trouble for trouble in self.troubles if (trouble.part, trouble.name) == (part, name)]

    @property
    def _examined(self) -> tuple[Questionnaire | None, list[Finding]]:
        actions = tuple((action.code, action.status) for action in catalogue().actions)
        return _examined(self.state.source, actions)

    def _trouble(self, finding: Finding) -> Trouble:
        path, said = finding[0], finding_text(finding)
        language = finding[2].get("language")
        rest = path
        part, name = "rules" if path[:1] and path[0] in RULES else "settings", ""
        if path[:1] == ("pages",) and len(path) > 1:
            page = pages(self.tree)[int(path[1])]
            part, name, rest = "page", page["name"], path[2:]
            if path[2:3] == ("questions",) and len(path) > 3:
                part, name, rest = "question", questions(page)[int(path[3])]["name"], path[4:]
        field = ".".join(map(str, rest))
        if isinstance(language, str) and language in self.languages and rest and rest[-1] != language:
            field += f".{language}"
        return Trouble(part, name, field, said)


def place_in(tree: Tree, name: str, page: str) -> tuple[str | int, ...]:
    """Where a question stands in a draft, or the page whose name it is."""
    number = next((i for i, one in enumerate(pages(tree)) if one["name"] == page), -1)
    if name == page:
        return ("pages", number)
    found = place_of(tree, name)
    return ("pages", found[0], "questions", found[1]) if found else ()


def _in_order(finding: Finding) -> tuple[int, int]:
    """The page and the question in whose order it comes; what is said of the whole comes first."""
    path = finding[0]
    numbers = [part for part in path[1:4:2] if isinstance(part, int)] if path[:1] == ("pages",) else []
    at, number = [*numbers, -1, -1][:2]
    return at, number


@lru_cache(maxsize=64)
def _tree(source: str) -> Tree:
    return read_draft(source)


@lru_cache(maxsize=64)
def _examined(source: str, actions: tuple[tuple[str, str], ...]) -> tuple[Questionnaire | None, list[Finding]]:
    return examine(read_draft(source), dict(actions))


def key_fits(key: str) -> bool:
    """Whether this can be the key of a survey."""
    return _KEY.fullmatch(key) is not None


def find(key: str) -> Draft | None:
    """The draft of a survey as it stands; 404 for what is no key."""
    if not key_fits(key):
        abort(404)
    state = drafts.newest(key)
    return Draft(state) if state else None


def known(key: str) -> Draft:
    """The same; 404 where there is none."""
    return find(key) or abort(404)


def at(key: str, number: str | int) -> Draft:
    """The draft after an edit; 404 where there is none."""
    text = str(number)
    state = drafts.state(key, int(text)) if key_fits(key) and re.fullmatch("[0-9]{1,9}", text) else None
    return Draft(state) if state else abort(404)


def begin(key: str, source: str, action: str, **detail: str) -> None:
    """The first state of a draft, or one that takes the place of all that stands there."""
    for _ in range(_TRIES):
        before = drafts.newest(key)
        if _add(key, before.number if before else 0, source, action, detail):
            return
    raise ServiceUnavailable


def change(key: str, edit: Callable[[Tree], Tree], action: str, **detail: str) -> None:
    """Makes an edit on top of whatever stands there. What it names must be there: LookupError."""
    for _ in range(_TRIES):
        draft = known(key)
        made = edit(draft.tree)
        if made == draft.tree or _add(key, draft.number, write_draft(made), action, detail):
            return
    raise ServiceUnavailable


def save(draft: Draft, made: Tree, action: str, **detail: str) -> bool:
    """Adds the state that follows a draft; False where somebody else was faster."""
    return made == draft.tree or _add(draft.key, draft.number, write_draft(made), action, detail)


def undo(draft: Draft) -> bool:
    """Goes back to the state before the newest edit; False where somebody else was faster."""
    before = drafts.state(draft.key, draft.state.before) if draft.state.before else None
    if before is None:
        return True
    detail = {"number": str(undoable(draft).number)}
    return drafts.add(
        draft.key, draft.number, before.source, current().email, datetime.now(UTC), "undone", detail, before.before
    )


def undoable(draft: Draft) -> drafts.State:
    """The edit that undoing takes back: the newest one that was not undone already."""
    state = draft.state
    while state.action == "undone":
        undone = at(draft.key, state.detail["number"]).state
        state = at(draft.key, undone.before or 0).state
    return state


def restore(draft: Draft, number: int) -> bool:
    """Makes an earlier state the newest; False where somebody else was faster."""
    return _add(draft.key, draft.number, at(draft.key, number).state.source, "restored", {"number": str(number)})


def _add(key: str, after: int, source: str, action: str, detail: dict[str, str]) -> bool:
    now = datetime.now(UTC)
    return drafts.add(key, after, source, current().email, now, action, detail, after or None)
