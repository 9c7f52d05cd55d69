"""The workbook that other programs and people see: texts are texts, and XLSForm's words stand where they belong."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from app.interchange.xlsform.read import read_xlsform
from app.interchange.xlsform.workbook import xlsx_sheets
from app.interchange.xlsform.write import write_xlsform
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from tests.questionnaire.made import questionnaire_of

SOURCE = """
survey: small
title: {en: "=1+1", ja: 調査}
languages: [en, ja]
period: week
weighting: [country]
breakdowns: [{name: country}]
ends: [{when: "${country} = 'us'", label: {en: Thanks, ja: ありがとう}}]
groups: [{name: block, relevant: "${country} = 'jp'", randomize: true}]
continues: [{question: view, was: opinion, reason: A clearer name.}]
pages:
  - name: about
    title: {en: About, ja: あなた}
    questions:
      - {name: words, kind: arm, label: {en: W, ja: W}, choices: [{code: a, label: {en: A, ja: A}},
         {code: b, label: {en: B, ja: B}, share: 2}]}
      - {name: country, kind: select_one, required: true, label: {en: "=cmd()", ja: 国}, appearance: minimal,
         choices: [{code: jp, label: {en: "+81", ja: 日本}}, {code: us, label: {en: "@us", ja: 米国}}]}
      - {name: near, kind: select_one, label: {en: Near?, ja: 近い}, dont_know: true, publish: false,
         choice_filter: "in = ${country}", choices: [{code: "007", label: {en: X, ja: X}, attributes: {in: jp}},
         {code: "1", label: {en: Y, ja: Y}, attributes: {in: us, label: odd}, specify: true}]}
  - name: block_page
    title: {en: Views, ja: 意見}
    group: block
    questions:
      - {name: view, kind: scale, label: {en: View, ja: 見方}, parameters: {start: 0, end: 10}, low: {en: lo, ja: 低},
         high: {en: hi, ja: 高}, variants: [{experiment: words, arm: b, label: {en: Other words, ja: 別}}]}
      - {name: trust, kind: matrix, required: true, label: {en: Trust, ja: 信頼},
         choices: [{code: 1, label: {en: No, ja: 否}}, {code: 2, label: {en: Yes, ja: 是}}],
         rows: [{name: DD1a, action: DD1a, label: {en: First, ja: 一}}, {name: DD1b, label: {en: Second, ja: 二}}]}
      - {name: shares, kind: allocate, label: {en: Divide, ja: 配分},
         rows: [{name: s1, label: {en: One, ja: 一}}, {name: s2, label: {en: Two, ja: 二}}]}
      - {name: mail, kind: email, label: {en: Mail, ja: メール}}
