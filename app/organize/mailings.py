"""A round of letters of a wave: its texts in each language, its time, a preview and a test mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField
from wtforms.validators import Optional

from app import inviting, mail
from app.accounts.access import current
from app.interchange.safe_text import can_be_printed
from app.inviting import Addressee
from app.mail import Letter, MailError
from app.storage import letters, surveys
from app.storage.letters import INVITATION, KINDS, ChangedMeanwhile, Planned, Texts
from app.storage.models import Wave
from app.zones import ZoneError, moment_at

from .wave import known_wave, wave_languages
from .words import of_field

_LONGEST_SUBJECT, _LONGEST_TEXT = 200, 20_000
_SAMPLE = "XXXX-XXXX-XXXX-XXXX-XXXX"


class RoundForm(FlaskForm):
    """When the round is sent, by the clocks of the wave; the texts stand in fields of their language."""

    send_at = DateTimeLocalField(validators=[Optional()])


@dataclass(frozen=True)
class Round:
    """What the page is about."""

    key: str
    wave: Wave
    kind: str
    languages: tuple[str, ...]
    planned: dict[str, Planned]


def mailing(key: str, wave: str, kind: str) -> Any:
    """Asks for texts and time; shows, tries and plans the round, or takes it back."""
    if kind not in KINDS:
        abort(404)
    found = known_wave(key, wave)
    here = _here(key, found, kind)
    form = RoundForm()  # type: ignore[no-untyped-call]
    if request.method == "GET":
        return _page(here, _stored_texts(here), _stored_time(here))
    return _act(here, form, request.form.get("action", ""))


def _here(key: str, wave: Wave, kind: str) -> Round:
    return Round(key, wave, kind, wave_languages(wave), {one.kind: one for one in letters.planned(wave.id)})


def _act(here: Round, form: RoundForm, action: str) -> Any:
    now = datetime.now(UTC)
    round_ = (here.key, here.wave.key, here.wave.id, here.kind)
    back = redirect(url_for("organize.wave", key=here.key, wave=here.wave.key), 303)
    texts = _typed_texts(here)
    errors = _text_errors(texts, here.wave)
    typed_time, seen = request.form.get("send_at", "")[:30], request.form.get("seen")
    try:
        if action == "cancel":
            letters.cancel(*round_, now, current().email, seen)
            flash(_("The round is taken back. What was sent stays sent."))
            return back
        if action == "plan":
            form.validate()
            send_at, wrong = _time(here, form, now)
            errors = {**wrong, **errors}
            if not errors and send_at:
                letters.plan(*round_, send_at, texts, now, current().email, seen)
                flash(_("The round is planned."))
                return back
    except ChangedMeanwhile:
        return _page(_here(here.key, here.wave, here.kind), texts, typed_time, is_conflict=True), 409
    if errors:
        return _page(here, texts, typed_time, errors), 422
    shown = [_sample(here, texts, language) for language in here.languages]
    if action == "test":
        _try(shown)
    return _page(here, texts, typed_time, shown=shown)


def _time(here: Round, form: RoundForm, now: datetime) -> tuple[datetime | None, dict[str, str]]:
    """When the round is to be sent, or what is wrong with that."""
    if form.errors.get("send_at"):
        return None, {"send_at": _("Enter date and time, as in 2026-11-23 09:00.")}
    typed, first = form.send_at.data, here.planned.get(INVITATION)
    if typed is None and here.kind != INVITATION:
        return None, {"send_at": _("Say when the reminder is to be sent.")}
    try:
        send_at = moment_at(typed, here.wave.time_zone) if typed else max(now, here.wave.opens_at)
    except ZoneError as error:
        return None, {"send_at": _(error.message) % error.params}
    if here.wave.closes_at and send_at >= here.wave.closes_at:
        return None, {"send_at": _("The wave is closed by then.")}
    if here.kind == INVITATION:
        return max(send_at, here.wave.opens_at), {}
    if first is None:
        return None, {"send_at": _("Plan the invitation first.")}
    if send_at <= first.send_at:
        return None, {"send_at": _("A reminder is sent after the invitation.")}
    if send_at < now:
        return None, {"send_at": _("This time is past.")}
    return send_at, {}


def _typed_texts(here: Round) -> Texts:
    return {
        language: (
            request.form.get(f"subject_{language}", "").strip(),
            # A full-width blank before the first paragraph stays.
            request.form.get(f"text_{language}", "").replace("\r\n", "\n").strip(" \n"),
        )
        for language in here.languages
    }


def _text_errors(texts: Texts, wave: Wave) -> dict[str, str]:
    errors: dict[str, str] = {}
    for language, (subject, text) in texts.items():
        for field, part, longest in (("subject", subject, _LONGEST_SUBJECT), ("text", text, _LONGEST_TEXT)):
            wrong = inviting.wrong_blanks(part)
            if not part:
                errors[f"{field}_{language}"] = _("This may not stay empty.")
            elif len(part) > longest:
                errors[f"{field}_{language}"] = _("At most %(most)s characters are taken.", most=longest)
            elif not can_be_printed(part.replace("\n", "")):
                errors[f"{field}_{language}"] = _("There are characters that cannot be printed.")
            elif wrong:
                known = ", ".join(inviting.BLANKS)
                errors[f"{field}_{language}"] = _(
                    "“%(found)s” is not filled in. In braces may stand: %(known)s.", found=wrong[0], known=known
                )
            elif inviting.CLOSES in part and wave.closes_at is None:
                errors[f"{field}_{language}"] = _("The wave has no closing time, so {closes} has nothing to say.")
            elif field == "text" and inviting.LINK not in part:
                errors[f"{field}_{language}"] = _("The text needs {link}, where the person's own link will stand.")
    return errors


def _stored_texts(here: Round) -> Texts:
    """The texts of the plan, else those to begin with; those too for a language that was not there."""
    first = inviting.first_texts(here.kind, here.wave, here.languages)
    planned = here.planned.get(here.kind)
    return {language: (planned.texts if planned else {}).get(language, first[language]) for language in here.languages}


def _stored_time(here: Round) -> str:
    planned = here.planned.get(here.kind)
    return f"{planned.send_at.astimezone(ZoneInfo(here.wave.time_zone)):%Y-%m-%dT%H:%M}" if planned else ""


def _sample(here: Round, texts: Texts, language: str) -> Letter:
    """The letter as it will be, to the organizer; its link leads to the survey's own address."""
    site = current_app.extensions["settings"].base_url
    questionnaire = surveys.questionnaire(here.wave.questionnaire_hash)
    to = Addressee(current().email, _("A. Person"), language, _SAMPLE)
    return inviting.compose(to, texts, questionnaire, here.wave, site)


