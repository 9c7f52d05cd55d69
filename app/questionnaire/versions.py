"""A question over the versions of its survey: what becomes of it from one to the next, and which make one line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from .kinds.base import Variable
from .kinds.companions import Specified
from .met import Fact, Met, Part, carried, facts, met_under
from .met import fingerprint as fingerprint
from .model import Continuation, Questionnaire

Outcome = Literal["same", "changed", "equivalent", "added", "removed"]
OUTCOMES: tuple[Outcome, ...] = ("changed", "equivalent", "added", "removed", "same")


@dataclass(frozen=True)
class Compared:
    """A question of a version beside the one it follows.

    was: the earlier question's name, None where there is none. reason: why they were declared equivalent. what: the
    parts in which they differ. variable: of the later version, or for one removed of the earlier.
    """

    name: str
    outcome: Outcome
    was: str | None
    reason: str
    what: tuple[Fact, ...]
    variable: Variable


def compare(old: Questionnaire, new: Questionnaire) -> list[Compared]:
    """Every question of two versions: in the order asked by the new one, then those that are removed."""
    return compare_with([old], new)


def compare_with(earlier: Sequence[Questionnaire], new: Questionnaire) -> list[Compared]:
    """The questions of a version beside all `earlier` ones in order of publication: each with the newest it follows.

    Removed are those of the newest earlier version that nothing follows.
    """
    variables = questions_of(new)
    links = _links([*earlier, new], [variable.name for variable in variables])[-1]
    found = [_compared(links[variable.name], variable) for variable in variables]
    followed = {one.was for one in found} | {one.name for one in found}
    gone = [variable for variable in questions_of(earlier[-1]) if variable.name not in followed]
    return found + [Compared(variable.name, "removed", variable.name, "", (), variable) for variable in gone]


def questions_of(questionnaire: Questionnaire) -> list[Variable]:
    """The variables that are asked about by themselves; words beside an option, and orders, come with another."""
    every = (variable for question in questionnaire.questions for variable in question.variables())
    return [variable for variable in every if not isinstance(variable.question, Specified)]


def _compared(link: Link, variable: Variable) -> Compared:
    before = link.before
    if before is None:
        return Compared(link.name, "added", None, "", (), variable)
    what = () if link.outcome == "same" else facts(before.met, link.met)
    if before.name != link.name:
        what = (Fact(Part("name"), before.name, link.name), *what)
    return Compared(link.name, link.outcome, before.name, link.reason, what, variable)


@lru_cache(maxsize=8192)
def fingerprint_of(questionnaire: Questionnaire, name: str) -> str:
    """The fingerprint of a version's question by its name, made once."""
    return fingerprint(questionnaire, questionnaire.variables[name])


@dataclass(frozen=True)
class Link:
    """A version's question in a line, and how it follows the one before it; "added" at the beginning.

    met: what the line has shown of the question up to here, each language as it was last put.
    """

    version: str
    name: str
    outcome: Outcome
    reason: str = ""
    before: Link | None = field(default=None, compare=False, repr=False)
    met: Met = field(default_factory=dict, compare=False, repr=False)


def _links(versions: Sequence[Questionnaire], names: Iterable[str]) -> list[dict[str, Link]]:
    """For each version the links of those of the names that it has, and of all names that these go on from."""
    wanted = dict.fromkeys(names)
    declared = [(one.question, one.was) for version in versions for one in version.continues]
    while more := {was for name, was in declared if name in wanted and was not in wanted}:
        wanted |= dict.fromkeys(more)
    newest: dict[str, Link] = {}
    found = []
    for version in versions:
        found.append({name: _link(newest, version, name) for name in wanted if name in version.variables})
        newest = newest | found[-1]
    return found


def _link(newest: Mapping[str, Link], version: Questionnaire, name: str) -> Link:
    """The same if it did not change, whatever was declared; else what is declared; else the one of the same name."""
    now, own = met_under(version, name), newest.get(name)
    if own is not None and not facts(own.met, now):
        return Link(version.hash, name, "same", "", own, carried(own.met, now))
    declared = next((one for one in version.continues if one.question == name), None)
    was = newest.get(declared.was) if declared else None
    if declared and was is not None:
        return Link(version.hash, name, "equivalent", declared.reason, was, carried(was.met, now))
    return Link(version.hash, name, "added" if own is None else "changed", "", own, now)


def joined(versions: Sequence[Questionnaire], name: str) -> tuple[tuple[Link, ...], ...]:
    """The line that leads to a question, from `versions` in order of publication: segments that must not be joined.

    Within a segment every question is the same as the one before it, or declared equivalent. A version that does not
    ask the question is passed over. The last segment ends with the newest version that has the question.
    """
    links = _links(versions, [name])
    link = next((found[name] for found in reversed(links) if name in found), None)
    segments: list[list[Link]] = [[]]
    while link is not None:
        segments[0].insert(0, link)
        if link.outcome in ("added", "changed"):
            segments.insert(0, [])
        link = link.before
    return tuple(tuple(segment) for segment in segments if segment)


class LanguageChange(NamedTuple):
    """The languages that a version has and the one before it lacked, and the reverse."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]


def language_change(old: Questionnaire, new: Questionnaire) -> LanguageChange:
    """Whom a version reaches that the other did not. No trend breaks by it: see `met.facts`."""
    return LanguageChange(
        tuple(code for code in new.languages if code not in old.languages),
        tuple(code for code in old.languages if code not in new.languages),
    )


def leads_on(versions: Sequence[Questionnaire], name: str) -> str:
    """The name under which a question that is no longer asked goes on, by declaration; its own where it does not."""
    place = next((i for i in range(len(versions) - 1, -1, -1) if name in versions[i].variables), None)
    for later in versions[place + 1 :] if place is not None else ():
        for declared in later.continues:
            if declared.was == name and declared.question in later.variables:
                to = leads_on(versions, declared.question)
                # What continues this question may itself have been declared to continue another one since.
                if any(link.name == name for segment in joined(versions, to) for link in segment):
                    return to
    return name


def declare(questionnaire: Questionnaire, declared: Sequence[Continuation]) -> Questionnaire:
    """The version with these declarations, each in the place of one of the same question."""
    if not declared:
        return questionnaire
    questions = {one.question for one in declared}
    kept = [one for one in questionnaire.continues if one.question not in questions]
    return _declaring(questionnaire, [*kept, *declared])


def without_declarations(questionnaire: Questionnaire) -> Questionnaire:
    """What a new version begins with: what was declared of an earlier change says nothing of the next one."""
    return _declaring(questionnaire, []) if questionnaire.continues else questionnaire


def _declaring(questionnaire: Questionnaire, continues: Sequence[Continuation]) -> Questionnaire:
    document = json.loads(questionnaire.canonical)
    document["continues"] = [one.model_dump(mode="json") for one in continues]
    return Questionnaire.model_validate(document)
