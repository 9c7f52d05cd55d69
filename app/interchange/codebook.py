"""The codebook of a data file, as CSV: one row per column, definition and code.

A question whose wording or options changed has the rows of each definition, with the versions that had it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.questionnaire.check_names import BASE_WEIGHT, PARADATA, QUALITY, QUALITY_COLUMNS
from app.questionnaire.kinds.base import (
    DONT_KNOW,
    NOT_ASKED,
    REFUSED,
    SKIPPED,
    STANDARD_LABELS,
    AnsweredQuestion,
    Variable,
    quote_formula,
)
from app.questionnaire.met import fingerprint
from app.questionnaire.model import Page, Questionnaire
from app.questionnaire.quality import (
    CONTRADICTORY,
    DUPLICATE,
    FRACTION,
    LEAST_ITEMS,
    LEAST_TIMES,
    SPEEDING,
    STRAIGHT_LINING,
)

from .asked_where import asked_where, pages_of
from .data_file import FIXED, Cell, columns_of, csv_chunks, variable_columns

Words = dict[str, str]

# The shares' base is that of Pew Research Center's toplines and of the Cabinet Office's polls.
MISSING: dict[str, Words] = {
    NOT_ASKED: {
        "en": "The question was not put to this person: earlier answers led past it, or the version did not have it. "
        "Outside the base of shares and means.",
        "ja": "前の質問への回答により対象外であったか、その版に質問がなかったため、この人には質問していません。"
        "割合と平均の分母に含めません。",
    },
    SKIPPED: {
        "en": "The question was shown and passed without an answer. Outside the base of shares and means.",
        "ja": "質問は表示されましたが、回答せずに先へ進みました。割合と平均の分母に含めません。",
    },
    DONT_KNOW: {
        "en": "The person chose this answer. In the base of shares, as Pew Research Center and Japan's Cabinet Office "
        "have it; left out of means.",
        "ja": "本人がこの選択肢を選びました。ピュー・リサーチ・センターや内閣府の世論調査と同じく割合の分母に含め、"
        "平均からは除きます。",
    },
    REFUSED: {
        "en": "The person chose this answer. Outside the base of shares and means.",
        "ja": "本人がこの選択肢を選びました。割合と平均の分母に含めません。",
    },
}
FIXED_WORDS: dict[str, Words] = {
    "response_id": {
        "en": "The response's number. Read it as text: it has up to 19 digits, and programs round such numbers.",
        "ja": "回答の番号（最大19桁）。数値にすると丸められることがあるため、文字列として読み込んでください。",
    },
    "survey": {"en": "The survey's key", "ja": "調査のキー"},
    "wave": {"en": "The key of the wave in which the response was given", "ja": "回答した調査回のキー"},
    "questionnaire": {
        "en": "The version answered: SHA-256 of the questionnaire's canonical JSON",
        "ja": "回答した調査票の版（調査票の正規 JSON の SHA-256）",
    },
    "language": {"en": "The language at the last page", "ja": "最後のページを表示していた言語"},
    "started_at": {"en": "When the first page was sent (UTC)", "ja": "最初のページを送信した日時（協定世界時）"},
    "submitted_at": {"en": "When the answers were sent (UTC)", "ja": "回答を送信した日時（協定世界時）"},
    "synthetic": {"en": "Whether the response was made up", "ja": "架空の回答かどうか"},
    BASE_WEIGHT: {
        "en": "The base weight: the inverse of the chance to be in the sample. Empty: 1",
        "ja": "基本ウェイト（抽出確率の逆数）。空欄は1",
    },
}
_QUALITY_WORDS: dict[str, Words] = {
    "seconds": {
        "en": "Seconds from the first page sent to the end. Empty: not known",
        "ja": "最初のページの送信から終了までの秒数。空欄は不明",
    },
    SPEEDING: {
        "en": f"Whether it took less than 1/{FRACTION} of the wave's median time. Empty: no time is known, or of fewer "
        f"than {LEAST_TIMES} responses of the wave",
        "ja": f"所要時間が調査回の中央値の{FRACTION}分の1未満か。空欄は、所要時間が不明か、"
        f"所要時間の分かる回答が{LEAST_TIMES}件未満",
    },
    STRAIGHT_LINING: {
        "en": "Whether all answers were the same to the items of a matrix, or of matrices and scales with the same "
        f"options after one another, {LEAST_ITEMS} or more. Empty: the version has no such items",
        "ja": "同じ選択肢の項目が続くところ（マトリクスなど）で、回答した"
        f"{LEAST_ITEMS}項目以上がすべて同じ答えか。空欄は、その版に該当する項目がない",
    },
    CONTRADICTORY: {
        "en": "Whether answers contradict each other by a rule of the questionnaire. Empty: the version has none",
        "ja": "調査票の規則により、回答どうしが矛盾しているか。空欄は、その版に規則がない",
    },
    DUPLICATE: {
        "en": "Whether another response of the wave came on that day from the same network and kind of browser, as "
        "those of a household do too. Empty: it came by invitation or from a file",
        "ja": "同じ日に同じネットワークと同じ種類のブラウザからほかの回答があったか（同じ家庭からの場合もある）。"
        "空欄は、招待またはファイルによる回答",
    },
}
YES_OR_NO: dict[str, Words] = {"0": {"en": "No", "ja": "いいえ"}, "1": {"en": "Yes", "ja": "はい"}}
_PARADATA: Words = {"en": "How the response came about: ", "ja": "回答の取得状況："}
SYNTHETIC: dict[str, Words] = {
    "0": {"en": "A person's response", "ja": "実際の回答"},
    "1": {"en": "Made up to show how the site works; no one gave it", "ja": "動作を示すための架空の回答"},
}


@dataclass
class _Definition:
    """A variable as one or more versions had it. Orders of groups stand on no page."""

    page: Page | None
    variable: Variable
    conditions: str
    column: str
    number: int
    versions: list[str]


class _Code(NamedTuple):
    code: str
    label: Words
    missing: bool = False
    note: Words | None = None


def write_codebook(versions: Sequence[Questionnaire], bom: bool = False, beside: Sequence[str] = ()) -> Iterator[bytes]:
    """The codebook of the data file of the same `versions`, the newest first, with the same columns `beside`."""
    languages = list(dict.fromkeys(language for version in versions for language in version.languages))
    return csv_chunks(_rows(versions, languages, beside), bom)


def _rows(versions: Sequence[Questionnaire], languages: list[str], beside: Sequence[str]) -> Iterator[list[Cell]]:
    yield _row({name: name for name in _names(languages)}, languages)
    for column in (*FIXED, *beside):
        for code in _codes_beside(column):
            given = {"column": column, "kind": "fixed", "versions": " ".join(v.hash for v in versions)}
            yield _row({**given, **_each("label", _words_of(column), languages), **_coded(code, languages)}, languages)
    definitions = _definitions(versions)
    for column in columns_of(versions):
        for definition in definitions[column]:
            for code in _codes(definition):
                yield _row({**_defined(definition, languages), **_coded(code, languages)}, languages)


def _codes_beside(column: str) -> list[_Code]:
    """What can stand in a column that is no variable's."""
    if column == "synthetic":
        return [_Code(code, label) for code, label in SYNTHETIC.items()]
    if column in QUALITY_COLUMNS and column != QUALITY + "seconds":
        return [_Code(code, label) for code, label in YES_OR_NO.items()]
    return [_Code("", {})]


