"""Names, codes and page names that our patterns take, in the place of those of another program; references follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from app.questionnaire.check_names import PARADATA, TAKEN
from app.questionnaire.kinds.acknowledge import TICKED
from app.questionnaire.kinds.select_multiple import ANSWERED
from app.questionnaire.problems import Path

from .report import Report

EXPRESSIONS = ("relevant", "required", "constraint", "calculation", "choice_filter", "when", "where")
_LONGEST_NAME, _LONGEST_CODE = 60, 40
_REFERENCE = re.compile(r"\$\{([^{}]{1,300})\}")
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER = re.compile(r"(=\s*)(-\s?[0-9]+(?:\.[0-9]+)?)(?![\w.])")

RENAMED = "The name “%(raw)s” became “%(name)s”."
SINGLE = "A list of one choice became a box to tick."
RECODED = "The code “%(raw)s” became “%(code)s”."

Located = tuple[Path, dict[str, Any]]


def questions_of(document: dict[str, Any]) -> Iterator[Located]:
    """Every question of a document with its path."""
    for p, page in enumerate(document.get("pages", ())):
        for q, question in enumerate(page.get("questions", ())):
            yield ("pages", p, "questions", q), question


def rows_of(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a matrix or an allocation; none for other questions."""
    rows = question.get("rows")
    return rows if isinstance(rows, list) else []


def mend_names(document: dict[str, Any], report: Report) -> None:
    """Question, row, page and group names, and codes: fit, and each once. What refers to them is rewritten."""
    recoded = _mend_single_choices(document, report) | _mend_codes(document, report)
    renamed = _mend_variables(document, report)
    _mend_pages(document, report)
    if renamed or recoded or _has_odd_references(document):
        _rewrite(document, renamed, recoded)


def as_name(text: str, stem: str = "question") -> str:
    """A name as near to a text as our pattern takes."""
    plain = unicodedata.normalize("NFKD", text)
    word = re.sub("[^A-Za-z0-9_]+", "_", "".join(c for c in plain if not unicodedata.combining(c)))
    if not re.search("[A-Za-z0-9]", word):
        word = stem
    if word[0] == "_":
        word = f"q{word}"
    elif not word[0].isalpha() or word.lower().startswith(PARADATA):
        word = f"q_{word}"
    return word[:_LONGEST_NAME]


def as_page_name(text: str) -> str:
    """A page name as near to a text as our pattern takes; without hyphens, which divided pages have."""
    word = as_name(text, "page").lower().strip("_")
    return word if word[:1].isalpha() else f"page_{word}"


class Numbering:
    """Names that are taken. A name that is not free becomes the first of name_2, name_3 … that is."""

    def __init__(self, taken: Iterable[str] = (), longest: int = _LONGEST_NAME) -> None:
        self.taken = set(taken)
        self.longest = longest
        self._reached: dict[str, int] = {}

    def free(self, name: str, beside: Callable[[str], set[str]]) -> str:
        """The name to use; all that `beside` says comes with it is taken from now on."""
        number = self._reached.get(name, 1)
        found = name
        while self.taken & beside(found):
            number += 1
            ending = f"_{number}"
            found = name[: self.longest - len(ending)] + ending
        self._reached[name] = number
        self.taken |= beside(found)
        return found


def _mend_variables(document: dict[str, Any], report: Report) -> dict[str, str]:
    """Returns what each name that changed has become; of names that stood twice, the first keeps its own."""
    names = Numbering(TAKEN)
    renamed: dict[str, str] = {}
    met: set[str] = set()
    for path, question in questions_of(document):
        for place, part in ((path, question), *(((*path, "rows", n), row) for n, row in enumerate(rows_of(question)))):
            raw = str(part.get("name", "")).strip()
            name = names.free(as_name(raw), partial(_columns, part))
            if name != part.get("name"):
                report.tell(document, place, "changed", RENAMED, raw=raw, name=name)
                part["name"] = name
            if raw not in met and raw != name:
                renamed[raw] = name
            met.add(raw)
    return renamed


def _columns(part: dict[str, Any], name: str) -> set[str]:
    """The names, in small letters, that a question or row of this name takes in files."""
    found = {name, f"{name}_order"} if (part.get("parameters") or {}).get("randomize") else {name}
    choices = part.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if part.get("kind") == "select_multiple":
            found.add(f"{name}_{choice['code']}")
        if part.get("kind") == "rank":
            found.add(f"{name}_{len(found)}")
        if choice.get("specify"):
            found.add(f"{name}_other")
    return {column.lower() for column in found}


def _as_code(raw: str) -> str:
    code = re.sub("[^A-Za-z0-9_.]+", "_", unicodedata.normalize("NFKC", raw).strip())[:_LONGEST_CODE]
    return code if code and (code == raw or re.search("[A-Za-z0-9]", code)) else "option"


Recoded = dict[int, dict[str, str]]
"""By the identity of each question, what each of its codes that changed has become."""


