"""The files that researchers take: responses and their codebook, streamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.interchange.codebook import write_codebook
from app.interchange.data_file import Fielding, write_data_file
from app.questionnaire.check_names import QUALITY_COLUMNS
from app.questionnaire.model import Questionnaire
from app.storage import bulk, surveys, watching
from app.storage.models import Wave


def responses(survey_key: str, labels: str | None, bom: bool, synthetic: bool | None = None) -> Iterator[bytes] | None:
    """The submitted responses of a survey as CSV in chunks; None where there is no such survey.

    `labels` is a language, or None for codes. Real and synthetic responses never come in one file: `synthetic` says
    which; None is the real ones, unless there are `only_synthetic` ones.
    """
    versions = versions_of(survey_key)
    if not versions:
        return None
    waves = surveys.waves(survey_key)
    wanted = only_synthetic(waves) if synthetic is None else synthetic
    fieldings = {wave.id: _fielding(wave) for wave in waves if wave.synthetic == wanted}
    waves_of = list(fieldings)
    beside = [*bulk.columns_beside(waves_of), *QUALITY_COLUMNS]
    return write_data_file(versions, fieldings, bulk.read_submitted(waves_of), labels, bom, beside)


def codebook(survey_key: str, bom: bool) -> Iterator[bytes] | None:
    """What every column and code of the data file means, as CSV; None where there is no such survey."""
    versions = versions_of(survey_key)
    beside = [*bulk.columns_beside([wave.id for wave in surveys.waves(survey_key)]), *QUALITY_COLUMNS]
    return write_codebook(versions, bom, beside) if versions else None


def _fielding(wave: Wave) -> Fielding:
    counts = watching.of_wave(wave.id)
    least_seconds = counts.least_seconds if counts else None
    return Fielding(wave.key, surveys.questionnaire(wave.questionnaire_hash), wave.synthetic, least_seconds)


def versions_of(survey_key: str) -> list[Questionnaire]:
    """The versions whose variables are columns: the newest, then those that any wave fielded, the newest first."""
    fielded = {wave.questionnaire_hash for wave in surveys.waves(survey_key)}
    published = [version for version, _ in surveys.published_versions(survey_key)]
    return [surveys.questionnaire(version) for version in published if version in fielded | set(published[:1])]


def only_synthetic(waves: Sequence[Wave]) -> bool:
    """Whether there are synthetic waves, and no real one has a response yet."""
    real = [wave.id for wave in waves if not wave.synthetic]
    return len(real) < len(waves) and not any(bulk.submitted_counts(real).values())
