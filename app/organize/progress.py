"""How far the fieldwork of a wave is, in numbers: what the monitor shows and its files hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.language import in_language
from app.questionnaire.counting import SEPARATOR
from app.questionnaire.kinds.base import RESERVED
from app.questionnaire.model import Questionnaire
from app.questionnaire.quality import CONTRADICTORY, DUPLICATE, SPEEDING, STRAIGHT_LINING, batteries
from app.questionnaire.routing import screens
from app.questionnaire.wave_counts import WaveCounts, quantile
from app.storage import endings, invitations, surveys, watching
from app.storage.endings import DECLINED, LEFT, QUOTA_FULL, SCREENED_OUT
from app.storage.invitations import Funnel
from app.storage.models import Wave
from app.storage.quotas import Group

from .outcomes import CATEGORIES, Outcomes, outcomes_of
from .quota_lines import Line, quota_lines

QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class GroupLine:
    """Completes of one code of a weighting variable; code: "" of those who did not answer it."""

    variable: str
    question: str
    code: str
    label: str
    n: int


@dataclass(frozen=True)
class GroupSteps:
    """Completes of each group in each step of the survey's trend, as in 2026-11-28 or 2026-11, the newest first."""

    steps: list[str]
    rows: list[tuple[GroupLine, list[int]]]


@dataclass(frozen=True)
class QuotaLine:
    """A quota in words. completes: of its group, as they are counted, those that were withdrawn left out."""

    group: Group
    label: str
    completes: int


@dataclass(frozen=True)
class PageLine:
    """What ended after a page was sent, by the page's name and title; "" of responses whose page is not known.

    unfinished: may still be sent; left: not any more, for too much time has passed. declined: by the rule of consent.
    """

    name: str
    title: str
    unfinished: int
    left: int
    declined: int
    screened_out: int
    quota_full: int

    @property
    def not_finished(self) -> int:
        return self.unfinished + self.left

    @property
    def ended(self) -> int:
        """All that were not sent."""
        return self.not_finished + self.declined + self.screened_out + self.quota_full


@dataclass(frozen=True)
class FlagLine:
    """How many responses are marked, of those of which it can be told; n: None where it cannot be of any."""

    flag: str
    n: int | None
    of: int


@dataclass(frozen=True)
class Progress:
    """The fieldwork of a wave. Responses are those counted by the last roll-up."""

    days: list[tuple[date, int]]
    counts: WaveCounts
    groups: list[GroupLine]
    group_steps: GroupSteps
    quotas: list[QuotaLine]
    pages: list[PageLine]
    languages: list[tuple[str, int]]
    funnel: Funnel
    outcomes: Outcomes
    flags: list[FlagLine]

    @property
    def completes(self) -> int:
        return self.counts.responses

    @property
    def begun(self) -> int:
        """Responses whose first page was sent; of those that were withdrawn nothing is left."""
        ended = sum(line.ended for line in self.pages)
        return self.completes + ended

    @property
    def timed(self) -> int:
        """Responses of which it is known how long they took."""
        return sum(self.counts.seconds.values())

    @property
    def minutes(self) -> list[float | None]:
        """The quartiles of the time from the first page sent to the end; None where no time is known."""
        seconds = [quantile(self.counts.seconds, share) for share in QUARTILES]
        return [None if found is None else found / 60 for found in seconds]


def progress_of(wave: Wave, doubtful_before: datetime) -> Progress:
    """Reads what is counted; its cost does not depend on how many have answered."""
    questionnaire = surveys.questionnaire(wave.questionnaire_hash)
    counts = watching.of_wave(wave.id) or WaveCounts()
    spoken = surveys.fielded_languages(questionnaire, wave.languages)
    others = sorted(set(counts.languages) - set(spoken))
    unfinished, ended = endings.unfinished(wave.id), endings.of_wave(wave.id)
    not_finished = sum(unfinished.values()) + sum(ended[LEFT].values())
    return Progress(
        days=[(day, n) for _, day, n in watching.completes([wave.id])],
        counts=counts,
        groups=_groups(questionnaire, counts.cells),
        group_steps=_group_steps(questionnaire, watching.cells_by_period(wave.id)),
        quotas=[_quota(line, questionnaire, counts) for line in quota_lines(wave.id, questionnaire)],
        pages=_pages(questionnaire, unfinished, ended),
        languages=[(language, counts.languages.get(language, 0)) for language in (*spoken, *others)],
        funnel=invitations.funnel(wave.id, doubtful_before),
        outcomes=outcomes_of(wave, questionnaire, counts.responses, not_finished, ended, invitations.people(wave.id)),
        flags=_flags(wave, questionnaire, counts),
    )


def _flags(wave: Wave, questionnaire: Questionnaire, counts: WaveCounts) -> list[FlagLine]:
    least = counts.least_seconds
    fast = None if least is None else sum(n for seconds, n in counts.seconds.items() if seconds < least)
    straight = counts.flags.get(STRAIGHT_LINING, 0) if batteries(questionnaire) else None
    contradictory = counts.flags.get(CONTRADICTORY, 0) if questionnaire.contradictions else None
    return [
        FlagLine(SPEEDING, fast, sum(counts.seconds.values())),
        FlagLine(STRAIGHT_LINING, straight, counts.responses),
        FlagLine(CONTRADICTORY, contradictory, counts.responses),
        FlagLine(DUPLICATE, None if wave.invited_only else counts.flags.get(DUPLICATE, 0), counts.responses),
    ]


