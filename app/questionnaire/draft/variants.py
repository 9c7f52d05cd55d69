"""The words that a question has in the arms of an experiment, as an editor asks them: what stays empty is as elsewhere.

Of each variant the form has `arm` (experiment and arm, with a colon between), `label` and `hint` in each language, and
`choices.N.label` for the answer that stands at place N of the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.questionnaire.kinds.arm import Arm
from app.questionnaire.outline import questions

from .tree import Tree

_TEXTS = ("label", "hint")


@dataclass(frozen=True)
class ArmNamed:
    """An arm in which a question can have other words. value: as a form says it."""

    value: str
    experiment: object
    label: object


def arms(tree: Tree) -> list[ArmNamed]:
    """Every arm of every experiment of a draft."""
    return [
        ArmNamed(f"{question.name}:{choice.get('code', '')}", question.data.get("label"), choice.get("label"))
        for asked in questions(tree)
        for question in asked
        if question.of(Arm)
        for _, choice in question.choices or ()
    ]


def read_variants(
    form: Mapping[str, str], name: str, languages: Sequence[str], choices: Sequence[Tree], before: object
) -> list[Tree]:
    """The variants as typed. choices: the answers of the question as they stand in the form, empty lines too."""
    given = form.get(name, "")
    count = int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 0
    found = (_variant(form, f"{name}.{number}", languages, choices, before) for number in range(min(count, 1000)))
    return [variant for variant in found if variant]


def type_variants(found: dict[str, str], name: str, question: Tree, languages: Sequence[str], more: int) -> None:
    """Puts what stands in each input; an answer that has the words that it has elsewhere stands empty."""
    variants = [*_list(question.get("variants")), *({} for _ in range(more))]
    found[name] = str(len(variants))
    for number, variant in enumerate(variants):
        own = f"{name}.{number}"
        experiment, arm = variant.get("experiment", ""), variant.get("arm", "")
        found[f"{own}.arm"] = f"{experiment}:{arm}" if experiment or arm else ""
        for key in _TEXTS:
            for language in languages:
                found[f"{own}.{key}.{language}"] = _line(variant.get(key), language)
        for place, (choice, other) in enumerate(_beside(question.get("choices"), variant.get("choices"))):
            for language in languages:
                line = _line(other.get("label"), language)
                same = line == _line(choice.get("label"), language)
                found[f"{own}.choices.{place}.label.{language}"] = "" if same else line


def _variant(
    form: Mapping[str, str], name: str, languages: Sequence[str], choices: Sequence[Tree], before: object
) -> Tree:
    experiment, _colon, arm = form.get(f"{name}.arm", "").partition(":")
    made: Tree = {key: text for key in _TEXTS if (text := _typed(form, f"{name}.{key}", languages))}
    typed = [_typed(form, f"{name}.choices.{place}.label", languages) for place in range(len(choices))]
    was = next((one for one in _list(before) if (one.get("experiment"), str(one.get("arm"))) == (experiment, arm)), {})
    if any(typed) or was.get("choices"):
        made["choices"] = [
            _of_code(was.get("choices"), choice.get("code"))
            | {"code": choice.get("code", ""), "label": _text(choice.get("label")) | words}
            for choice, words in zip(choices, typed, strict=True)
            if choice
        ]
    return ({"experiment": experiment, "arm": arm} if experiment else {}) | made


def _typed(form: Mapping[str, str], name: str, languages: Sequence[str]) -> dict[str, str]:
    given = {one: form.get(f"{name}.{one}", "").replace("\r\n", "\n").strip() for one in languages}
    return {one: line for one, line in given.items() if line}


def _beside(choices: object, others: object) -> list[tuple[Tree, Tree]]:
    """Each answer of the question with that of the variant which has its code."""
    left = list(_list(others))
    found = []
    for choice in _list(choices):
        other = _of_code(left, choice.get("code"))
        if other:
            left.remove(other)
        found.append((choice, other))
    return found


def _of_code(choices: object, code: object) -> Tree:
    return next((one for one in _list(choices) if str(one.get("code", "")) == str(code or "")), {})


def _list(value: object) -> list[Tree]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _line(text: object, language: str) -> str:
    line = text.get(language) if isinstance(text, dict) else None
    return line if isinstance(line, str) else ""
