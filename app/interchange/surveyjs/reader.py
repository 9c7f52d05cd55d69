"""From the JSON of a survey to a questionnaire, and a report on all that the file holds."""

from __future__ import annotations

from typing import Any

from app.interchange.drafts.draft import Draft, Holds
from app.interchange.drafts.settling import names_of
from app.interchange.drafts.wholes import tell_wholes
from app.interchange.finishing import TOO_MANY, finish
from app.interchange.formulas import phrase
from app.interchange.report import Imported, Report
from app.questionnaire.problems import FileError

from .conversion import MOST_COPIES, Conversion
from .document import read_json, refused
from .element import Element, as_word, languages_of
from .pages import Pages, divided
from .rest import tell_rest
from .settings import head, tell_settings
from .settling import JsonSettling
from .texts import JsonWriter
from .triggers import calculated_values, place, triggers
from .wholes import HARMLESS, Wholes

NO_SURVEY = "The file holds no survey of SurveyJS: pages or elements are expected."
MOST_PAGES = 200


def read_surveyjs(data: bytes, survey: str | None = None, name: str = "") -> Imported:
    """The questionnaire in a survey of SurveyJS. Raises FileError.

    `survey` is the key it is to have; without one it is made of `name`, such as the file's.
    """
    found = read_json(data)
    try:
        return _read(found, survey or "", name or "surveyjs", MOST_COPIES)
    except FileError as error:
        if error.problems[0].message != TOO_MANY:
            raise
    return _read(found, survey or "", name or "surveyjs", 1)  # Without what could be repeated they may be few enough.


def _read(found: dict[str, Any], survey: str, name: str, copies: int) -> Imported:
    if not any(isinstance(found.get(key), list) for key in ("pages", "elements", "questions")):
        raise refused(NO_SURVEY)
    languages = languages_of(found)
    root = Element(found, "", languages[0])
    conversion = Conversion(languages, Report("SurveyJS"), copies=copies)
    conversion.sources = _sources(found, languages[0])
    pages = _pages(conversion, root)
    values = calculated_values(conversion, root)
    writer = JsonWriter(conversion)
    settling = JsonSettling(conversion, writer)
    if pages:
        place(settling, values, pages)
        triggers(conversion, root, pages)
    settling.later = names_of(draft for page in pages for draft in page["questions"])
    document = head(conversion, writer, root, survey)
    for page in pages:
        _settle(settling, page)
        page["title"] = page["title"] or _title(document, len(document["pages"]) + 1)
        document["pages"] += divided(page)
    _random_pages(root, document)
    tell_settings(conversion, root)
    tell_rest(conversion, found)
    imported = finish(document, conversion.report, name)
    tell_wholes(imported.report, Wholes(imported.report), HARMLESS)
    return imported


def _pages(conversion: Conversion, survey: Element) -> list[Draft]:
    """Pages; where a survey has elements of its own, these are one."""
    maker = Pages(conversion)
    found = list(survey.elements("pages"))
    if len(found) > MOST_PAGES:
        raise refused("The questionnaire has more than %(limit)s pages.", limit=MOST_PAGES)
    if any(survey.items(key) for key in ("elements", "questions")):
        data = {key: survey.data.get(key) for key in ("elements", "questions") if survey.data.get(key)}
        found.insert(0, Element({"name": "page", **data}, "", survey.base))
    return [maker.page(page, number) for number, page in enumerate(found, 1)]


def _settle(settling: JsonSettling, page: Draft) -> None:
    """Writes all words and conditions of a page."""
    shown = page.pop("relevant", None)
    # Before its questions are settled: a page cannot hang on what is asked on it.
    condition = settling.condition("", shown, page, "relevant") if isinstance(shown, Holds) else None
    page["questions"] = [made for draft in page["questions"] for made in settling.settle(draft["name"], draft)]
    page["title"] = settling.writer.heading(page["title"])
    if condition is not None:
        if condition == phrase.NO:
            page["questions"] = settling.nobody(page["questions"])
        elif condition != phrase.YES:
            page["relevant"] = condition.text


def _title(document: dict[str, Any], number: int) -> dict[str, str]:
    """A page without words of its own has the survey's, or else its number."""
    return dict(document["title"]) or dict.fromkeys(document["languages"], str(number))


def _random_pages(survey: Element, document: dict[str, Any]) -> None:
    if survey.word("questionsOrder", "questionOrder").lower() == "random":
        for page in document["pages"]:
            page["randomize"] = True


def _sources(document: dict[str, Any], base: str) -> dict[str, Element]:
    """The elements with choices, by name, wherever they stand."""
    found: dict[str, Element] = {}
    waiting: list[Any] = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            name = as_word(part.get("name"))
            if name and isinstance(part.get("choices"), list):
                found.setdefault(name, Element(part, name, base))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found
