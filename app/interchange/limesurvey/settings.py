"""What a survey's own table holds: its words, and settings that are the platform's, a wave's, or nobody's here."""

from __future__ import annotations

from typing import Any

from app.interchange.drafts.draft import Say, Words
from app.interchange.report import Outcome
from app.interchange.safe_text import plain_text

from .conversion import Conversion
from .texts import LimeWriter

WAVE = "When a survey is open is set with its waves."
PEOPLE = "Who is invited, and how, is no part of a questionnaire here."
NAVIGATION = "Going forward and back is the platform's own."
LOOKS = "How pages look is the platform's own."
DATA = "What is stored beside the answers is the platform's own."
STAFF = "Addresses of staff are no part of a questionnaire."
ENDING = "The platform's own thanks end every interview. The words there: %(words)s"
ADDRESS = "Nobody is sent on to another address at the end: %(words)s"
SCORES = "There are no points for answers."
NO_PLACE = "There is no such setting here."
NOTICE = "The privacy notice was not shown: %(words)s"
PAGES = "Pages follow the groups."
POLICY = "The privacy notice is a box to tick on the first page."

_REASONS: dict[str, tuple[str, ...]] = {
    WAVE: ("startdate", "expires", "active", "autonumber_start", "datecreated"),
    PEOPLE: (
        *("allowregister", "usetokens", "tokenlength", "tokenanswerspersistence", "attributedescriptions", "usecookie"),
        *(
            "usecaptcha",
            "listpublic",
            "htmlemail",
            "sendconfirmation",
            "surveyls_email_*",
            "surveyls_attributecaptions",
        ),
        *("bounce*", "tokenencryptionoptions", "surveyls_alias", "private"),
    ),
    NAVIGATION: (
        *("allowprev", "allowsave", "allowjumps", "questionindex", "navigationdelay", "nokeyboard", "autoredirect"),
        *("printanswers", "alloweditaftercompletion"),
    ),
    LOOKS: (
        *("template", "showgroupinfo", "showqnumcode", "shownoanswer", "showwelcome", "showprogress", "showxquestions"),
        *("showXquestions", "surveyls_dateformat", "surveyls_numberformat", "gsid"),
    ),
    DATA: (
        *("anonymized", "datestamp", "ipaddr", "ipanonymize", "refurl", "savetimings", "publicstatistics"),
        *("publicgraphs", "googleanalytics*"),
    ),
    STAFF: ("admin", "adminemail", "faxto", "email*", "notification", "attachments", "owner_id"),
    SCORES: ("assessments",),
}
_EMPTY = {"", "N", "0", "I", "inherit", "-1", "X"}
_USED = {
    *("sid", "language", "additional_languages", "format", "surveyls_survey_id", "surveyls_language"),
    *("surveyls_title", "surveyls_description", "surveyls_welcometext", "surveyls_endtext", "surveyls_url"),
    *("surveyls_urldescription", "surveyls_policy_notice", "surveyls_policy_notice_label", "showsurveypolicynotice"),
    "surveyls_policy_error",
}
_ENDINGS = {
    "surveyls_endtext": ENDING,
    "surveyls_url": ADDRESS,
    "surveyls_urldescription": ADDRESS,
    "surveyls_policy_notice": NOTICE,
    "surveyls_policy_notice_label": NOTICE,
    "surveyls_policy_error": NOTICE,
}
"""Words that have no place, and why."""


def head(conversion: Conversion, writer: LimeWriter, key: str) -> dict[str, Any]:
    """The questionnaire's own words."""
    survey = conversion.survey
    report = conversion.report
    document: dict[str, Any] = {"survey": key, "pages": [], "groups": []}
    document["languages"] = list(survey.languages)
    for language in survey.languages:
        report.add("surveys", "language", language)
    document["title"] = writer.heading(_words(conversion, "surveyls_title"))
    description, welcome = _words(conversion, "surveyls_description"), _words(conversion, "surveyls_welcometext")
    introduction = [text for text in (writer.heading(description), writer.heading(welcome)) if text]
    if introduction:
        document["introduction"] = {
            language: "\n\n".join(text[language] for text in introduction if language in text)
            for language in survey.languages
            if any(language in text for text in introduction)
        }
    return document


def _words(conversion: Conversion, column: str) -> Say:
    words: Words = {language: row.get(column, "") for language, row in conversion.survey.words.items()}
    return Say(({language: text for language, text in words.items() if text},), "surveys_languagesettings", column)


def _has_notice(conversion: Conversion) -> bool:
    shown = conversion.survey.row.get("showsurveypolicynotice", "0") in ("1", "2")
    return shown and any(_words(conversion, "surveyls_policy_notice").parts[0].values())


def policy(conversion: Conversion) -> dict[str, Any] | None:
    """The privacy notice, where it is shown and must be agreed to."""
    notice = _words(conversion, "surveyls_policy_notice")
    if not _has_notice(conversion):
        conversion.report.add("surveys", "setting", "showsurveypolicynotice")
        return None
    label = _words(conversion, "surveyls_policy_notice_label")
    said = label if any(label.parts[0].values()) else conversion.standard("accept")
    conversion.report.add("surveys", "setting", "showsurveypolicynotice", "changed", POLICY)
    name = conversion.name("privacy_notice")
    return {"name": name, "kind": "acknowledge", "label": said, "hint": notice, "required": True}


def tell_settings(conversion: Conversion) -> None:
    """Every setting that says something, and why it is not here."""
    survey, report = conversion.survey, conversion.report
    outcome: Outcome = "kept" if survey.row.get("format", "G") == "G" else "changed"
    report.add("surveys", "setting", "format", outcome, "" if outcome == "kept" else PAGES)
    for name, value in survey.row.items():
        if name not in _USED:
            _tell(conversion, "surveys", name, value.strip())
    for language, row in survey.words.items():
        for name, value in row.items():
            if name not in _USED:
                _tell(conversion, "surveys_languagesettings", f"{name} ({language})", value.strip(), name)
            elif name in _ENDINGS and value and not (_ENDINGS[name] == NOTICE and _has_notice(conversion)):
                words = plain_text(value[:50_000])[0][:500]
                place = "surveys_languagesettings", "setting", f"{name} ({language})"
                report.add(*place, "dropped" if words else "kept", _ENDINGS[name] if words else "", words=words)


def _tell(conversion: Conversion, where: str, name: str, value: str, column: str = "") -> None:
    if value in _EMPTY:
        conversion.report.add(where, "setting", name)
        return
    column = column or name
    for reason, names in _REASONS.items():
        if any(column == one or (one.endswith("*") and column.startswith(one[:-1])) for one in names):
            conversion.report.add(where, "setting", name, "dropped", reason)
            return
    conversion.report.add(where, "setting", name, "dropped", NO_PLACE)
