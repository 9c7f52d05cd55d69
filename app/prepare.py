"""Making a database ready to serve: the schema, the questionnaires of the surveys folder, a wave to answer in."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime

from flask_migrate import upgrade

from app.interchange.catalogue_file import read_catalogue
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.problems import FileError, Problem
from app.storage import surveys, users
from config import Settings


class PortTaken(Exception):
    """Another program listens where the site would."""


def require_free_port(host: str, port: int) -> None:
    """Raises PortTaken, saying what to do."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            advice = f"Choose another: PORT={port + 1} make run"
            raise PortTaken(f"Port {port} cannot be used ({error.strerror}). {advice}") from None


def prepare(settings: Settings, now: datetime) -> Iterator[str]:
    """Does what is missing and says it, line by line. Repeating it changes nothing. Raises FileError, PortTaken."""
    require_free_port(settings.host, settings.port)
    upgrade()
    actions = {
        action.code: action.status
        for action in read_catalogue((settings.surveys_dir / "catalogue.yaml").read_bytes()).actions
    }
    for path in sorted(settings.surveys_dir.glob("*.yaml")):
        if path.name == "catalogue.yaml":
            continue
        try:
            questionnaire = read_questionnaire(path.read_bytes(), actions)
        except FileError as error:
            named = [Problem(p.line, f"{path.name}: {p.where}", p.message, p.params) for p in error.problems]
            raise FileError(named) from None
        if surveys.publish(questionnaire, now):
            yield f"Published {questionnaire.survey} (version {questionnaire.hash[:12]})"
        if not surveys.waves(questionnaire.survey):
            surveys.open_wave(questionnaire.survey, f"{now:%Y-%m}", now)
            yield f"Opened the wave {now:%Y-%m} of {questionnaire.survey}"
    yield f"\nAlliance Barometer is at {settings.base_url} (stop with Ctrl-C)\n"
    if not users.any_account():
        yield "Make the first organizer's account: .venv/bin/flask user create you@example.org --role organizer\n"
