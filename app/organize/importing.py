"""A file of another program's on its way to a questionnaire: what became of all that it holds, for the page and files.

Between pages the file itself waits in the page, as the text of a YAML file does: nothing is kept here meanwhile.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property

from flask import abort, current_app, render_template
from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.datastructures import FileStorage

from app.interchange.importing import foreign_reader, read_any, with_key
from app.interchange.report import OUTCOMES, Imported, Outcome, Report, Thing
from app.questionnaire.model import Questionnaire
from app.storage import surveys
from app.surveys_folder import blocks_of

from .words import entry_text, outcome_word, sort_of_thing

SHOWN_THINGS = 500
LONGEST_NAME = 200


@dataclass(frozen=True)
class Source:
    """A file as it came. name: what it was called, which says nothing of its content; "" for a text that was typed."""

    content: bytes
    name: str

    @classmethod
    def chosen(cls, file: FileStorage) -> Source:
        return cls(file.stream.read(), (file.filename or "")[-LONGEST_NAME:])

    @classmethod
    def unpacked(cls, packed: str, name: str) -> Source:
        """What `packed` made; else 400."""
        try:
            return cls(b64decode(packed, validate=True), name[-LONGEST_NAME:])
        except (binascii.Error, ValueError):
            abort(400)

    @property
    def packed(self) -> str:
        """The content as a field of a page can carry it."""
        return b64encode(self.content).decode()

    @property
    def is_foreign(self) -> bool:
        """Whether it is of another program. Raises FileError where it is no questionnaire of any."""
        return foreign_reader(self.content) is not None

    def read(self) -> Imported:
        """Raises FileError."""
        return read_any(self.content, self.name, blocks=blocks_of(current_app.extensions["settings"].surveys_dir))


@dataclass(frozen=True)
class ThingLine:
    """What became of one thing: its place in the source, what it is there and its name, and every reason."""

    where: str
    sort: str
    name: str
    reasons: list[str]


@dataclass(frozen=True)
class ReportPage:
    """A report as its page shows it. Each thing stands once, under the worst that became of it, so counts add up."""

    imported: Imported

    @cached_property
    def totals(self) -> dict[Outcome, int]:
        """How many things of the source were kept, changed and dropped."""
        return {outcome: sum(counts[outcome] for _sort, counts in self.counts) for outcome in OUTCOMES}

    @cached_property
    def counts(self) -> list[tuple[str, dict[Outcome, int]]]:
        """The same for each sort of thing."""
        return [(sort_of_thing(item), counts) for item, counts in self.imported.report.counts().items()]

    @cached_property
    def lines(self) -> dict[Outcome, list[ThingLine]]:
        """The things of the source under each outcome, in its order."""
        things = [(outcome, line) for outcome, line in self._things if line.where]
        return {wanted: [line for outcome, line in things if outcome == wanted] for wanted in OUTCOMES}

    @cached_property
    def filled_in(self) -> list[ThingLine]:
        """What the source does not say and had to be filled in."""
        return [line for _outcome, line in self._things if not line.where]

    @cached_property
    def _things(self) -> list[tuple[Outcome, ThingLine]]:
        return lines_of(self.imported.report)

    def text(self) -> str:
        """The whole report in the reader's language, a line for each thing."""
        report = self.imported.report
        lines = [f"{report.source}: {summary(self.totals)}", ""]
        lines += [f"{sort}: {summary(counts)}" for sort, counts in self.counts]
        for word, things in [
            *((outcome_word(outcome), self.lines[outcome]) for outcome in reversed(OUTCOMES)),
            (_("Filled in"), self.filled_in),
        ]:
            lines += ["", word, *(as_line(thing) for thing in things)] if things else []
        return "\n".join(lines) + "\n"


def grouped(things: list[ThingLine]) -> list[tuple[list[str], list[ThingLine]]]:
    """Things of the same reasons together, where the first of them stands; what has no reason stays alone."""
    found: dict[tuple[object, ...], list[ThingLine]] = {}
    for number, thing in enumerate(things):
        found.setdefault(tuple(thing.reasons) or (number,), []).append(thing)
    return [(together[0].reasons, together) for together in found.values()]


def lines_of(report: Report) -> list[tuple[Outcome, ThingLine]]:
    """Every thing once, in the order of the source, with the worst that became of it and all reasons."""
    reasons: dict[Thing, list[str]] = {}
    for entry in report.told():
        reasons.setdefault(entry.thing, []).append(entry_text(entry))
    worst = report.worst()
    sorts = {item: sort_of_thing(item) for item in {item for _where, item, _name in worst}}
    return [
        (outcome, ThingLine(thing[0], sorts[thing[1]], thing[2], reasons.get(thing, [])))
        for thing, outcome in worst.items()
    ]


def summary(counts: dict[Outcome, int]) -> str:
    """How many things became what, in a line."""
    return str(_("kept %(kept)s, changed %(changed)s, dropped %(dropped)s", **counts))


def as_line(thing: ThingLine) -> str:
    """A thing with what became of it, in a line of a text file."""
    place = " ".join(part for part in (thing.where, thing.sort, thing.name) if part)
    return f"- {place}" + (f": {' '.join(thing.reasons)}" if thing.reasons else "")


def renamed(questionnaire: Questionnaire, key: str) -> Questionnaire | None:
    """The questionnaire as one of the survey `key`; None where that is no key."""
    try:
        return with_key(questionnaire, key.strip())
    except ValidationError:
        return None


def key_to_offer(imported: Imported, wanted: str | None) -> str:
    """The key that the form begins with: of the survey that the organizer came from, else the file's own."""
    return wanted if wanted and wanted in surveys.survey_keys() else imported.questionnaire.survey


def report_page(source: Source, imported: Imported, key: str, errors: list[tuple[str, str]] | None = None) -> str:
    """What became of a file, and the way on. errors: (field, message)."""
    return render_template(
        "organize/report.html",
        source=source,
        page=ReportPage(imported),
        key=key,
        keys=surveys.survey_keys(),
        shown=SHOWN_THINGS,
        grouped=grouped,
        errors=errors or [],
    )
