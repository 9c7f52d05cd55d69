"""Weighting schemes and population targets as YAML files, read with every mistake and its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError, Finding, Path, Problem
from app.questionnaire.scheme import FrozenScheme, Scheme, SchemeFile, Targets
from app.questionnaire.scheme_check import check_scheme, check_targets
from app.questionnaire.shape import shape_findings

from .yaml_tree import Lines, dotted, line_of, read_tree

Find = Callable[[str], bytes | None]
"""The file of targets of a name, or None."""
_M = TypeVar("_M", bound=BaseModel)


def read_targets(source: bytes | str) -> Targets:
    """The population figures in a file. Raises FileError."""
    data, lines = _tree(source)
    targets = _model(Targets, data, lines, ())
    _raise_any(_problems(check_targets(targets), lines, ()))
    return targets


def read_schemes(
    source: bytes | str, survey: str, find: Find, questionnaire_of: Callable[[str], Questionnaire | None]
) -> list[FrozenScheme]:
    """The schemes in a file, each with its targets; the first is the one that pages show. Raises FileError.

    `survey` is the key of the survey where the file names none. `find` gives the files of targets that it names.
    """
    data, lines = _tree(source)
    targets = dict(_written_in(data, lines))
    file = _model(SchemeFile, data, lines, ())
    key = file.survey or survey
    questionnaire = questionnaire_of(key)
    problems: list[Problem] = []
    if questionnaire is None:
        message = "There is no survey “%(survey)s”: publish its questionnaire first."
        problems.append(Problem(lines.get(("survey",), 1), "survey", message, {"survey": key}))
    problems += _find_all(file.schemes, targets, find, lines)
    _raise_any([*problems, *_problems(_findings(file.schemes, targets, questionnaire), lines, ())])
    return [_frozen(key, scheme, targets) for scheme in file.schemes]


def _tree(source: bytes | str) -> tuple[dict[str, Any], Lines]:
    data, lines = read_tree(source)
    if not isinstance(data, dict):
        raise FileError([Problem(1, "", "The file is empty: keys with values are expected.")])
    return data, lines


def _model(model: type[_M], data: Any, lines: Lines, at: Path) -> _M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise FileError(_problems(shape_findings(error), lines, at)) from None


def _problems(findings: Iterable[Finding], lines: Lines, at: Path) -> list[Problem]:
    return [
        Problem(line_of(lines, (*at, *path)), dotted((*at, *path)), message, params)
        for path, message, params in findings
    ]


def _raise_any(problems: list[Problem]) -> None:
    if problems:
        raise FileError(problems)


def _written_in(data: dict[str, Any], lines: Lines) -> Iterator[tuple[str, Targets]]:
    """Targets that stand in a scheme itself, under a name that takes their place there."""
    for at, holder in _holders(data):
        if isinstance(holder.get("targets"), dict):
            targets = _model(Targets, holder["targets"], lines, (*at, "targets"))
            _raise_any(_problems(check_targets(targets), lines, (*at, "targets")))
            holder["targets"] = dotted(at)
            yield dotted(at), targets


def _holders(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The schemes of a document, and their parts."""
    for path, scheme in _listed(data, (), "schemes"):
        yield path, scheme
        yield from _listed(scheme, path, "parts")


def _listed(holder: dict[str, Any], at: Path, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    listed = holder.get(key)
    for number, part in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(part, dict):
            yield (*at, key, number), part


def _find_all(schemes: Iterable[Scheme], targets: dict[str, Targets], find: Find, lines: Lines) -> Iterator[Problem]:
    """Reads the files of targets that are named; tells those that are not there or not right."""
    for number, scheme in enumerate(schemes):
        for place, part in enumerate(scheme.parts or (scheme,)):
            name = part.targets or scheme.targets
            if name is None or name in targets:
                continue
            own = scheme.parts and part.targets
            at: Path = ("schemes", number, "parts", place, "targets") if own else ("schemes", number, "targets")
            source = find(name)
            if source is None:
                message = "There is no file of targets “%(name)s”."
                yield Problem(line_of(lines, at), dotted(at), message, {"name": name})
                continue
            try:
                targets[name] = read_targets(source)
            except FileError as error:
                for one in error.problems:
                    reason = f"{name}:{one.line}: {one}"
                    yield Problem(line_of(lines, at), dotted(at), "%(reason)s", {"reason": reason})


def _findings(
    schemes: Iterable[Scheme], targets: dict[str, Targets], questionnaire: Questionnaire | None
) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, scheme in enumerate(schemes):
        path: Path = ("schemes", number)
        if scheme.key in seen:
            yield (*path, "key"), "Two schemes have the key “%(key)s”.", {"key": scheme.key}
        seen.add(scheme.key)
        for where, message, params in check_scheme(scheme, targets, questionnaire):
            yield (*path, *where), message, params


def _frozen(survey: str, scheme: Scheme, targets: dict[str, Targets]) -> FrozenScheme:
    named = sorted({part.targets for part in scheme.whole if part.targets})
    return FrozenScheme(survey=survey, scheme=scheme, targets={name: targets[name] for name in named})
