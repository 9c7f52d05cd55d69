"""The catalogue: what the paper asks and proposes, split into actions that a person can support or oppose.

The content is `surveys/catalogue.yaml`, read by `app.interchange.catalogue_file`; its rules are in `catalogue_check`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field

from .kinds.base import Line, Model, Text, Whole

TITLE_LENGTH = {"en": 60, "ja": 30}
"""The longest title in each language, in characters: titles stand in table rows and beside charts."""


class Source(Model):
    """The publication the catalogue was made from; `pages` are its first and last."""

    title: Line
    author: Line
    journal: Line
    year: Whole
    pages: tuple[Whole, Whole]


class Agenda(Model):
    """One of the paper's questions for the alliance."""

    id: Whole
    page: Whole
    title: Text
    text: Text


class Track(Model):
    """A heading under which measures stand: `code` begins their codes, `key` names it in addresses."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    key: str = Field(pattern=r"^[a-z][a-z-]*$")
    title: Text
    text: Text


class Measure(Model):
    """One bullet of the paper; `agenda` are the ids of the questions it answers."""

    code: str
    track: str
    page: Whole
    agenda: tuple[Whole, ...] = Field(min_length=1)
    title: Text
    text: Text


class Action(Model):
    """One thing that a person can support or oppose. A past one has a `note` that says why it is past."""

    code: str
    measure: str
    page: Whole
    # Only where it answers fewer questions than its measure: see Catalogue.agenda_of.
    agenda: tuple[Whole, ...] = ()
    status: Literal["current", "past"] = "current"
    title: Text
    text: Text
    note: Text | None = None


class Group(Model):
    """A stakeholder group."""

    code: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: Text
    text: Text


class Catalogue(Model):
    """The whole catalogue, in the paper's order. Looking up an unknown code is a KeyError."""

    source: Source
    agenda: tuple[Agenda, ...]
    tracks: tuple[Track, ...]
    measures: tuple[Measure, ...]
    actions: tuple[Action, ...]
    groups: tuple[Group, ...]

    @cached_property
    def _actions(self) -> dict[str, Action]:
        return {action.code: action for action in self.actions}

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {measure.code: measure for measure in self.measures}

    def action(self, code: str) -> Action:
        return self._actions[code]

    def measure(self, code: str) -> Measure:
        return self._measures[code]

    def actions_of(self, measure: str) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.measure == measure)

    def measures_of(self, track: str) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if measure.track == track)

    def fielded_actions(self) -> tuple[Action, ...]:
        """The actions that a questionnaire may ask about: those whose time has not passed."""
        return tuple(action for action in self.actions if action.status == "current")

    def agenda_of(self, action: str) -> tuple[int, ...]:
        """The ids of the questions an action answers: its own, or else its measure's."""
        found = self.action(action)
        return found.agenda or self.measure(found.measure).agenda
