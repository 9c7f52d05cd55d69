"""Translating a draft: what is missing, the texts of a page side by side, and files for translators' tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import current
from app.accounts.roles import TO_ORGANIZE
from app.interchange.po_file import read_po_file, write_po_file
from app.language import LANGUAGES, choose
from app.organize.download import download
from app.organize.upload import largest_upload, too_large
from app.organize.words import problem_text
from app.questionnaire.draft.translation import Item, items, missing, put_lines
from app.questionnaire.draft.tree import pages
from app.questionnaire.problems import FileError

from . import drafts
from .drafts import Draft
from .outline import words

_FIELD = "t."
_SHOWN = 100
_LONGEST = 10_000
_WIDE, _HALF = 55, 28  # Characters in a line of a field, and how many full-width ones need one in another language.


@dataclass(frozen=True)
class Line:
    """A text to be translated. others: (language, words) in the other languages; theirs: what somebody else has
    written meanwhile, where that is not what was typed."""

    name: str
    others: list[tuple[str, str]]
    typed: str
    theirs: str | None

    @property
    def is_long(self) -> bool:
        return len(self.typed) > _WIDE or any(len(line) > _HALF or "\n" in line for _code, line in self.others)


def design_languages(key: str) -> str:
    """What is missing in each language, and the ways to translate."""
    return _languages_page(drafts.known(key), [])


def translate(key: str, language: str) -> Any:
    """The texts of one page, ?page=, or of the whole, with fields for one language."""
    draft = _with_language(key, language)
    part = request.values.get("page", _first_part(draft, language))
    if part and part not in {page["name"] for page in pages(draft.tree)}:
        abort(404)
    if request.method == "POST":
        return _save(draft, language, part)
    return _page(draft, language, part, {}, {})


def _save(draft: Draft, language: str, part: str) -> Any:
    """Saves the lines that nobody else has changed meanwhile; of the others both are shown."""
    base = drafts.at(draft.key, request.form.get("state", ""))
    was = {item.name: item.text.get(language, "") for item in items(base.tree)}
    typed = {
        name.removeprefix(_FIELD): value.replace("\r\n", "\n").strip()[:_LONGEST]
        for name, value in request.form.items()
        if name.startswith(_FIELD)
    }
    if "language" in request.form:
        choose(request.form["language"])
        return _page(base, language, part, typed, {})
    mine = {name: line for name, line in typed.items() if name in was and line != was[name]}
    now = {item.name: item.text.get(language, "") for item in items(draft.tree)}
    theirs = {name: now[name] for name, line in mine.items() if name in now and now[name] not in (was[name], line)}
    lines = {name: line for name, line in mine.items() if name in now and name not in theirs}
    gone = [name for name in mine if name not in now]
    if lines:
        drafts.change(draft.key, lambda tree: put_lines(tree, language, lines), "translated", language=language)
    newest = drafts.known(draft.key)
    if gone:
        told = _("These texts were deleted or renamed meanwhile, so nothing was saved for them: %(names)s")
        flash(told % {"names": ", ".join(gone)}, "warning")
    if theirs:
        flash(
            _("%(n)s texts are saved. Of the others somebody has saved other words meanwhile.", n=len(lines)), "warning"
        )
        return _page(newest, language, part, typed, theirs), 409
    flash(_("%(n)s texts are saved.", n=len(lines)))
    to = _next_part(newest, language, part) if request.form.get("do") == "next" else part
    return redirect(url_for("organize.translate", key=draft.key, language=language, page=to), 303)


def translations_file(key: str, language: str) -> Response:
    """The texts as a PO file, to be translated from ?from= or the first other language."""
    draft = _with_language(key, language)
    content = write_po_file(items(draft.tree), _source_of(draft, language), language)
    return download(content.decode(), "text/x-gettext-translation", f"{key}-{language}.po")


def take_translations(key: str, language: str) -> Any:
    """Takes the translations of a PO file, and names every entry that cannot be taken."""
    draft = _with_language(key, language)
    chosen = request.files.get("file")
    content = chosen.stream.read() if chosen is not None and chosen.filename else b""
    field = f"file_{language}"
    if not content:
        return _languages_page(draft, [(field, _("Choose a file."))]), 422
    if len(content) > largest_upload():
        return _languages_page(draft, [(field, too_large())]), 413
    try:
        taken = read_po_file(content, items(draft.tree), _source_of(draft, language))
    except FileError as error:
        told = [(field, problem_text(problem)) for problem in error.problems]
        return _languages_page(draft, told), 422
    if not taken.lines and not taken.refused:
        return _languages_page(draft, [(field, _("There is no translation in this file."))]), 422
    if taken.lines:
        drafts.change(key, lambda tree: put_lines(tree, language, taken.lines), "translated.file", language=language)
    flash(_("Entries taken: %(n)s. Entries not taken: %(refused)s.", n=len(taken.lines), refused=len(taken.refused)))
    if not taken.refused:
        return redirect(url_for("organize.design_languages", key=key), 303)
    refused = [(line, name, problem_text(problem)) for line, name, problem in taken.refused]
    return _languages_page(drafts.known(key), [], refused)


def _languages_page(
    draft: Draft, errors: list[tuple[str, str]], refused: list[tuple[int, str, str]] | None = None
) -> str:
    gaps = missing(draft.tree)
    return render_template(
        "organize/design/languages.html",
        draft=draft,
        total=len(items(draft.tree)),
        languages=[(code, LANGUAGES.get(code, code), gaps[code]) for code in gaps],
        errors=errors,
        organizes=current().grants.on(draft.key, TO_ORGANIZE),
        refused=(refused or [])[:_SHOWN],
    )


def _with_language(key: str, language: str) -> Draft:
    draft = drafts.known(key)
    return draft if language in draft.languages else abort(404)


def _source_of(draft: Draft, language: str) -> str:
    """The language to translate from: the first one, unless that is the one to translate into."""
    wanted = request.args.get("from", "")
    others = [code for code in draft.languages if code != language]
    return wanted if wanted in others else next(iter(others), language)


def _parts(draft: Draft) -> list[tuple[str, str]]:
    return [
        ("", _("The whole questionnaire")),
        *((page["name"], words(page.get("title")) or page["name"]) for page in pages(draft.tree)),
    ]


def _gaps(draft: Draft, language: str) -> dict[str, int]:
    """How many texts are missing in each part."""
    found = dict.fromkeys((name for name, _title in _parts(draft)), 0)
    for item in items(draft.tree):
        found[item.part] += not item.text.get(language)
    return found


def _first_part(draft: Draft, language: str) -> str:
    """The first part in which something is missing."""
    return next((part for part, n in _gaps(draft, language).items() if n), "")


def _next_part(draft: Draft, language: str, part: str) -> str:
    """The next part in which something is missing; this one where nothing is."""
    order = [name for name, _title in _parts(draft)]
    after = order[order.index(part) + 1 :] + order[: order.index(part) + 1] if part in order else order
    gaps = _gaps(draft, language)
    return next((name for name in after if gaps[name]), part)


def _page(draft: Draft, language: str, part: str, typed: dict[str, str], theirs: dict[str, str]) -> str:
    gaps = _gaps(draft, language)
    return render_template(
        "organize/design/translate.html",
        draft=draft,
        code=language,
        endonym=LANGUAGES.get(language, language),
        part=part,
        parts=[(name, title, gaps[name]) for name, title in _parts(draft)],
        lines=[_line(draft, item, language, typed, theirs) for item in items(draft.tree) if item.part == part],
        left=sum(gaps.values()),
        prefix=_FIELD,
    )


def _line(draft: Draft, item: Item, language: str, typed: dict[str, str], theirs: dict[str, str]) -> Line:
    others = [(code, item.text[code]) for code in draft.languages if code != language and item.text.get(code)]
    mine = typed.get(item.name, item.text.get(language, ""))
    return Line(item.name, others, str(mine), theirs.get(item.name))