def _mend_single_choices(document: dict[str, Any], report: Report) -> Recoded:
    """A list of one choice is no choice: it becomes a box to tick."""
    recoded: Recoded = {}
    for path, question in questions_of(document):
        choices = question.get("choices")
        if (
            question.get("kind") in ("select_one", "select_multiple")
            and isinstance(choices, list)
            and len(choices) == 1
        ):
            report.tell(document, path, "changed", SINGLE)
            recoded[id(question)] = {str(choices[0].get("code", "")): TICKED}
            for language, words in choices[0].get("label", {}).items():
                question["label"][language] = f"{question['label'].get(language, '')}\n{words}".strip()
            for key in ("choices", "choice_filter", "parameters", "appearance", "dont_know", "refused", "variants"):
                question.pop(key, None)
            question["kind"] = "acknowledge"
    return recoded


def _mend_codes(document: dict[str, Any], report: Report) -> Recoded:
    recoded: Recoded = {}
    for path, question in questions_of(document):
        choices = question.get("choices")
        if not isinstance(choices, list):
            continue
        is_columns = question.get("kind") == "select_multiple"
        codes = Numbering(_taken_codes(question) if is_columns else (), _LONGEST_CODE)
        for number, choice in enumerate(choices):
            raw = str(choice.get("code", "")).strip()
            choice["code"] = code = codes.free(_as_code(raw), _small if is_columns else same)
            if code != raw:
                recoded.setdefault(id(question), {}).setdefault(raw, code)
                report.tell(document, (*path, "choices", number), "changed", RECODED, raw=raw, code=code)
    return recoded


def _taken_codes(question: dict[str, Any]) -> set[str]:
    """Options of select_multiple are columns of files: no other variable of the question may be called so."""
    return {ANSWERED, "order"} if (question.get("parameters") or {}).get("randomize") else {ANSWERED}


def _small(name: str) -> set[str]:
    return {name.lower()}


def same(name: str) -> set[str]:
    """A name that takes itself alone."""
    return {name}


def _mend_pages(document: dict[str, Any], report: Report) -> None:
    names = Numbering()
    parents: dict[str, str] = {}
    for key in ("groups", "pages"):
        for number, part in enumerate(document.get(key, ())):
            raw = str(part.get("name", "")).strip()
            fits = re.fullmatch("[a-z][a-z0-9_-]{0,59}", raw)
            name = names.free(raw if fits else as_page_name(raw), _screens)
            if key == "groups":
                parents.setdefault(raw, name)
            if name != part.get("name"):
                report.tell(document, (key, number, "name"), "changed", RENAMED, raw=raw, name=name)
                part["name"] = name
    for part in [*document.get("groups", ()), *document.get("pages", ())]:
        if part.get("group") in parents:
            part["group"] = parents[part["group"]]


def _screens(name: str) -> set[str]:
    """A page takes its name, and all that its screens are called where it is divided: name-2, name-3 …"""
    base = re.sub("-[0-9]+$", "", name)
    return {name} if base == name else {name, base}


def _has_odd_references(document: dict[str, Any]) -> bool:
    return any(name != name.strip() for text in _strings(document) for name in _REFERENCE.findall(text) if name.strip())


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _strings(inner)


def _rewrite(document: dict[str, Any], renamed: dict[str, str], recoded: Recoded) -> None:
    """Writes the new names and codes wherever the old ones are referred to."""
    lists = {q["name"]: recoded[id(q)] for _, q in questions_of(document) if id(q) in recoded}
    lists |= {
        row["name"]: lists[question["name"]]
        for _, question in questions_of(document)
        if question["name"] in lists
        for row in rows_of(question)
    }
    seen: set[int] = set()

    def names_in(text: str) -> str:
        return _REFERENCE.sub(lambda m: "${" + renamed.get(m[1].strip(), m[1].strip()) + "}", text)

    def walk(node: Any, own: dict[str, str]) -> Any:
        if isinstance(node, str):
            return names_in(node)
        if id(node) in seen:
            return node
        if isinstance(node, list):
            seen.add(id(node))
            node[:] = [walk(item, own) for item in node]
        elif isinstance(node, dict):
            seen.add(id(node))
            own = lists.get(str(node.get("name")), own)
            for key, value in node.items():
                node[key] = walk(value, own)
                if key in EXPRESSIONS and isinstance(node[key], str):
                    node[key] = _recode(node[key], lists, own)
        return node

    walk(document, {})
    if "weighting" in document:
        document["weighting"] = [renamed.get(name, name) for name in document["weighting"]]
    for _, question in questions_of(document):
        if isinstance(question.get("of"), list):
            question["of"] = [renamed.get(name, name) for name in question["of"]]


def _recode(source: str, lists: dict[str, dict[str, str]], own: dict[str, str]) -> str:
    """An expression with the new codes of the questions that it names, and of its own question."""
    changes = dict(own)
    for name in _REFERENCE.findall(source):
        changes |= lists.get(name, {})
    if not changes:
        return source

    def literal(match: re.Match[str]) -> str:
        text = match[1] if match[1] is not None else match[2]
        return f"'{changes[text]}'" if text in changes else match[0]

    def number(match: re.Match[str]) -> str:
        text = match[2].replace(" ", "")
        return f"{match[1]}'{changes[text]}'" if text in changes else match[0]

    return _NUMBER.sub(number, _LITERAL.sub(literal, source))