"""
QUESTIONNAIRE = read_questionnaire(SOURCE)


def table(data: bytes, sheet: str) -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))
    return [{str(h): cell for h, cell in zip(rows[0], row, strict=True) if cell is not None} for row in rows[1:]]


def test_what_xlsform_has_words_for_stands_under_them() -> None:
    data = write_xlsform(QUESTIONNAIRE)
    survey = table(data, "survey")
    assert [(row["type"], row.get("name")) for row in survey] == [
        *(
            ("begin_group", "about"),
            ("hidden", "words"),
            ("select_one country", "country"),
            ("select_one near", "near"),
        ),
        *(("end_group", None), ("begin_group", "block"), ("begin_group", "block_page"), ("range", "view")),
        *(("begin_group", "trust"), ("select_one trust", "DD1a"), ("select_one trust", "DD1b"), ("end_group", None)),
        *(("begin_group", "shares"), ("integer", "s1"), ("integer", "s2"), ("end_group", None)),
        *(("text", "mail"), ("end_group", None), ("end_group", None)),
    ]
    country = next(row for row in survey if row.get("name") == "country")
    assert (country["required"], country["appearance"], country["label::日本語 (ja)"]) == ("yes", "minimal", "国")
    assert table(data, "settings") == [
        {"form_title": "=1+1", "form_id": "small", "default_language": "English (en)"},
    ]
    assert [row["name"] for row in table(data, "choices") if row["list_name"] == "near"] == ["007", "1"]


OWNS = {"survey": "barometer::", "choices": "barometer_"}


def test_other_columns_are_in_a_namespace_of_ours() -> None:
    data = write_xlsform(QUESTIONNAIRE)
    theirs = {"type", "name", "required", "relevant", "appearance", "choice_filter", "parameters", "list_name", "in"}
    for sheet in ("survey", "choices"):
        for heading in {heading for row in table(data, sheet) for heading in row}:
            assert heading in theirs or heading.startswith(("label::", "hint::", OWNS[sheet])), heading


def test_nothing_runs_as_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsform(QUESTIONNAIRE)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    begins = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert len(begins) == 4
    assert all(cell.quotePrefix for cell in begins)


def test_it_is_read_as_the_same() -> None:
    imported = read_xlsform(xlsx_sheets(write_xlsform(QUESTIONNAIRE)))
    assert imported.questionnaire.canonical == QUESTIONNAIRE.canonical
    assert list(imported.report.told()) == []


def test_what_other_programs_refuse_is_written_otherwise() -> None:
    words = {"en": "W"}
    made = questionnaire_of([{"name": "one", "kind": "range", "label": words, "low": words, "high": words}])
    document = made.model_dump(mode="json", exclude_defaults=True)
    document["pages"][0]["name"] = "meta"
    document["pages"][0]["questions"][0]["parameters"] = {"start": 5, "end": 5}
    made = Questionnaire.model_validate(document)
    data = write_xlsform(made)
    rows = [(row["type"], row.get("name"), row.get("parameters")) for row in table(data, "survey")]
    assert rows == [("begin_group", "meta_page", None), ("integer", "one", None), ("end_group", None, None)]
    assert read_xlsform(xlsx_sheets(data)).questionnaire == made


def test_columns_are_in_the_order_of_the_languages() -> None:
    text = {"kind": "text", "label": {"fr": "A", "es": "A", "en": "A"}}
    made = questionnaire_of([{"name": "a", **text}], languages=["en", "es", "fr"])
    document = made.model_dump(mode="json", exclude_defaults=True)
    document["pages"][0]["title"] = {"fr": "T", "en": "T", "es": "T"}
    imported = read_xlsform(xlsx_sheets(write_xlsform(Questionnaire.model_validate(document))))
    assert imported.questionnaire.languages == ("en", "es", "fr")


def test_a_list_too_long_for_a_cell_goes_on_beside_it() -> None:
    groups = [{"code": f"g{number}", "label": {"en": "x" * 900}, "where": "${country} = 'a'"} for number in range(60)]
    choices = [{"code": code, "label": {"en": code}} for code in "ab"]
    made = questionnaire_of([{"name": "country", "kind": "select_one", "label": {"en": "C"}, "choices": choices}])
    document = made.model_dump(mode="json", exclude_defaults=True)
    document |= {"weighting": ["country"], "breakdowns": [{"name": "by", "label": {"en": "By"}, "groups": groups}]}
    long = Questionnaire.model_validate(document)
    data = write_xlsform(long)
    assert len(next(row for row in table(data, "barometer") if row["key"] == "breakdowns")) > 2
    assert read_xlsform(xlsx_sheets(data)).questionnaire == long


def test_a_person_may_go_on_writing_in_the_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsform(QUESTIONNAIRE)))
    sheet = book["survey"]
    headings = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    for row in sheet.iter_rows(min_row=2):
        if row[headings["name"] - 1].value == "mail":
            row[headings["label::English (en)"] - 1].value = "Your address"
    last = sheet.max_row + 1
    for heading, text in (("type", "text"), ("name", "more"), ("label::English (en)", "More?")):
        sheet.cell(last, headings[heading], text)
    file = io.BytesIO()
    book.save(file)
    imported = read_xlsform(xlsx_sheets(file.getvalue()))
    labels = {question.name: question.label for question in imported.questionnaire.questions}
    assert labels["mail"]["en"] == "Your address"
    assert labels["more"] == {"en": "More?", "ja": "More?"}
    assert imported.questionnaire.weighting == ("country",)
