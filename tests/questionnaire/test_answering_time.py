"""How long the fielded questionnaires take, and whether their introductions say so."""

from __future__ import annotations

import re

from app.questionnaire.kinds.base import AnsweredQuestion, Question
from app.questionnaire.kinds.matrix import Matrix
from app.questionnaire.kinds.text import TextQuestion
from app.questionnaire.model import Page, Questionnaire
from tests.questionnaire.fielded import PULSE, chances, each_language, every_survey, rows_of, survey

WORDS_A_MINUTE = 238
"""Silent reading of English non-fiction: Brysbaert, How many words do we read per minute?, J. Mem. Lang. 109 (2019)."""
CHARACTERS_A_MINUTE = 500
"""Silent reading of Japanese by adults, which is put at 400 to 600 characters a minute; marks are not counted."""
SECONDS_AN_ANSWER = 2
"""To decide among options that have been read, and to press one."""


def size(text: dict[str, str], language: str) -> int:
    """Words of English, characters of Japanese."""
    return len(text["en"].split()) if language == "en" else len(re.findall(r"\w", text["ja"]))


def minutes(questionnaire: Questionnaire, language: str) -> float:
    """How long answering takes somebody who lives where the language is spoken.

    (read + half the hints) / reading speed + answers x seconds. Read are page titles, questions, rows and options; an
    option or stem that was read before is known and not read again. A hint is read by those who need it, which is put
    at half of them. Rows that are drawn count by their chance. The introduction is read before, a comment is written
    by few: neither counts.
    """
    chance = chances(questionnaire)
    country = "us" if language == "en" else "jp"
    read = hints = answers = 0.0
    known_texts: set[str] = set()

    def once(text: dict[str, str]) -> int:
        is_new = text[language] not in known_texts
        known_texts.add(text[language])
        return size(text, language) if is_new else 0

    for page in questionnaire.pages:
        questions = [question for question in page.questions if _is_met(page, question, country)]
        read += size(page.title, language) if questions else 0
        for question in questions:
            read += once(question.label)
            hints += size(question.hint, language) if question.hint else 0
            for option in question.options if isinstance(question, AnsweredQuestion) else ():
                read += once(option.label)
            for row in rows_of(question):
                read += chance.get(row.name, 1) * size(row.label, language)
                hints += chance.get(row.name, 1) * (size(row.hint, language) if row.hint else 0)
                answers += chance.get(row.name, 1)
            answers += not isinstance(question, Matrix | TextQuestion)
    speed = WORDS_A_MINUTE if language == "en" else CHARACTERS_A_MINUTE
    return (read + hints / 2) / speed + answers * SECONDS_AN_ANSWER / 60


def _is_met(page: Page, question: Question, country: str) -> bool:
    """Whether somebody who lives in a country meets the question."""
    if isinstance(question, AnsweredQuestion) and not question.entered:
        return False
    conditions = " ".join(filter(None, (page.relevant, question.relevant)))
    named = set(re.findall(r"\$\{country\} = '(\w+)'", question.relevant or conditions))
    return not named or country in named


@each_language
@every_survey
def test_it_takes_no_longer_than_the_introduction_says(key: str, language: str) -> None:
    introduction = survey(key).introduction
    assert introduction
    said = re.search(r"about (\w+) minutes" if language == "en" else r"約(\d)分", introduction[language])
    assert said
    promised = {"three": 3, "four": 4, "3": 3, "4": 4}[said[1]]
    assert promised == (3 if key == PULSE else 4)
    # "About four minutes" is true of what rounds to four, to a tenth of a minute.
    assert promised - 1 < round(minutes(survey(key), language), 1) <= promised + 0.5
