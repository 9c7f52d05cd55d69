"""What an editor asks of each kind: read off the kind's own class, so that a kind that is added has its editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from app.questionnaire.kinds import KINDS
from app.questionnaire.kinds.base import Choice, Model, Row, Variant
from app.questionnaire.kinds.companions import Unentered
from app.questionnaire.model import Page, Questionnaire

from .tree import RULES

Sort = Literal[
    "text",
    "word",
    "number",
    "flag",
    "expression",
    "required",
    "apart",
    "one_of",
    "names",
    "options",
    "rows",
    "variants",
]

_EXPRESSIONS = {"when", "relevant", "constraint", "calculation", "choice_filter"}
# As people think of a question; what is not named here comes last, in the kind's own order.
_ORDER = (
    *("label", "hint", "choices", "rows", "low", "high", "calculation", "of", "parameters", "required"),
    *("dont_know", "refused", "relevant", "choice_filter", "constraint", "constraint_message", "required_message"),
)
_OF_ANSWERS = {"hint", "required", "required_message", "constraint", "constraint_message", "dont_know", "refused"}
_OF_THE_SHOWN = {*_OF_ANSWERS, "variants"}
_NOT_EDITED = {"name", "kind"}


@dataclass(frozen=True)
class EditorField:
    """One thing to be filled in. key: its place in the question, as in `parameters.start`; inner: what each of the
    options or rows of a list has; default: what holds where nothing is said."""

    key: str
    sort: Sort
    is_needed: bool = False
    default: object = None
    values: tuple[str, ...] = ()
    inner: tuple[EditorField, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.key.split("."))


@lru_cache(maxsize=64)
def editor_fields(kind: str) -> tuple[EditorField, ...]:
    """The fields of a kind's editor. Its name and kind are asked of every question."""
    cls = KINDS[kind]
    found = list(_fields(cls, "", getattr(cls, "choice_words", ()), getattr(cls, "row_words", ())))
    if issubclass(cls, Unentered):
        found = [field for field in found if field.key not in _OF_THE_SHOWN]
    places = {key: place for place, key in enumerate(_ORDER)}
    return tuple(sorted(found, key=lambda field: places.get(field.path[0], len(places))))


PAGE = ("title", "relevant", "group", "randomize")
SETTINGS = ("title", "introduction", "languages", "period", "weighting", "breakdowns", "groups")


@lru_cache(maxsize=8)
def page_fields() -> tuple[EditorField, ...]:
    """What is asked of a page itself, besides its name."""
    return _chosen(Page, PAGE)


@lru_cache(maxsize=8)
def settings_fields() -> tuple[EditorField, ...]:
    """What is asked of the whole questionnaire."""
    return _chosen(Questionnaire, SETTINGS)


@lru_cache(maxsize=8)
def rules_fields() -> tuple[EditorField, ...]:
    """What is asked of the rules: lists of a condition and its words."""
    return _chosen(Questionnaire, RULES)


def _part_fields(cls: type[Model]) -> Iterator[EditorField]:
    """Of the parts of a list, all that is plain: not lists in them."""
    if "name" in cls.model_fields:
        yield EditorField("name", "word", True)
    yield from (field for field in _fields(cls, "", (), ()) if field.sort != "rows")


def _fields(
    cls: type[Model], prefix: str, choice_words: tuple[str, ...], row_words: tuple[str, ...]
) -> Iterator[EditorField]:
    for name, info in cls.model_fields.items():
        if not prefix and name in _NOT_EDITED:
            continue
        plain, values = _plain(info.annotation)
        key = prefix + name
        inner = next((one for one in plain if isinstance(one, type) and issubclass(one, Model)), None)
        if inner is Choice:
            parts = _chosen(Choice, ("code", "label", *choice_words))
            yield EditorField(key, "options", info.is_required(), inner=parts)
        elif inner is Row:
            parts = _chosen(Row, ("name", "label", "hint", *row_words))
            yield EditorField(key, "rows", info.is_required(), inner=parts)
        elif inner is Variant:
            yield EditorField(key, "variants")
        elif inner is not None and tuple in plain:
            yield EditorField(key, "rows", info.is_required(), inner=tuple(_part_fields(inner)))
        elif inner is not None:
            yield from _fields(inner, key + ".", (), ())
        elif (sort := _sort(name, plain, values)) is not None:
            default = info.default if isinstance(info.default, bool | int | float | str) else None
            yield EditorField(key, sort, info.is_required(), default, values)


def _chosen(cls: type[Model], wanted: tuple[str, ...]) -> tuple[EditorField, ...]:
    found = {field.key: field for field in _fields(cls, "", (), ())}
    # The name of a row is one of the things to be filled in, unlike that of the question.
    found["name"] = EditorField("name", "word", True)
    return tuple(found[name] for name in wanted)


def _sort(name: str, plain: set[Any], values: tuple[str, ...]) -> Sort | None:
    """How a field is filled in; None where there is nothing to say."""
    if name in _EXPRESSIONS:
        return "expression"
    if values:
        return "one_of"
    if name == "attributes":
        return "word"
    for types, sort in _SORTS:
        if plain == types:
            return sort
    return None


_SORTS: tuple[tuple[set[Any], Sort], ...] = (
    ({bool, str}, "required"),
    ({bool, dict}, "apart"),
    ({dict}, "text"),
    ({bool}, "flag"),
    ({int}, "number"),
    ({float}, "number"),
    ({str}, "word"),
    ({tuple, str}, "names"),
)


def _plain(annotation: Any) -> tuple[set[Any], tuple[str, ...]]:
    """The bare types of an annotation, and the words that it takes if these are named. A lone `False` says nothing."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin is Literal:
        return set(), tuple(value for value in get_args(annotation) if isinstance(value, str))
    if origin in (Union, UnionType):
        found: set[Any] = set()
        values: tuple[str, ...] = ()
        for one in get_args(annotation):
            types, words = _plain(one)
            found, values = found | types, values + words
        return found, values
    if origin is tuple:
        return {tuple} | _plain(get_args(annotation)[0])[0], ()
    if origin is not None:
        return {origin}, ()
    return (set() if annotation is type(None) else {annotation}), ()