def _words_of(column: str) -> Words:
    if column in QUALITY_COLUMNS:
        return _QUALITY_WORDS[column.removeprefix(QUALITY)]
    name = column.removeprefix(PARADATA)
    return (
        FIXED_WORDS[column] if name == column else {language: f"{text}{name}" for language, text in _PARADATA.items()}
    )


def _names(languages: list[str]) -> list[str]:
    texts = [f"{name}_{language}" for name in ("label", "stem", "hint") for language in languages]
    coded = ["code", *(f"code_label_{language}" for language in languages), "missing"]
    asked = ["required", "relevant", "page", "action", "publish", "personal", "versions"]
    said = [f"{name}_{language}" for name in ("variants", "note") for language in languages]
    return ["column", "variable", "kind", *texts, *coded, *asked, *said]


def _row(given: dict[str, Cell], languages: list[str]) -> list[Cell]:
    """Text that could begin a formula is quoted; codes are numbers or words that cannot, and stay as they are."""
    cells = ((name, given.get(name, "")) for name in _names(languages))
    return [quote_formula(cell) if isinstance(cell, str) and name != "code" else cell for name, cell in cells]


def _each(name: str, words: Words | None, languages: list[str]) -> dict[str, Cell]:
    """A text under one column per language; where it has no translation, as it is in English or its first language."""
    if not words:
        return {}
    fallback = words.get("en") or next(iter(words.values()))
    return {f"{name}_{language}": words.get(language) or fallback for language in languages}


