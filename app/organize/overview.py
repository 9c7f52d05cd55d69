"""The organizers' first page: every survey, and whether the jobs do their work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, render_template

from app.accounts.access import current
from app.accounts.roles import TO_ADMINISTER, TO_LOOK, TO_ORGANIZE, TO_TRANSLATE
from app.storage import drafts, surveys, tallies, watching

from .jobs import job_lines


@dataclass(frozen=True)
class SurveyLine:
    """A survey in the list; responses are those that the tallies hold."""

    state: surveys.SurveyState
    published_at: datetime
    responses: int
    synthetic: int


def overview() -> str:
    """The surveys on which the person has a role, and the jobs."""
    now, grants = datetime.now(UTC), current().grants
    mine = grants.among(surveys.survey_keys(), TO_LOOK)
    states = [state for key in mine if (state := surveys.survey_state(key, now))]
    lines = job_lines(current_app.extensions["settings"], now)
    return render_template(
        "organize/overview.html",
        organizes=grants.anywhere(TO_ORGANIZE),
        administers=grants.anywhere(TO_ADMINISTER),
        surveys=[_line(state) for state in states],
        drafts=[
            (key, deed, grants.on(key, TO_ORGANIZE))
            for key, deed in drafts.newest_of_all().items()
            if grants.on(key, TO_TRANSLATE)
        ],
        waiting=tallies.waiting(),
        jobs=lines,
        roll_up=next(line for line in lines if line.name == "roll_up"),
    )


def _line(state: surveys.SurveyState) -> SurveyLine:
    made_up = {wave.id: wave.synthetic for wave in surveys.waves(state.key)}
    counted = {False: 0, True: 0}
    for wave_id, _, n in watching.completes(list(made_up)):
        counted[made_up[wave_id]] += n
    published = dict(surveys.published_versions(state.key))
    return SurveyLine(state, published[state.questionnaire.hash], counted[False], counted[True])
