"""What differs between two versions of a question, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.questionnaire.met import Fact

_WORDS = {
    "name": _("name"),
    "kind": _("kind"),
    "position": _("position"),
    "alone": _("alone"),
    "one of several rows": _("one of several rows"),
    "stem": _("question above the rows"),
    "wording": _("wording"),
    "options": _("options"),
    "apart": _("apart"),
    "in one's own words": _("in one's own words"),
    "in place": _("always in its place"),
    "low end": _("low end"),
    "high end": _("high end"),
    "scale": _("scale"),
    "bounds": _("bounds"),
    "rows": _("rows"),
    "options offered": _("options offered"),
    "calculation": _("calculation"),
    "order": _("order"),
    "as written": _("as written"),
    "random": _("random"),
    "asked of": _("asked of"),
    "everybody": _("everybody"),
    "a sample": _("a sample"),
    "languages": _("languages"),
}


@dataclass(frozen=True)
class Difference:
    """One part that differs: its name, the language that it is in (none for what has no words), both sides."""

    part: str
    language: str
    before: str
    after: str


def differences(facts: Iterable[Fact]) -> list[Difference]:
    """The facts in words."""
    return [Difference(part, fact.part.language, *sides) for fact in facts for part, *sides in [fact.told(_say)]]


def _say(words: str) -> str:
    return str(_WORDS.get(words, words))
