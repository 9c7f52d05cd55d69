"""What a new version does to the trends of those published before it, and what an organizer declares of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from app.differences import Difference, differences
from app.questionnaire.kinds.base import AnswerError, check_text
from app.questionnaire.model import Continuation, Questionnaire
from app.questionnaire.versions import Compared, LanguageChange, compare_with, declare, language_change

LONGEST_REASON = 500
REASON, WAS = "reason_", "was_"


class Typed(NamedTuple):
    """A declaration as it stands in its fields. `was` is chosen for an added question only."""

    was: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A question of the comparison. typed: None where there is nothing to declare of it. candidates: what it may
    continue, where that has to be chosen."""

    compared: Compared
    differences: list[Difference]
    has_trend: bool
    typed: Typed | None
    candidates: list[Compared]

    @property
    def effect(self) -> str:
        """What becomes of the question's trend."""
        if not self.has_trend:
            return _("No figures of it are published, so there is no trend.")
        return {
            "same": _("Its trend goes on."),
            "changed": _("Its trend breaks here."),
            "equivalent": _("Its trend goes on, and says that it was joined by declaration."),
            "added": _("Its trend begins here."),
            "removed": _("Its trend ends here."),
        }[self.compared.outcome]


@dataclass(frozen=True)
class Comparison:
    """A version with what is declared of it, beside the earlier ones. errors: (field, message) of declarations."""

    questionnaire: Questionnaire
    lines: list[Line]
    errors: list[tuple[str, str]]
    languages: LanguageChange | None = None

    @property
    def counts(self) -> Counter[str]:
        """How many questions have each outcome."""
        return Counter(line.compared.outcome for line in self.lines)


def typed_in(form: Mapping[str, str]) -> dict[str, Typed]:
    """The declarations in the fields of a form, by question; empty ones are none."""
    names = (key.removeprefix(REASON) for key in form if key.startswith(REASON))
    found = {name: Typed(form.get(WAS + name, ""), form[REASON + name].replace("\r\n", "\n")) for name in names}
    return {name: typed for name, typed in found.items() if typed.was or typed.reason.strip()}


def consider(earlier: Sequence[Questionnaire], made: Questionnaire, typed: Mapping[str, Typed]) -> Comparison:
    """What a version does beside `earlier` ones in order of publication, with what is typed declared in it."""
    if not earlier:
        return Comparison(made, [], [])
    plain = {one.name: one for one in compare_with(earlier, made)}
    gone = [one for one in plain.values() if one.outcome == "removed"]
    candidates = {one.name: gone for one in plain.values() if one.outcome == "added" and gone}
    candidates |= {one.name: [one] for one in plain.values() if one.outcome == "changed"}
    declared, errors = [], []
    for name, given in typed.items():
        if name in candidates:
            try:
                declared.append(_continuation(plain[name], given, candidates[name]))
            except _Refused as refused:
                errors.append((refused.field + name, refused.said))
    whole = declare(made, declared)
    have_trends = {v.name for version in (earlier[-1], whole) for v in version.published_variables}
    lines = [
        Line(
            one,
            differences(one.what),
            one.name in have_trends,
            typed.get(one.name, Typed()) if one.name in candidates else None,
            candidates.get(one.name, []) if plain[one.name].outcome == "added" else [],
        )
        for one in compare_with(earlier, whole)
    ]
    return Comparison(whole, lines, errors, language_change(earlier[-1], made))


class _Refused(ValueError):
    """A declaration that cannot be taken: the beginning of its field's name, and why."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field
        self.said = said


def _continuation(compared: Compared, typed: Typed, candidates: Sequence[Compared]) -> Continuation:
    """Raises _Refused."""
    was = typed.was if compared.outcome == "added" else compared.name
    if was not in {one.name for one in candidates}:
        raise _Refused(WAS, _("Choose the question that “%(name)s” continues.", name=compared.name))
    try:
        reason = check_text(typed.reason, LONGEST_REASON)
    except AnswerError as error:
        raise _Refused(REASON, _(error.message, **error.params)) from None
    if not reason:
        raise _Refused(REASON, _("Give the reason why “%(name)s” still measures the same.", name=compared.name))
    return Continuation(question=compared.name, was=was, reason=reason)