def _group_steps(questionnaire: Questionnaire, found: list[tuple[str, str, int]]) -> GroupSteps:
    cells: dict[str, dict[str, int]] = {}
    total: Counter[str] = Counter()
    for step, cell, n in found:
        cells.setdefault(step, {})[cell] = n
        total[cell] += n
    steps = list(reversed(cells))
    by_step = [{(line.variable, line.code): line.n for line in _groups(questionnaire, cells[step])} for step in steps]
    lines = _groups(questionnaire, total)
    return GroupSteps(steps, [(line, [one.get((line.variable, line.code), 0) for one in by_step]) for line in lines])


def _groups(questionnaire: Questionnaire, cells: Mapping[str, int]) -> list[GroupLine]:
    """Every option of every weighting variable, and those who did not answer it, where there are such."""
    found = []
    for place, name in enumerate(questionnaire.weighting):
        variable = questionnaire.variables[name]
        codes: dict[str, int] = {option.code: 0 for option in variable.options if option.code not in RESERVED}
        for cell, n in cells.items():
            code = cell.split(SEPARATOR)[place]
            codes[code] = codes.get(code, 0) + n
        labels = {option.code: in_language(option.label) for option in variable.options}
        question = in_language(variable.label)
        found += [GroupLine(name, question, code, labels.get(code, code), n) for code, n in codes.items()]
    return found


def _quota(line: Line, questionnaire: Questionnaire, counts: WaveCounts) -> QuotaLine:
    places = [(questionnaire.weighting.index(name), code) for name, code in line.group.cell.items()]
    mine = (n for cell, n in counts.cells.items() if all(cell.split(SEPARATOR)[at] == code for at, code in places))
    return QuotaLine(line.group, line.label, sum(mine))


def _pages(
    questionnaire: Questionnaire, unfinished: dict[str, int], ended: dict[str, dict[str, int]]
) -> list[PageLine]:
    """The pages that people meet, in the order of the questionnaire."""
    pages = {screen.page.name: in_language(screen.page.title) for screen in screens(questionnaire)}
    parts = (unfinished, *(ended[how] for how in (LEFT, DECLINED, SCREENED_OUT, QUOTA_FULL)))
    lines = [PageLine(name, title, *(part.get(name, 0) for part in parts)) for name, title in pages.items()]
    of_unknown = [sum(n for name, n in part.items() if name not in pages) for part in parts]
    return [*lines, PageLine("", "", *of_unknown)] if any(of_unknown) else lines


Rows = Sequence[Sequence[str | int | float | None]]


def table(progress: Progress, name: str) -> tuple[tuple[str, ...], Rows] | None:
    """One table of the monitor, as its file has it: the columns, and the rows. None for a name that is no table's."""
    make = _TABLES.get(name)
    return make(progress) if make else None


def _days_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    return ("day", "completes"), [(day.isoformat(), n) for day, n in progress.days]


def _groups_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    rows = [(line.variable, line.code, line.label, line.n) for line in progress.groups]
    return ("variable", "code", "label", "completes"), rows


def _group_steps_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    found = progress.group_steps
    rows = [
        (step, line.variable, line.code, line.label, counts[place])
        for place, step in enumerate(found.steps)
        for line, counts in found.rows
    ]
    return ("period", "variable", "code", "label", "completes"), rows


def _quotas_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    rows = [
        (line.group.number, line.label, line.completes, line.group.taken, line.group.size, line.group.turned_away)
        for line in progress.quotas
    ]
    return ("quota", "label", "completes", "places_taken", "wanted", "turned_away"), rows


def _pages_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    rows = [(*vars(line).values(), progress.begun) for line in progress.pages]
    return ("last_page_sent", "title", "unfinished", "left", "declined", "screened_out", "quota_full", "begun"), rows


def _minutes_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    columns = ("lower_quartile", "median", "upper_quartile", "with_time", "without_time")
    return columns, [(*progress.minutes, progress.timed, progress.completes - progress.timed)]


def _languages_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    return ("language", "completes"), progress.languages


def _invitations_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    return ("step", "people"), list(vars(progress.funnel).items())


def _dispositions_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    cases = progress.outcomes.cases
    return ("code", "category", "cases"), [(code, CATEGORIES[code], n) for code, n in cases.items()]


def _rates_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    rows = [(rate.name, rate.of, rate.base, rate.share) for rate in progress.outcomes.rates]
    return ("rate", "of", "base", "share"), rows


def _quality_table(progress: Progress) -> tuple[tuple[str, ...], Rows]:
    return ("flag", "responses", "of"), [(line.flag, line.n, line.of) for line in progress.flags]


_TABLES = {
    "days": _days_table,
    "groups": _groups_table,
    "group_steps": _group_steps_table,
    "quotas": _quotas_table,
    "pages": _pages_table,
    "minutes": _minutes_table,
    "languages": _languages_table,
    "invitations": _invitations_table,
    "dispositions": _dispositions_table,
    "rates": _rates_table,
    "quality": _quality_table,
}