def _coded(code: _Code, languages: list[str]) -> dict[str, Cell]:
    return {
        "code": code.code,
        **_each("code_label", code.label, languages),
        "missing": int(code.missing) if code.code else "",
        **_each("note", code.note, languages),
    }


def _definitions(versions: Sequence[Questionnaire]) -> dict[str, list[_Definition]]:
    """The different definitions under every column, the newest first."""
    found: dict[str, dict[str, _Definition]] = {}
    for version in versions:
        pages = pages_of(version)
        for name, columns in variable_columns(version).items():
            variable, page = version.variables[name], pages.get(name)
            conditions = asked_where(version, page, variable)
            same = _sameness(version, page, variable, conditions)
            for number, column in enumerate(columns):
                new = _Definition(page, variable, conditions, column, number, [])
                found.setdefault(column, {}).setdefault(same, new).versions.append(version.hash)
    return {column: list(definitions.values()) for column, definitions in found.items()}


def _sameness(version: Questionnaire, page: Page | None, variable: Variable, conditions: str) -> str:
    """Equal where everything that the codebook says of a variable is equal."""
    question = variable.question.model_dump(mode="json", exclude={"label", "choices", "rows"})
    place = page.name if page else None
    return json.dumps([variable.name, fingerprint(version, variable), place, conditions, variable.action, question])


def _defined(definition: _Definition, languages: list[str]) -> dict[str, Cell]:
    variable, question = definition.variable, definition.variable.question
    required = question.required
    return {
        "column": definition.column,
        "variable": variable.name,
        "kind": question.kind,
        **_each("label", variable.label, languages),
        **_each("stem", variable.stem, languages),
        **_each("hint", variable.row.hint if variable.row else question.hint, languages),
        "required": required if isinstance(required, str) else int(required),
        "relevant": definition.conditions,
        "page": definition.page.name if definition.page else "",
        "action": variable.action or "",
        "publish": int(question.publish),
        "personal": int(question.personal),
        "versions": " ".join(definition.versions),
        **_each("variants", _in_arms(question, None), languages),
    }


def _codes(definition: _Definition) -> Iterator[_Code]:
    """What can stand in the column: codes or a range, then the ways of not answering that the question has."""
    question = definition.variable.question
    for meaning in question.meanings(definition.number):
        yield _Code(meaning.code, meaning.label, note=meaning.note or _in_arms(question, meaning.code))
    for code in (NOT_ASKED, SKIPPED):
        yield _Code(code, STANDARD_LABELS[code], True, MISSING[code])
    for option in question.apart:
        yield _Code(option.code, option.label, True, MISSING[option.code])


def _in_arms(question: AnsweredQuestion, code: str | None) -> Words:
    """The words of the question, or of one of its options, in the arms of experiments: "words=b: …"."""
    found: dict[str, list[str]] = {}
    for variant in question.variants:
        words = variant.label if code is None else {c.code: c.label for c in variant.choices or ()}.get(code)
        for language, text in (words or {}).items():
            found.setdefault(language, []).append(f"{variant.experiment}={variant.arm}: {text}")
    return {language: " / ".join(texts) for language, texts in found.items()}
