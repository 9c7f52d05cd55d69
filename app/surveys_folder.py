"""The folder of surveys: its questionnaires, the blocks that they include, and the catalogue's actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.interchange.catalogue_file import read_catalogue
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire

CATALOGUE, EVENTS = "catalogue.yaml", "events.yaml"


def questionnaire_files(folder: Path) -> Iterator[Path]:
    """The files of questionnaires, by name."""
    return (path for path in sorted(folder.glob("*.yaml")) if path.name not in (CATALOGUE, EVENTS))


def read_survey(folder: Path, source: bytes | str) -> Questionnaire:
    """A questionnaire, with the blocks and the catalogue's actions of the folder. Raises FileError."""
    actions = {action.code: action.status for action in read_catalogue((folder / CATALOGUE).read_bytes()).actions}
    return read_questionnaire(source, actions, blocks_of(folder))


def blocks_of(folder: Path) -> dict[str, bytes]:
    """The blocks that a questionnaire of the folder can include, by name."""
    return {path.stem: path.read_bytes() for path in sorted((folder / "blocks").glob("*.yaml"))}
