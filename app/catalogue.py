"""The catalogue of the surveys folder, read once per process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.interchange.catalogue_file import read_catalogue
from app.questionnaire.catalogue import Catalogue


def catalogue() -> Catalogue:
    """The catalogue that this application works with. Raises FileError if its file is not whole."""
    return _read(current_app.extensions["settings"].surveys_dir / "catalogue.yaml")


@lru_cache(maxsize=4)
def _read(path: Path) -> Catalogue:
    return read_catalogue(path.read_bytes())