def _try(shown: list[Letter]) -> None:
    """Mails the letters to the organizer."""
    settings = current_app.extensions["settings"]
    if not mail.is_configured(settings):
        flash(_("No mail server is set up, so no mail can be sent."), "warning")
        return
    try:
        with mail.post(settings) as deliver:
            for letter in shown:
                deliver(letter)
    except MailError as error:
        flash(_("The mail server did not take it: %(reason)s", reason=str(error)), "warning")
        return
    flash(_("A test mail is on its way to %(email)s. Its links lead nowhere.", email=current().email))


def _named(field: str, said: str) -> str:
    """What is wrong with a text, for the head of the page: texts of several languages may have the same mistake."""
    part, _of, language = field.partition("_")
    if field == "send_at":
        return said
    name = _("Japanese") if language == "ja" else _("English") if language == "en" else language
    label = _("Subject (%(language)s)", language=name) if part == "subject" else _("Text (%(language)s)", language=name)
    return of_field(str(label), said)


def _page(
    here: Round,
    texts: Texts,
    send_at: str,
    errors: dict[str, str] | None = None,
    shown: list[Letter] | None = None,
    is_conflict: bool = False,
) -> str:
    told, planned = errors or {}, here.planned.get(here.kind)
    now_planned = planned.mark if planned else ""
    order = ["send_at", *(f"{field}_{language}" for language in here.languages for field in ("subject", "text"))]
    return render_template(
        "organize/mailing.html",
        here=here,
        texts=texts,
        send_at=send_at,
        told=told,
        errors=[(name, _named(name, told[name])) for name in order if name in told],
        shown=shown or [],
        # What was seen first is what is compared, however often the letters are looked at before they are saved.
        seen=now_planned if is_conflict else request.form.get("seen", now_planned),
        theirs=planned,
        is_conflict=is_conflict,
        me=current().email,
        blanks=inviting.BLANKS,
    )
