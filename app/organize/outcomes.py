"""What became of the cases of a wave, by AAPOR's final dispositions, and the rate that may be told of it.

A response rate is a share of a sample. Where nobody was drawn there is none: only the share of those who took part of
those who were asked, or who came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.estimation.outcomes import Cases
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import screens
from app.storage.endings import DECLINED, QUOTA_FULL, SCREENED_OUT
from app.storage.invitations import People
from app.storage.models import Wave

COMPLETE, REFUSAL, BREAK_OFF = "1.1", "2.11", "2.12"
# Of the table for internet surveys of specifically named persons: no invitation sent, nothing ever returned, invitation
# returned undelivered; selected respondent screened out of sample, quota filled.
NOT_INVITED, NO_ANSWER, UNDELIVERED = "3.11", "3.19", "3.30"
SCREENED, QUOTA_FILLED = "4.10", "4.80"
CATEGORIES = {
    COMPLETE: "I",
    REFUSAL: "R",
    BREAK_OFF: "R",
    NOT_INVITED: "U",
    NO_ANSWER: "U",
    UNDELIVERED: "U",
    SCREENED: "NE",
    QUOTA_FILLED: "NE",
}

SAMPLE, INVITED, OPEN = "sample", "invited", "open"
Ended = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Rate:
    """name: "RR1", "RR2" or "participation"."""

    name: str
    of: int
    base: int

    @property
    def share(self) -> float | None:
        return self.of / self.base if self.base else None


@dataclass(frozen=True)
class Outcomes:
    """cases: how many have each disposition, by its code. design: how people came to be asked, which decides the rates.

    Of waves by invitation cases are people, of open ones responses that were begun.
    """

    design: str
    cases: dict[str, int]
    rates: list[Rate]


def design_of(wave: Wave) -> str:
    """A sample that was drawn, other people who were invited, or whoever came."""
    if not wave.invited_only:
        return OPEN
    return SAMPLE if wave.probability_sample else INVITED


def outcomes_of(
    wave: Wave, questionnaire: Questionnaire, completes: int, not_finished: int, ended: Ended, people: People
) -> Outcomes:
    """completes, not_finished and ended are responses; what they tell of the people invited, see `_of_people`."""
    design = design_of(wave)
    if design == OPEN:
        cases = {
            COMPLETE: completes,
            REFUSAL: sum(ended[DECLINED].values()),
            BREAK_OFF: not_finished,
            SCREENED: sum(ended[SCREENED_OUT].values()),
            QUOTA_FILLED: sum(ended[QUOTA_FULL].values()),
        }
        return Outcomes(design, cases, [Rate("participation", completes, sum(cases.values()))])
    cases = _of_people(people, ended, screens(questionnaire)[0].page.name)
    if design == INVITED:
        asked = sum(cases.values()) - cases[NOT_INVITED]
        return Outcomes(design, cases, [Rate("participation", cases[COMPLETE], asked)])
    sample = Cases(
        complete=cases[COMPLETE],
        refusal=cases[REFUSAL] + cases[BREAK_OFF],
        unknown=cases[NOT_INVITED] + cases[NO_ANSWER] + cases[UNDELIVERED],
    )
    return Outcomes(design, cases, [Rate("RR1", sample.complete, sample.all), Rate("RR2", sample.complete, sample.all)])


def _of_people(people: People, ended: Ended, first_page: str) -> dict[str, int]:
    """The dispositions of the people invited.

    Nothing says which of them a response is of. But all responses of the wave are theirs, so that as many people who
    have begun and not completed were screened out, declined or met a full quota as there are such responses; on the
    first page of those who have not begun, for it is sent before anything is stored.
    """
    late = {how: sum(n for page, n in ended[how].items() if page != first_page) for how in (SCREENED_OUT, DECLINED)}
    early = {how: ended[how].get(first_page, 0) for how in late}
    begun, silent = people.begun, people.no_answer

    def take(n: int, left: int) -> tuple[int, int]:
        """As many as there can be, for who ends twice is counted twice; and who is left."""
        return min(n, left), left - min(n, left)

    full, begun = take(sum(ended[QUOTA_FULL].values()), begun)
    screened_late, begun = take(late[SCREENED_OUT], begun)
    declined_late, begun = take(late[DECLINED], begun)
    screened_early, silent = take(early[SCREENED_OUT], silent)
    declined_early, silent = take(early[DECLINED], silent)
    return {
        COMPLETE: people.completed,
        REFUSAL: people.opted_out + declined_late + declined_early,
        BREAK_OFF: begun,
        NOT_INVITED: people.not_invited,
        NO_ANSWER: silent,
        UNDELIVERED: people.undelivered,
        SCREENED: screened_late + screened_early,
        QUOTA_FILLED: full,
    }
