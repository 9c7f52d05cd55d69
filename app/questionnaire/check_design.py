"""What a design may say: groups of pages, experiments, samples, what continues what. Rules as in `check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .kinds.arm import Arm
from .kinds.companions import Unentered
from .kinds.sample import Sample
from .outline import Asked, Part, parts, word, words
from .problems import Finding, Path


def check_design(document: dict[str, Any], pages: list[list[Asked]]) -> Iterator[Finding]:
    asked = [question for page in pages for question in page]
    yield from _groups(document)
    yield from _together(document)
    yield from _kept_places(document, pages)
    arms = {question.name: question.codes() for question in asked if question.of(Arm)}
    unsure = {question.name for question in asked if question.cls is None}
    for question in asked:
        yield from _variants(question, arms, unsure)
    yield from _samples(asked)
    yield from _continuations(document, asked)


def _groups(document: dict[str, Any]) -> Iterator[Finding]:
    """Group names stand once and are no page's; every group that is named exists; none is in itself; all have pages."""
    groups, pages = parts(document, (), "groups"), parts(document, (), "pages")
    taken = {word(page, "name") for _, page in pages}
    seen: set[str] = set()
    for path, group in groups:
        name = word(group, "name")
        if name and name in taken:
            yield (*path, "name"), "A page has the name “%(name)s” already.", {"name": name}
        if name and name in seen:
            yield (*path, "name"), "Two groups have the name “%(name)s”.", {"name": name}
        seen.add(name)
    for path, part in [*groups, *pages]:
        name = word(part, "group")
        if name and name not in seen:
            yield (*path, "group"), "There is no group “%(name)s”.", {"name": name}
    above = {word(group, "name"): word(group, "group") for _, group in groups}
    filled = {name for _, page in pages for name in _around(above, word(page, "group"))}
    for path, group in groups:
        name = word(group, "name")
        if name in _around(above, above[name]):
            yield (*path, "group"), "The group “%(name)s” is inside itself.", {"name": name}
        elif name and name not in filled:
            yield path, "The group “%(name)s” has no pages.", {"name": name}


def _around(above: dict[str, str], name: str) -> list[str]:
    """A group and those that it is in, from within; each once, should they be in one another."""
    found: list[str] = []
    while name and name not in found:
        found.append(name)
        name = above.get(name, "")
    return found


def _together(document: dict[str, Any]) -> Iterator[Finding]:
    """The pages of a group follow one another."""
    above = {word(group, "name"): word(group, "group") for _, group in parts(document, (), "groups")}
    last: dict[str, int] = {}
    told: set[str] = set()
    for number, (path, page) in enumerate(parts(document, (), "pages")):
        for name in _around(above, word(page, "group")):
            if last.get(name, number) < number - 1 and name in above and name not in told:
                message = "The pages of the group “%(name)s” do not follow one another."
                yield (*path, "group"), message, {"name": name}
                told.add(name)
            last[name] = number


def _kept_places(document: dict[str, Any], pages: list[list[Asked]]) -> Iterator[Finding]:
    """A question keeps its place where the page's order is random."""
    for (_, page), asked in zip(parts(document, (), "pages"), pages, strict=True):
        for question in asked if page.get("randomize") is not True else ():
            if question.data.get("fixed") is True:
                message = "This keeps its place in a random order, but the order here is not random."
                yield (*question.path, "fixed"), message, {}


def _variants(question: Asked, arms: dict[str, list[str] | None], unsure: set[str]) -> Iterator[Finding]:
    """Variants are of an arm of an experiment, one for each; their choices have the question's codes.

    `arms`: the codes of each experiment; `unsure`: questions that may be experiments, were their kind known.
    """
    seen: set[tuple[str, str]] = set()
    for path, variant in parts(question.data, question.path, "variants"):
        experiment, arm = word(variant, "experiment"), word(variant, "arm")
        codes = arms.get(experiment)
        if experiment and experiment not in arms and experiment not in unsure:
            yield (*path, "experiment"), "There is no experiment “%(name)s”.", {"name": experiment}
        elif arm and codes is not None and arm not in codes:
            message = "The experiment “%(name)s” has no arm “%(arm)s”."
            yield (*path, "arm"), message, {"name": experiment, "arm": arm}
        if experiment and arm and (experiment, arm) in seen:
            yield path, "There is a variant for this arm already.", {}
        seen.add((experiment, arm))
        if not {"label", "hint", "choices"} & set(variant):
            yield path, "This variant changes nothing: it has neither label nor hint nor choices.", {}
        yield from _same_codes(question, path, variant)


def _same_codes(question: Asked, path: Path, variant: dict[str, Any]) -> Iterator[Finding]:
    own = question.choices
    given = variant.get("choices")
    if not isinstance(given, list) or question.cls is None:
        return
    if "choices" not in question.cls.model_fields or "choices" not in question.data:
        yield (*path, "choices"), "This question has no choices that could have other words.", {}
    elif own is not None and sorted(_codes(own)) != sorted(_codes(parts(variant, path, "choices"))):
        yield (*path, "choices"), "The choices of a variant have the same codes as those of the question.", {}


def _codes(choices: list[Part]) -> list[str]:
    return [word(choice, "code") for _, choice in choices]


def _samples(asked: list[Asked]) -> Iterator[Finding]:
    """Samples name questions and rows, each in one sample only, and ask fewer than they name."""
    named = {name for question in asked if not question.of(Unentered) for _, name in question.named()}
    drawn: set[str] = set()
    for question in (question for question in asked if question.of(Sample)):
        items = words(question.data, "of")
        for index, name in enumerate(items):
            path = (*question.path, "of", index)
            if name and name not in named:
                yield path, "There is no question or row “%(name)s” to ask.", {"name": name}
            elif name and name in drawn:
                yield path, "“%(name)s” is in a sample already.", {"name": name}
            drawn.add(name)
        ask = question.parameters.get("ask")
        if isinstance(ask, int) and items and ask >= len(items):
            message = "The sample asks %(ask)s of %(count)s: that is all of them."
            yield (*question.path, "parameters", "ask"), message, {"ask": ask, "count": len(items)}


def _continuations(document: dict[str, Any], asked: list[Asked]) -> Iterator[Finding]:
    """What continues an earlier question is one of this questionnaire, declared once."""
    names = {name for question in asked for name in question.variables()}
    seen: set[str] = set()
    for path, continuation in parts(document, (), "continues"):
        name = word(continuation, "question")
        if name and name not in names:
            yield (*path, "question"), "There is no question “%(name)s” that takes an answer.", {"name": name}
        elif name and name in seen:
            yield (*path, "question"), "What “%(name)s” continues is declared already.", {"name": name}
        seen.add(name)
