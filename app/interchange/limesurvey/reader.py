"""From an .lss file to a questionnaire, and a report on all that the file holds."""

from __future__ import annotations

from collections.abc import Callable

from app.interchange.drafts.draft import Draft
from app.interchange.drafts.settling import names_of
from app.interchange.drafts.wholes import tell_wholes
from app.interchange.finishing import finish
from app.interchange.report import Imported, Report
from app.interchange.yaml_file import MOST_OPTIONS, MOST_QUESTIONS

from . import arrays, choice, fields, simple
from .common import complete, group_relevance, relevance
from .conditions import rows_of
from .conversion import Conversion
from .hidden import hidden
from .pages import divided, head_of, page_of, places_of_random_groups, random_groups, random_questions
from .quotas import ends, tell_rest
from .settings import head, policy, tell_settings
from .settling import LimeSettling
from .survey import Group, Question, Survey, assemble
from .tables import read_tables, refused
from .texts import LimeWriter
from .wholes import HARMLESS, Wholes

TYPES: dict[str, Callable[[Conversion, Question], list[Draft]]] = {
    **dict.fromkeys("STU", simple.text),
    "N": simple.numeric,
    "D": simple.date,
    "Y": simple.yes_no,
    "G": simple.gender,
    "5": simple.five_points,
    "X": simple.note,
    "*": simple.equation,
    "I": simple.language,
    "|": simple.file_upload,
    **dict.fromkeys("L!OZW", choice.one_of),
    "M": choice.any_of,
    "P": choice.any_of,
    "R": choice.in_order,
    "A": arrays.points,
    "B": arrays.points,
    "C": arrays.three,
    "E": arrays.three,
    "F": arrays.flexible,
    "H": arrays.flexible,
    "1": arrays.dual,
    "Q": fields.texts,
    "K": fields.numbers,
    ":": fields.cells,
    ";": fields.cells,
}
"""How each question type, by its letter, becomes questions of ours."""


def read_lss(data: bytes, survey: str | None = None, name: str = "") -> Imported:
    """The questionnaire in an export of LimeSurvey. Raises FileError.

    `survey` is the key it is to have; without one it is made of `name`, such as the file's.
    """
    found = assemble(read_tables(data))
    _refuse_excess(found)
    conversion = Conversion(found, Report("LimeSurvey"))
    rows = rows_of(found)
    conversion.by_rows = sum(map(fields.size, found.questions)) > MOST_QUESTIONS // 2
    drafts: dict[str, list[Draft]] = {}
    for question in found.questions:
        drafts[question.qid] = _convert(conversion, question)
    asked = {}
    for group in found.groups:
        for question in group.questions:
            own = relevance(conversion, question, rows.get(question.qid, []))
            asked[question.qid] = (*group_relevance(group), *own)
            complete(conversion, question, drafts[question.qid], own)
    writer = LimeWriter(found, conversion)
    settling = LimeSettling(conversion, writer, asked)
    settling.later = names_of(draft for found in drafts.values() for draft in found)
    document = head(conversion, writer, survey or "")
    conversion.survey_title = document["title"]
    _pages(conversion, settling, drafts, document)
    document["ends"] = ends(conversion, writer)
    tell_settings(conversion)
    tell_rest(conversion)
    imported = finish(document, conversion.report, name or f"limesurvey-{found.sid}")
    tell_wholes(imported.report, Wholes(found), HARMLESS)
    return imported


def _convert(conversion: Conversion, question: Question) -> list[Draft]:
    if question.on("hidden") and question.letter != "*":
        return hidden(conversion, question)
    convert = TYPES.get(question.letter)
    if convert is None:
        return simple.stand_in(conversion, question, question.letter or "?")
    return convert(conversion, question)


def _refuse_excess(survey: Survey) -> None:
    options = sum(len(question.options) + len(question.parts) for question in survey.questions)
    # Of tables of texts, a row may be a single field.
    least = sum(len(q.parts) if q.letter == ";" else fields.size(q) for q in survey.questions)
    if len(survey.questions) > MOST_QUESTIONS or least > 2 * MOST_QUESTIONS:
        raise refused("The questionnaire has more than %(limit)s questions.", limit=MOST_QUESTIONS)
    if options > MOST_OPTIONS:
        raise refused("The questions have more than %(limit)s options together.", limit=MOST_OPTIONS)


def _pages(conversion: Conversion, settling: LimeSettling, drafts: dict[str, list[Draft]], document: Draft) -> None:
    made: list[tuple[Group, list[Draft]]] = []
    alone = places_of_random_groups(conversion.survey.groups)
    consent = policy(conversion)
    for number, group in enumerate(conversion.survey.groups, 1):
        origin: dict[int, Question] = {}
        questions: list[Draft] = []
        if group.questions:
            questions += head_of(conversion, settling, group, number)
        if consent and not made:
            questions += settling.settle("", consent)
        for question in group.questions:
            for draft in drafts[question.qid]:
                origin[id(draft)] = question
                questions += settling.settle(question.qid, draft)
        page = page_of(conversion, settling, group, number, questions)
        if page["questions"]:
            random_questions(conversion, group, page, origin, alone)
            made.append((group, divided(page)))
    document["groups"] = random_groups(conversion, made)
    document["pages"] = [page for _, pages in made for page in pages]
