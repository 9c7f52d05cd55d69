"""The audit log: who did what, when, on which survey. It is read here, and changed nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, render_template, request, stream_with_context
from flask_babel import gettext as _

from app.accounts.access import current
from app.accounts.roles import TO_ADMINISTER
from app.interchange.data_file import csv_chunks, file_time
from app.questionnaire.kinds.base import quote_formula
from app.storage import audit as log
from app.storage import surveys, users
from app.storage.models import AuditEntry
from app.storage.users import EVERYWHERE

ON_A_PAGE = 100
_LONGEST = 254
_HIGHEST = 2**63 - 1
_COLUMNS = ("number", "at", "actor", "action", "survey", "person", "detail", "hash")


@dataclass(frozen=True)
class Line:
    """An entry in words. more: what else is known of it, as (name, value)."""

    entry: AuditEntry
    did: str
    more: list[tuple[str, str]]


def audit() -> str:
    """The log, the newest entries first, a hundred at a time."""
    wanted = _wanted()
    found = log.entries(wanted, _before(), ON_A_PAGE + 1)
    return render_template(
        "organize/audit.html",
        lines=[_line(entry) for entry in found[:ON_A_PAGE]],
        wanted=wanted,
        older=found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None,
        newest=_before() is None,
        surveys=[(key, key) for key in _surveys()],
        people=[(user.email, user.email) for user in users.everybody()] if wanted.surveys is None else [],
        actions=sorted(words().items(), key=lambda item: item[1]),
    )


def audit_file() -> Response:
    """The same as CSV, all of it, the newest first."""
    response = Response(stream_with_context(csv_chunks(rows(_wanted()), bom=False)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="audit_{datetime.now(UTC):%Y-%m-%d}.csv"'
    return response


def words() -> dict[str, str]:
    """What each action is called."""
    return {
        "account.made": _("made the account"),
        "account.invited": _("invited"),
        "account.disabled": _("disabled the account"),
        "account.enabled": _("enabled the account"),
        "account.language": _("chose the language"),
        "account.signed_in": _("signed in"),
        "account.signed_out": _("signed out everywhere"),
        "role.given": _("gave the role"),
        "role.taken": _("took the role away"),
        "link.invitation": _("sent a link to begin"),
        "link.reset": _("asked for a link for another password"),
        "password.changed": _("changed the password"),
        "second_factor.added": _("turned the second factor on"),
        "second_factor.removed": _("removed the second factor"),
        "second_factor.codes": _("made new recovery codes"),
        "second_factor.failed": _("typed a wrong code after the right password"),
        "second_factor.recovered": _("used a recovery code"),
        "version.published": _("published a version"),
        "draft.begun": _("began to design a questionnaire"),
        "draft.removed": _("deleted a draft"),
        "scheme.published": _("published a weighting scheme"),
        "wave.opened": _("set up a wave"),
        "wave.changed": _("changed a wave"),
        "wave.closed": _("closed a wave"),
        "wave.began": _("opened a wave at its time"),
        "wave.ended": _("closed a wave at its time"),
        "contacts.added": _("added contacts"),
        "mailing.planned": _("planned a round of mails"),
        "mailing.cancelled": _("took a round of mails back"),
        "letter.again": _("had a doubtful mail sent again"),
        "letter.counted": _("counted a doubtful mail as sent"),
        "letter.returned": _("marked a mail as come back"),
        "quotas.set": _("set quotas"),
        "job.asked": _("asked for a job to run now"),
        "data.taken": _("took a data file"),
        "data.added": _("added responses from a file"),
    }


def _wanted() -> log.Filter:
    """The filter of the address, within what the reader administers."""
    scopes = current().grants.scopes(TO_ADMINISTER)
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in ("survey", "person", "action")}
    if any("\x00" in value for value in given.values()):
        abort(400)
    return log.Filter(None if EVERYWHERE in scopes else scopes, **given)


def _before() -> int | None:
    number = request.args.get("before", "")
    if not number:
        return None
    if not (number.isascii() and number.isdecimal()) or int(number[:20]) > _HIGHEST:
        abort(400)
    return int(number)


def _surveys() -> list[str]:
    return current().grants.among(surveys.survey_keys(), TO_ADMINISTER)


def _line(entry: AuditEntry) -> Line:
    return Line(entry, words().get(entry.action, entry.action), list(log.detail_of(entry).items()))


def rows(wanted: log.Filter) -> Iterator[tuple[Any, ...]]:
    """The log as a table with a header, the newest entries first."""
    yield _COLUMNS
    for entry in log.all_entries(wanted):
        texts = (entry.actor, entry.action, entry.survey, entry.person, entry.detail)
        yield (entry.id, file_time(entry.at), *map(quote_formula, texts), entry.hash)
