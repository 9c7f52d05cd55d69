"""Quotas, assessments, default values: of these only a quota of nobody, which screens out, has a counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.interchange.drafts.draft import Say
from app.interchange.formulas import phrase
from app.interchange.formulas.tree import FormulaError, Text
from app.interchange.report import Entry, Outcome, Thing

from .conversion import Conversion
from .texts import LimeWriter
from .translation import Translator

LIMIT = "There are no limits to how many give an answer."
ASSESSMENT = "There are no points for answers."
DEFAULT = "Nothing is answered before a respondent answers it."
PARAMETER = "Nothing is taken from an address."
BELONGS = "It belongs to nothing in the file."
UNUSED = "Its question has no use for it."
SCRIPT = "Scripts are not run."
SECTION = "Themes and plugins are the platform's own."


def ends(conversion: Conversion, writer: LimeWriter) -> list[dict[str, Any]]:
    """Screening rules of the quotas that let nobody in."""
    tables = conversion.survey.tables
    found = []
    for row in tables.get("quota", []):
        members = [member for member in tables.get("quota_members", []) if member.get("quota_id") == row.get("id")]
        where = f"quota/{row.get('id', '')}"
        things = [(where, "quota", row.get("name", ""))]
        things += [(f"quota_members/{m.get('id', '')}", "quota member", m.get("code", "")) for m in members]
        end: dict[str, Any] = {}
        outcome: Outcome = "dropped"
        message, params = LIMIT, dict[str, Any]()
        if row.get("qlimit") == "0" and row.get("active", "1") != "0" and members:
            try:
                end = {"when": _when(conversion, members), "label": _words(conversion, writer, row)}
                outcome, message = "kept", ""
            except FormulaError as error:
                message, params = error.message, error.params
        for thing in things:
            conversion.report.entries.append(Entry(*thing, outcome, message, params))
        if end:
            conversion.report.stands(*things[0], at=end)
            found.append(end)
    return found


def _when(conversion: Conversion, members: list[dict[str, str]]) -> str:
    """One of the answers to each of the questions."""
    translator = Translator(conversion.variables, "")
    asked: dict[str, list[phrase.Phrase]] = {}
    letters = {question.qid: question for question in conversion.survey.questions}
    for member in members:
        question = letters.get(member.get("qid", ""))
        if question is None:
            raise FormulaError("It names a question that the file does not have.")
        is_option = question.letter in "MP"
        suffix, code = (member.get("code", ""), "Y") if is_option else ("", member.get("code", ""))
        variables = [v for sgqa, v in conversion.variables.of(question.qid) if sgqa == suffix]
        if not variables:
            raise FormulaError("There is no question “%(name)s”.", name=question.code)
        asked.setdefault(question.qid, []).append(translator.with_literal("=", variables[0], Text(code)))
    return phrase.all_of(phrase.any_of(found) for found in asked.values()).text


def _words(conversion: Conversion, writer: LimeWriter, row: dict[str, str]) -> dict[str, str]:
    texts = conversion.survey.tables.get("quota_languagesettings", [])
    own = [text for text in texts if text.get("quotals_quota_id") == row.get("id")]
    words = {text.get("quotals_language", ""): text.get("quotals_message", "") for text in own}
    return writer.heading(Say((words,), f"quota/{row.get('id', '')}", "message"))


def _parts(conversion: Conversion) -> Iterator[Thing]:
    """Every subquestion and answer of the file."""
    for question in conversion.survey.questions:
        for part in question.parts:
            yield f"subquestions/{part.qid}", "subquestion", part.code
        for option in question.options:
            yield f"answers/{question.qid}", "answer", option.name


def tell_rest(conversion: Conversion) -> None:
    """What else the file holds."""
    tables, report = conversion.survey.tables, conversion.report
    for row in tables.get("assessments", []):
        report.add(f"assessments/{row.get('id', '')}", "assessment", row.get("name", ""), "dropped", ASSESSMENT)
    for number, row in enumerate(tables.get("defaultvalues", [])):
        name = f"{row.get('sqid', '')} {row.get('scale_id', '')} {row.get('language', '')}".strip()
        place = f"defaultvalues/{row.get('dvid') or number}"
        used = conversion.set_defaults.get(number, "")
        outcome: Outcome = "changed" if used else "dropped"
        report.add(place, "default value", f"{row.get('qid', '')} {name}", outcome, used or DEFAULT)
    for number, row in enumerate(tables.get("survey_url_parameters", [])):
        place = f"survey_url_parameters/{row.get('id') or number}"
        report.add(place, "parameter", row.get("parameter", ""), "dropped", PARAMETER)
    for number, row in enumerate(tables.get("plugin_settings", [])):
        report.add(f"plugin_settings/{row.get('id') or number}", "plugin", row.get("name", ""), "dropped", SECTION)
    for section in ("themes", "themes_inherited"):
        if section in tables:
            report.add(section, "theme", "", "dropped", SECTION)
    for row in [*tables.get("questions", []), *tables.get("question_l10ns", [])]:
        if row.get("script", "").strip():
            report.add(f"questions/{row.get('qid', '')}", "script", row.get("language", ""), "dropped", SCRIPT)
    told = {entry.thing for entry in report.entries}
    for thing in _parts(conversion):
        if thing not in told:
            report.add(*thing, "dropped", UNUSED)
    for table, key, name in conversion.survey.lost:
        report.add(f"{table}/{key}", table.rstrip("s"), name, "dropped", BELONGS)
