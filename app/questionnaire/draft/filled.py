"""What was typed into an editor, as a part of a draft. What cannot be a value stays as it was typed: the check says
what is wrong with it, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.questionnaire.narrow import narrow

from .fields import EditorField
from .tree import Tree
from .variants import read_variants, type_variants

PREFIX = "f."
# What is known by figures and Latin letters only.
_NAMES = ("code", "name", "action")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")
Form = Mapping[str, str]


def filled(form: Form, fields: Sequence[EditorField], languages: Sequence[str], before: Tree) -> Tree:
    """A question, page or the like as typed. `before`: as it was; what the fields do not ask of it stays."""
    made = dict(before)
    for field in fields:
        if field.sort == "variants":
            if PREFIX + field.key in form:
                choices = [item for one in fields if one.sort == "options" for item in _items(form, one, languages)]
                read = read_variants(form, PREFIX + field.key, languages, choices, before.get(field.key))
                _set(made, field.path, read or None)
            continue
        _set(made, field.path, _read(form, PREFIX, field, languages))
    return made


def typed(
    part: Tree, fields: Sequence[EditorField], languages: Sequence[str], more: Mapping[str, int] | None = None
) -> dict[str, str]:
    """What stands in each input of an editor, by its name: what `filled` makes the part of. more: empty options or
    rows to add to a list, by its key."""
    found: dict[str, str] = {}
    for field in fields:
        value = inside(part, field.path)
        if field.sort == "variants":
            type_variants(found, PREFIX + field.key, part, languages, (more or {}).get(field.key, 0))
        elif field.sort in ("options", "rows"):
            _type_list(found, field, value, languages, (more or {}).get(field.key, 0))
        else:
            _type(found, PREFIX, field, value, languages)
    return found


def turned(question: Tree, fields: Sequence[EditorField], languages: Sequence[str], kind: str) -> Tree:
    """The question as one of another kind, with what that asks too."""
    kept = filled(typed(question, fields, languages), fields, languages, {})
    return {"name": question["name"], "kind": kind, **kept}


def inside(part: Any, path: Sequence[str]) -> Any:
    """What stands at a place in a part; None where nothing does."""
    for key in path:
        part = part.get(key) if isinstance(part, dict) else None
    return part


def place(form: Form, fields: Sequence[EditorField], languages: Sequence[str], key: str, number: int) -> int | None:
    """Which of what is kept of a list stands at a line of it in the form; None where the line is empty."""
    field = next((one for one in fields if one.key == key), None)
    if field is None or field.sort not in ("options", "rows", "variants"):
        return number
    if field.sort == "variants":
        typed_in = {name.split(".")[2] for name, value in form.items() if name.startswith(f"{PREFIX}{key}.") and value}
        items = [str(line) in typed_in for line in range(count(form, key))]
    else:
        items = [bool(item) for item in _items(form, field, languages)]
    return sum(items[:number]) if number < len(items) and items[number] else None


def count(form: Form, key: str) -> int:
    """How many options or rows a list in the form has."""
    given = form.get(f"{PREFIX}{key}", "")
    return min(int(given), 1000) if re.fullmatch("[0-9]{1,4}", given) else 0


def _read(form: Form, prefix: str, field: EditorField, languages: Sequence[str]) -> Any:
    name = prefix + field.key
    said = form.get(name, "").replace("\r\n", "\n").strip()
    if field.sort in ("number", "names") or field.key in _NAMES:
        said = narrow(said)
    if field.sort == "text":
        return _text(form, name, languages)
    if field.sort in ("options", "rows"):
        return [item for item in _items(form, field, languages) if item] or None
    if field.sort == "flag":
        return None if bool(said) == bool(field.default) else bool(said)
    if field.sort == "required":
        return form.get(f"{name}.when", "").strip() or (True if said else None)
    if field.sort == "apart":
        return (_text(form, name, languages) or True) if said else None
    if field.sort == "names":
        return re.split(r"[\s,、]+", said) if said else None
    if field.key == "attributes":
        return _attributes(said)
    number = _number(said) if field.sort == "number" else (said or None)
    return None if number == field.default else number


def _text(form: Form, name: str, languages: Sequence[str]) -> dict[str, str] | None:
    given = {one: form.get(f"{name}.{one}", "").replace("\r\n", "\n").strip() for one in languages}
    return {one: line for one, line in given.items() if line} or None


def _number(said: str) -> Any:
    if _INTEGER.fullmatch(said):
        return int(said)
    return float(said) if _DECIMAL.fullmatch(said) else said or None


def _attributes(said: str) -> Any:
    pairs = [word.partition("=") for word in said.split()]
    if not pairs:
        return None
    return {key: value for key, _, value in pairs} if all(key and value for key, _, value in pairs) else said


def _items(form: Form, field: EditorField, languages: Sequence[str]) -> Iterator[Tree]:
    """The options or rows of a list; those in which nothing is typed are empty."""
    for number in range(count(form, field.key)):
        item: Tree = {}
        for one in field.inner:
            _set(item, one.path, _read(form, f"{PREFIX}{field.key}.{number}.", one, languages))
        yield item


def _type(found: dict[str, str], prefix: str, field: EditorField, value: Any, languages: Sequence[str]) -> None:
    name = prefix + field.key
    if field.sort == "text":
        _type_text(found, name, value, languages)
    elif field.sort == "required":
        found[name] = "1" if value is True else ""
        found[f"{name}.when"] = "" if value in (None, True, False) else str(value)
    elif field.sort == "apart":
        found[name] = "1" if value else ""
        _type_text(found, name, value, languages)
    elif field.sort == "flag":
        found[name] = "1" if (field.default if value is None else value) else ""
    elif field.sort == "names":
        found[name] = " ".join(map(str, value)) if isinstance(value, list) else _plain(value)
    elif field.key == "attributes" and isinstance(value, dict):
        found[name] = " ".join(f"{key}={one}" for key, one in value.items())
    else:
        found[name] = _plain(field.default if value is None else value)


def _type_text(found: dict[str, str], name: str, value: Any, languages: Sequence[str]) -> None:
    for one in languages:
        found[f"{name}.{one}"] = _plain(value.get(one)) if isinstance(value, dict) else ""


def _type_list(found: dict[str, str], field: EditorField, value: Any, languages: Sequence[str], more: int) -> None:
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    items += [{}] * (more or (2 if field.is_needed and not items else 0))
    found[PREFIX + field.key] = str(len(items))
    for number, item in enumerate(items):
        for one in field.inner:
            _type(found, f"{PREFIX}{field.key}.{number}.", one, inside(item, one.path), languages)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _set(part: Tree, path: Sequence[str], value: Any) -> None:
    """Puts a value at a place; None takes it away, with what is empty around it then."""
    *outer, last = path
    if outer:
        inner = part.get(outer[0])
        whole = dict(inner) if isinstance(inner, dict) else {}
        _set(whole, path[1:], value)
        value, last = whole or None, outer[0]
    if value is None:
        part.pop(last, None)
    else:
        part[last] = value
