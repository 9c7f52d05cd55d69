"""Published versions: one as an organizer reads it and as files, and any two of a survey beside each other."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, abort, render_template, request, url_for

from app.differences import Difference, differences
from app.interchange.xlsform.export_report import export_report
from app.interchange.xlsform.write import write_xlsform
from app.interchange.yaml_file import write_questionnaire
from app.language import LANGUAGES, select
from app.questionnaire.model import Questionnaire
from app.questionnaire.versions import OUTCOMES, Compared, compare, language_change
from app.storage import surveys

from .download import download
from .importing import lines_of
from .reading import Reader, language_to_read
from .survey import known

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def version(key: str, version: str) -> str:
    """The whole questionnaire, in ?text= or else the reader's language."""
    questionnaire, published_at = _published(key, version)
    language = language_to_read(questionnaire, (request.args.get("text"), select()))
    return render_template(
        "organize/version.html",
        found=questionnaire,
        published_at=published_at,
        waves=[wave.key for wave in surveys.waves(key) if wave.questionnaire_hash == version],
        has_others=len(surveys.published_versions(key)) > 1,
        read=Reader(questionnaire, language),
        readings=_readings(questionnaire, version, language),
        unsaid=lines_of(export_report(questionnaire)),
    )


def version_file(key: str, version: str) -> Response:
    """A published version as the YAML file from which the same version is read."""
    questionnaire, _ = _published(key, version)
    return download(write_questionnaire(questionnaire), "application/yaml", f"{key}-{version[:12]}.yaml")


def version_workbook(key: str, version: str) -> Response:
    """The same as an XLSForm workbook."""
    questionnaire, _ = _published(key, version)
    return download(write_xlsform(questionnaire), WORKBOOK, f"{key}-{version[:12]}.xlsx")


def compare_versions(key: str) -> str:
    """?old= and ?new=: hashes of versions of the survey; the newest beside the one before it if left out."""
    known(key, datetime.now(UTC))
    published = surveys.published_versions(key)
    hashes = [one for one, _ in published]
    old = request.args.get("old", hashes[min(1, len(hashes) - 1)])
    new = request.args.get("new", hashes[0])
    if not {old, new} <= set(hashes):
        abort(404)
    before, after = surveys.questionnaire(old), surveys.questionnaire(new)
    compared = sorted(compare(before, after), key=lambda one: OUTCOMES.index(one.outcome))
    return render_template(
        "organize/compare.html",
        key=key,
        title=after.title,
        published=published,
        old=old,
        new=new,
        compared=[_line(one) for one in compared],
        languages=language_change(before, after),
    )


def _readings(questionnaire: Questionnaire, version: str, language: str) -> list[tuple[str, str, bool]]:
    """A link to the page in each language of the questionnaire: (name, address, whether it is the present one)."""
    return [
        (
            LANGUAGES.get(code, code),
            url_for("organize.version", key=questionnaire.survey, version=version, text=code),
            code == language,
        )
        for code in questionnaire.languages
    ]


def _line(one: Compared) -> tuple[Compared, list[Difference]]:
    return one, differences(one.what)


def _published(key: str, version: str) -> tuple[Questionnaire, datetime]:
    """A version of a survey and when it was published; else 404."""
    known(key, datetime.now(UTC))
    published_at = dict(surveys.published_versions(key)).get(version)
    if published_at is None:
        abort(404)
    return surveys.questionnaire(version), published_at
