"""The questionnaires of the surveys folder, for the tests of what they ask."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from app.interchange.catalogue_file import read_catalogue
from app.questionnaire.kinds.base import AnsweredQuestion, Question, Row, Variable
from app.questionnaire.kinds.matrix import Matrix
from app.questionnaire.kinds.sample import Sample
from app.questionnaire.model import Questionnaire
from app.surveys_folder import read_survey

SURVEYS = Path(__file__).parents[2] / "surveys"
CATALOGUE = read_catalogue((SURVEYS / "catalogue.yaml").read_bytes())
PULSE = "alliance-pulse"
TRACKS = {track.code: track.key for track in CATALOGUE.tracks}
KEYS = [PULSE, *sorted(TRACKS.values())]
LANGUAGES = ("en", "ja")

every_survey = pytest.mark.parametrize("key", KEYS)
every_track = pytest.mark.parametrize("track", TRACKS)
each_language = pytest.mark.parametrize("language", LANGUAGES)
two_surveys = pytest.mark.parametrize(("one", "other"), list(combinations(KEYS, 2)))


@cache
def survey(key: str) -> Questionnaire:
    return read_survey(SURVEYS, (SURVEYS / f"{key}.yaml").read_bytes())


def items(key: str) -> dict[str, Variable]:
    """What a survey asks about actions, by the action's code."""
    return {variable.action: variable for variable in survey(key).variables.values() if variable.action}


def asked(key: str) -> list[Question]:
    """The questions that a respondent can meet."""
    return [q for q in survey(key).questions if not isinstance(q, AnsweredQuestion) or q.entered]


def rows_of(question: Question) -> tuple[Row, ...]:
    return question.rows if isinstance(question, Matrix) else ()


def chances(questionnaire: Questionnaire) -> dict[str, float]:
    """How likely it is that a question or row in a sample is asked."""
    samples = [question for question in questionnaire.questions if isinstance(question, Sample)]
    return {name: sample.parameters.ask / len(sample.of) for sample in samples for name in sample.of}
