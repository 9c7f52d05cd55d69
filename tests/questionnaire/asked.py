"""Questions of every kind, and what they say of an answer that they do not take."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from app.questionnaire.kinds import AnyQuestion
from app.questionnaire.kinds.base import (
    AnsweredQuestion,
    AnswerError,
)

BOTH = {"en": "Label", "ja": "ラベル"}
CODES = [{"code": code, "label": {"en": f"Option {code}", "ja": f"選択肢{code}"}} for code in ("1", "2", "3")]
READER: TypeAdapter[Any] = TypeAdapter(AnyQuestion)


def question(kind: str, **more: Any) -> AnsweredQuestion:
    made = READER.validate_python({"name": "q", "kind": kind, "label": BOTH, **more})
    assert isinstance(made, AnsweredQuestion)
    return made


ONE = question("select_one", choices=CODES, dont_know=True, refused={"en": "Rather not", "ja": "控える"})
SCALE = question("scale", choices=CODES, dont_know=True)
MATRIX = question("matrix", choices=CODES, rows=[{"name": "a", "label": BOTH}, {"name": "b", "label": BOTH}])
NONE = {"code": "none", "label": {"en": "None", "ja": "なし"}, "exclusive": True}
MULTIPLE = question("select_multiple", choices=[*CODES, NONE], dont_know=True, refused=True)
NUMBER = question("integer", parameters={"start": 0, "end": 2000}, dont_know=True)
TEXT = question("text", parameters={"max_length": 5})
ROWS = [{"name": "a", "label": BOTH}, {"name": "b", "label": BOTH}]
OTHER = {"code": "x", "label": {"en": "Other", "ja": "その他"}, "specify": True}
ENDS = {"low": {"en": "Cold", "ja": "冷たい"}, "high": {"en": "Warm", "ja": "温かい"}}
WITH_OTHER = question("select_one", choices=[OTHER, *CODES])
SOME = question("select_multiple", choices=[*CODES, OTHER, NONE], parameters={"minimum": 2, "maximum": 3})
POINTS = question("scale", parameters={"start": 0, "end": 10}, **ENDS)
RANK = question("rank", choices=CODES, dont_know=True, refused=True)
BEST = question("rank", choices=CODES, parameters={"maximum": 2})
ALLOCATE = question("allocate", rows=ROWS, parameters={"total": 10})
DECIMAL = question("decimal", parameters={"start": 0.5, "end": 2000, "decimals": 2}, dont_know=True)
RANGE = question("range", parameters={"step": 5}, refused=True, **ENDS)
SHORT = question("range", parameters={"start": 1, "end": 7}, dont_know=True, **ENDS)
DATE = question("date", parameters={"start": "2020-01-31", "end": "2026-12-31"}, dont_know=True)
EMAIL = question("email")
BOX = question("acknowledge")
ARM = question("arm", choices=[CODES[0], {**CODES[1], "share": 2}])
SAMPLE = question("sample", of=["a", "b", "c"], parameters={"ask": 2})
CALCULATE = question("calculate", calculation="1 + 1")
(BESIDE,) = (variable.question for variable in WITH_OTHER.variables()[1:])


def refusal(asked: AnsweredQuestion, values: list[str]) -> str:
    with pytest.raises(AnswerError) as caught:
        asked.read(values)
    assert str(caught.value) == caught.value.message % caught.value.params
    return str(caught.value)
