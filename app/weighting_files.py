"""The files of weighting schemes, and where the targets that they name are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.interchange.scheme_file import read_schemes
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.questionnaire.scheme import FrozenScheme
from app.storage import surveys
from app.surveys_folder import read_survey


def scheme_files(folder: Path) -> Iterator[Path]:
    """The files of schemes in the folder of surveys, by name."""
    yield from sorted((folder / "weighting").glob("*.yaml"))


def read_scheme_file(folder: Path, path: Path) -> list[FrozenScheme]:
    """The schemes in a file, which is named after its survey unless it names one. Raises FileError.

    Targets are looked for in `targets` beside the file or beside its folder, then beside the file, where a
    questionnaire may have their name, then in the folder of surveys.
    """
    places = [path.parent / "targets", path.parent.parent / "targets", path.parent, folder / "targets"]

    def find(name: str) -> bytes | None:
        file = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
        return next((place.joinpath(file).read_bytes() for place in places if _is_file(place / file)), None)

    def questionnaire_of(survey: str) -> Questionnaire | None:
        return surveys.latest_questionnaire(survey) or _in_folder(folder, survey)

    return read_schemes(path.read_bytes(), path.stem, find, questionnaire_of)


def _in_folder(folder: Path, survey: str) -> Questionnaire | None:
    file = folder / f"{survey}.yaml"
    try:
        return read_survey(folder, file.read_bytes()) if _is_file(file) else None
    except FileError:
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # No file can have so long a name.
        return False
