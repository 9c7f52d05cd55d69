"""The list of what can be downloaded, and the downloads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, abort, render_template, request, stream_with_context
from werkzeug.wsgi import wrap_file

from app.accounts.access import current
from app.accounts.roles import TO_TAKE_DATA
from app.language import LANGUAGES
from app.questionnaire.model import Questionnaire
from app.storage import audit, bulk, surveys
from app.storage.models import Wave

from . import files

CODEBOOK = "codebook"
FLAG = {None: None, "0": False, "1": True}


@dataclass(frozen=True)
class SurveyFiles:
    """A survey with its waves, the newest first, and their numbers of submitted responses.

    `synthetic`: it has no other responses; `synthetic_too`: it has waves of both kinds.
    """

    questionnaire: Questionnaire
    waves: list[tuple[Wave, int]]
    synthetic: bool
    synthetic_too: bool


def overview() -> str:
    """The surveys whose data the person may take, their waves and files."""
    mine = current().grants.among(surveys.survey_keys(), TO_TAKE_DATA)
    newest = [surveys.latest_questionnaire(key) for key in mine]
    listed = [_survey(questionnaire) for questionnaire in newest if questionnaire]
    return render_template("research/overview.html", surveys=listed, languages=LANGUAGES)


def _survey(newest: Questionnaire) -> SurveyFiles:
    waves = surveys.waves(newest.survey)
    counts = bulk.submitted_counts([wave.id for wave in waves])
    synthetic = files.only_synthetic(waves)
    too = not synthetic and any(wave.synthetic for wave in waves)
    return SurveyFiles(newest, [(wave, counts[wave.id]) for wave in reversed(waves)], synthetic, too)


def responses_file(survey: str) -> Response:
    """Responses as CSV: ?labels=ja for labels, ?bom=1 for Excel, ?synthetic=1 for the made-up ones."""
    labels = request.args.get("labels")
    if labels is not None and labels not in LANGUAGES:
        abort(400)
    synthetic = _flag("synthetic")
    if synthetic is None:
        synthetic = files.only_synthetic(surveys.waves(survey))
    name = f"responses-{labels or 'codes'}{'-synthetic' if synthetic else ''}"
    return _download(survey, name, files.responses(survey, labels, bool(_flag("bom")), synthetic))


def codebook_file(survey: str) -> Response:
    """The codebook as CSV: ?bom=1 for Excel."""
    return _download(survey, CODEBOOK, files.codebook(survey, bool(_flag("bom"))))


def _flag(name: str) -> bool | None:
    given = request.args.get(name)
    if given not in FLAG:
        abort(400)
    return FLAG[given]


def _download(survey: str, name: str, chunks: Iterator[bytes] | None) -> Response:
    """The file as it is made. An error on the way breaks the connection off: half a file must not look whole."""
    if chunks is None:
        abort(404)
    if name != CODEBOOK:
        audit.record(current().email, "data.taken", datetime.now(UTC), survey=survey, file=name)
    # Over HTTP/1.0, which many proxies speak, a file without its length ends where the connection does.
    old = request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
    response = _whole(chunks) if old else Response(stream_with_context(chunks), mimetype="text/csv")
    filename = f"{survey}_{name}_{datetime.now(UTC):%Y-%m-%d}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _whole(chunks: Iterator[bytes]) -> Response:
    """The file with its length, made before the first byte is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        file.writelines(chunks)
    except BaseException:
        file.close()
        raise
    length = file.tell()
    file.seek(0)
    response = Response(wrap_file(request.environ, file), mimetype="text/csv", direct_passthrough=True)
    response.content_length = length
    return response
