"""The letters that invite to a survey: their texts, and what is filled in for each person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext

from app.language import DEFAULT, LANGUAGES, moment, speaking
from app.mail import Letter
from app.questionnaire.model import Questionnaire
from app.storage.letters import INVITATION, Texts
from app.storage.models import Wave

LINK, NAME, SURVEY, CLOSES = "{link}", "{name}", "{survey}", "{closes}"
BLANKS = (LINK, NAME, SURVEY, CLOSES)
_BLANK = re.compile(r"\{[^{}\n]*\}?|\}")


@dataclass(frozen=True)
class Addressee:
    """Who gets a letter, and the token of the link in it."""

    email: str
    name: str
    language: str
    token: str


def first_texts(kind: str, wave: Wave, languages: tuple[str, ...]) -> Texts:
    """Texts to begin with, in each language of the wave; what we do not speak begins in English."""
    return {language: _first_text(kind, wave, language) for language in languages}


def _first_text(kind: str, wave: Wave, language: str) -> tuple[str, str]:
    with speaking(language):
        reminds = kind != INVITATION
        subject = gettext("Reminder: {survey}") if reminds else gettext("Please take part: {survey}")
        parts = [
            gettext(
                "Some days ago we asked you to take part in the survey “{survey}”. Your answers have not arrived yet."
                " We would be glad to have them."
            )
            if reminds
            else gettext("You are invited to take part in the survey “{survey}”."),
            gettext("Answer here. The link is yours alone, and works until you have sent your answers:"),
            LINK,
        ]
        if reminds:
            parts.append(
                gettext(
                    "If you have begun by the link of an earlier mail, please go on by that one: this one begins anew."
                )
            )
        if wave.closes_at:
            parts.append(gettext("The survey closes on {closes}."))
        parts.append(
            gettext("We see that you have answered, but not what: your answers are not kept with your address.")
        )
        return subject, "\n\n".join(parts)


def wrong_blanks(text: str) -> list[str]:
    """What stands in braces and is no blank that is filled in."""
    return [found for found in _BLANK.findall(text) if found not in BLANKS]


def compose(
    to: Addressee, texts: Texts, questionnaire: Questionnaire, wave: Wave, site: str, link: str | None = None
) -> Letter:
    """The letter to a person, in the person's language if the texts have it. link: in place of the person's own."""
    language = to.language if to.language in texts else next(iter(texts))
    subject, text = texts[language]
    stop = f"{site}/s/{questionnaire.survey}/no-mail/{to.token}"
    with speaking(language if language in LANGUAGES else DEFAULT) as spoken:
        filled = {
            LINK: link or f"{site}/s/{questionnaire.survey}/invited/{to.token}",
            NAME: to.name,
            SURVEY: questionnaire.text(questionnaire.title, language),
            # It had a closing time when the letter was written.
            CLOSES: moment(wave.closes_at, wave.time_zone) if wave.closes_at else gettext("(not fixed yet)"),
        }
        footer = gettext("No more mails about this survey: %(link)s", link=stop)

    def fill(part: str) -> str:
        return _BLANK.sub(lambda found: filled.get(found.group(), found.group()), part)

    said = fill(text).strip(" \n")  # A full-width blank before the first paragraph stays.
    body = f"{said}\n\n-- \n{footer}\n"
    return Letter(to.email, " ".join(fill(subject).split()), body, spoken, stop)
