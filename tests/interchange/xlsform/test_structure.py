"""Groups, repeats and tables of a form, its languages and settings, and the report on all of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.interchange.importing import read_any
from app.interchange.xlsform.tables import csv_sheets, markdown_sheets
from app.interchange.xlsform.workbook import xls_sheets, xlsx_sheets
from app.questionnaire.problems import FileError
from tests.conftest import ROOT
from tests.interchange.walking import walk

from .forms import YES_NO, entry, form, question, told, unaccounted, workbook

FIXTURES = ROOT / "tests" / "fixtures" / "xlsform"
VISIT = (FIXTURES / "visit.md").read_bytes()


def test_groups_are_pages_and_groups_of_groups_are_groups_of_pages() -> None:
    imported = form(
        """
        type        | name   | label     | relevant     | appearance
        text        | first  | First     |              |
        begin_group | outer  | All of it | ${first} = 1 |
        text        | loose  | Loose     |              |
        begin group | inner  | Part      | ${loose} = 2 | field-list
        text        | deep   | Deep      |              |
        end group   |        |           |              |
        begin_group | empty  | Nothing   |              |
        begin_group | hollow | Still     |              |
        end_group   |        |           |              |
        end_group   |        |           |              |
        end_group   | outer  |           |              |
        text        | last   | Last      |              |
        """,
        settings="form_title | form_id\nA form | a-form",
    )
    document: dict[str, Any] = imported.questionnaire.model_dump(mode="json", exclude_defaults=True)
    assert document["groups"] == [{"name": "outer", "relevant": "${first} = 1"}]
    pages = {page["name"]: page for page in document["pages"]}
    assert [(name, page["title"]["en"], page.get("group")) for name, page in pages.items()] == [
        ("page_1", "A form", None),
        ("page_2", "All of it", "outer"),
        ("inner", "Part", "outer"),
        ("page_4", "A form", None),
    ]
    assert pages["inner"]["relevant"] == "${loose} = 2"
    for name in ("empty", "hollow"):
        assert told(imported, name, "group") == [("dropped", "Nothing stands in it.")]
    assert walk(imported.questionnaire) == {"first": "word", "last": "word"}


def test_groups_of_one_name_stay_apart() -> None:
    imported = form(
        """
        type        | name | label | relevant
        text        | a    | A     |
        begin_group | g    | One   | ${a} = 1
        begin_group | x    | X     |
        text        | b    | B     |
        end_group   |      |       |
        end_group   |      |       |
        begin_group | h    | Two   | ${a} = 2
        begin_group | g    | Three |
        begin_group | x    | X     |
        text        | c    | C     |
        end_group   |      |       |
        end_group   |      |       |
        end_group   |      |       |
        """
    )
    groups = {group.name: (group.group, group.relevant) for group in imported.questionnaire.groups}
    assert groups == {"g": (None, "${a} = 1"), "h": (None, "${a} = 2"), "g_2": ("h", None)}
    assert [(page.name, page.group) for page in imported.questionnaire.pages] == [
        *(("page_1", None), ("x", "g"), ("x_2", "g_2")),
    ]


def test_a_repeat_is_asked_once_and_says_so() -> None:
    imported = form(
        """
        type         | name  | label    | repeat_count
        begin_repeat | child | Children | 3
        text         | name  | Name?    |
        end_repeat   |       |          |
        """
    )
    assert [page.name for page in imported.questionnaire.pages] == ["child"]
    once = "It is asked once: there are no repeated rounds here."
    assert told(imported, "child", "repeat") == [("changed", once)]
    assert told(imported, "child", "repeat_count") == [("dropped", once)]


def test_a_table_of_one_list_is_a_matrix_where_it_can_be() -> None:
    survey = """
        type              | name | label   | appearance | required | relevant
        begin_group       | g    | Do you? | table-list |          |
        select_one degree | a    | A       |            | yes      |
        select_one degree | b    | B       |            | {second} | ${{a}} = 1
        end_group         |      |         |            |          |
        """
    choices = "list_name | name | label\ndegree | 1 | Little\ndegree | 2 | Much"
    matrix = form(survey.format(second="yes"), choices)
    assert question(matrix, "g")["kind"] == "matrix"
    assert question(matrix, "g")["required"] is True
    assert [row["name"] for row in question(matrix, "g")["rows"]] == ["a", "b"]
    apart = form(survey.format(second="no"), choices)
    assert [q.name for q in apart.questionnaire.questions] == ["a", "b"]
    assert [outcome for outcome, _ in told(apart, "g", "appearance")] == ["dropped"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("begin_group | g", "The group “g” is not ended."),
        ("end_group |", "The row ends a group that was not begun."),
        ("begin_repeat | g\nend_group |", "The row ends a group that was not begun."),
        ("begin_group | g\n" * 30, "Groups are nested more than 20 deep."),
        ("", "The file holds no question that can be taken."),
        (" | n", "The file holds no question that can be taken."),
    ],
)
def test_what_is_no_form_has_one_clear_error(rows: str, problem: str) -> None:
    with pytest.raises(FileError) as raised:
        form(f"type | name\n{rows}")
    assert [str(found) for found in raised.value.problems] == [problem]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ("start | s | ", ["nothing_asked"]),
        ("today | t | ", ["t", "nothing_asked"]),
        ("calculate | sum | 1 + 1", ["sum", "nothing_asked"]),
        ("begin_group | g |\nend_group | |", ["nothing_asked"]),
    ],
)
def test_a_form_that_asks_nothing_says_so_on_a_page(rows: str, names: list[str]) -> None:
    imported = form(f"type | name | calculation\n{rows}")
    assert [question.name for question in imported.questionnaire.questions] == names
    assert question(imported, "nothing_asked")["label"] == {"en": "Nothing is asked here."}
    assert told(imported, "nothing_asked") == [
        ("changed", "The form asks a person nothing: a note that says so was added.")
    ]


def test_titles_show_no_answers() -> None:
    imported = form(
        """
        type        | name | label
        text        | who  | Who?
        begin_group | g    | About ${who}
        text        | q    | What?
        end_group   |      |
        """
    )
    assert imported.questionnaire.pages[1].title == {"en": "About …"}
    assert told(imported, "g", "label") == [("changed", "It names what cannot be shown there: “…” stands for it.")]


def test_languages_come_from_headings_the_default_one_first() -> None:
    imported = form(
        """
        type | name | label::English (en) | label::日本語 | hint::Français (fr) | label::Klingon | hint
        text | q    | Word                | 言葉          | Un mot              | mu             | Short
        text | r    |                     | 文            |                     |                |
        """,
        settings="form_title | default_language\nA form | 日本語",
    )
    assert imported.questionnaire.languages == ("ja", "en", "fr", "tlh")
    assert question(imported, "q")["label"] == {"ja": "言葉", "en": "Word", "tlh": "mu", "fr": "言葉"}
    assert question(imported, "q")["hint"]["ja"] == "Short"
    assert ("changed", "The words in “en” are missing: those in “ja” stand in.") in told(imported, "r")


def test_words_without_a_language_are_in_the_default_one_and_yield_to_it() -> None:
    imported = form("type | name | label | label::en | hint\ntext | q | Plain | English | A hint")
    assert imported.questionnaire.languages == ("en",)
    assert question(imported, "q")["label"] == {"en": "English"}
    assert question(imported, "q")["hint"] == {"en": "A hint"}


def test_html_and_markdown_are_reduced_to_plain_words() -> None:
    imported = form(
        "type | name | label | hint\n"
        "text | my_long_name | **Say** <b>it</b> | a<br>b\n"
        "note | n | *Really*, ${my_long_name}? <script>alert(1)</script> | 5 < 6 & 7"
    )
    assert question(imported, "my_long_name")["label"] == {"en": "Say it"}
    assert question(imported, "my_long_name")["hint"] == {"en": "a\nb"}
    assert question(imported, "n")["label"] == {"en": "Really, ${my_long_name}?"}
    assert question(imported, "n")["hint"] == {"en": "5 < 6 & 7"}
    assert told(imported, "n", "label") == [("changed", "Its HTML or Markdown was taken out.")]
    assert told(imported, "n", "hint") == told(imported, "my_long_name", "hint") == []


def test_aliases_of_headings() -> None:
    imported = form(
        """
        command | tag | caption:en | bind:relevant | bind:jr:constraintMsg | bind:constraint | control:appearance
        text    | a   | A          |                |                       |                 |
        text    | b   | B          | ${a} = 'x'     | No!                   | . != 'y'        | multiline
        """
    )
    assert question(imported, "b") == {
        "name": "b",
        "kind": "text",
        "label": {"en": "B"},
        "relevant": "${a} = 'x'",
        "constraint": ". != 'y'",
        "constraint_message": {"en": "No!"},
        "parameters": {"rows": 5},
    }


def test_the_report_accounts_for_every_cell() -> None:
    imported = read_any(VISIT, "visit.md")
    assert unaccounted(markdown_sheets(VISIT.decode()), imported.report) == []
    counts = imported.report.counts()
    assert sum(counts["question"].values()) == 22
    assert sum(counts["choice"].values()) == 12
    assert sum(counts["setting"].values()) == 5
    assert sum(counts["end"].values()) == sum(counts["group"].values()) + sum(counts["repeat"].values())
    assert imported.report.total() == sum(sum(outcomes.values()) for outcomes in counts.values())
    assert entry(imported, "choices!E42").outcome == "kept"
    assert told(imported, "x", "choice") == [("dropped", "No question asks with this list.")]
    assert walk(imported.questionnaire) is not None


def test_the_same_form_in_every_kind_of_file() -> None:
    from_markdown = read_any(VISIT, "visit.md").questionnaire
    rows = {sheet.name: [row for _, row in sheet.rows] for sheet in markdown_sheets(VISIT.decode())}
    table = {name: [[row.get(column, "") for column in range(1, 25)] for row in found] for name, found in rows.items()}
    lines = [[name] if not row else ["", *row] for name, found in table.items() for row in [[], *found]]
    comma = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    for data, name in (
        (workbook(**table), "visit.xlsx"),
        (comma.encode("utf-8-sig"), "visit.csv"),
        (comma.replace('","', '";"').encode("utf-16"), "visit.csv"),
        ((FIXTURES / "visit.xls").read_bytes(), "visit.xls"),
    ):
        imported = read_any(data, name)
        assert imported.questionnaire.canonical == from_markdown.canonical, name
    assert unaccounted(xlsx_sheets(workbook(**table)), read_any(workbook(**table), "visit.xlsx").report) == []
    assert unaccounted(csv_sheets(comma), read_any(comma.encode(), "visit.csv").report) == []
    old = (FIXTURES / "visit.xls").read_bytes()
    assert unaccounted(xls_sheets(old), read_any(old, "visit.xls").report) == []


def test_other_sheets_and_settings_are_told_of() -> None:
    data = workbook(
        survey=[["type", "name", "label"], ["text", "q", "Q"], ["", "", "no type"], [None, None, None, "beside"]],
        settings=[["form_title", "form_id", "public_key"], ["A form", "My form!", "abc"]],
        entities=[["dataset", "label"], ["trees", "x"]],
        notes=[["remember the milk"]],
    )
    imported = read_any(data, "form.xlsx", survey="given")
    assert imported.questionnaire.survey == "given"
    assert imported.questionnaire.title == {"en": "A form"}
    outcomes = {found.where: found.outcome for found in imported.report.entries}
    assert outcomes["entities"] == outcomes["notes"] == outcomes["settings!C2"] == outcomes["survey!D4"] == "dropped"
    assert outcomes["survey!3"] == outcomes["survey!C3"] == "dropped"
    assert read_any(data, "form.xlsx").questionnaire.survey == "my-form"


def test_numbers_truths_and_dates_of_cells_are_read_as_people_see_them() -> None:
    data = workbook(
        survey=[
            ["type", "name", "label", "required", "default"],
            ["select_one yes_no", "q", 5, True, date(2026, 1, 31)],
        ],
        choices=[["list_name", "name", "label"], ["yes_no", 1.0, 1.5], ["yes_no", 2, "\u00a0two\u00a0"]],
    )
    imported = read_any(data, "form.xlsx")
    found = question(imported, "q")
    assert found["label"] == {"en": "5"}
    assert found["required"] is True
    assert found["choices"] == [{"code": "1", "label": {"en": "1.5"}}, {"code": "2", "label": {"en": "two"}}]


def test_loose_questions_stand_on_even_pages() -> None:
    imported = form("type | name | label\n" + "\n".join(f"text | q{n} | Q{n}" for n in range(45)))
    assert [len(page.questions) for page in imported.questionnaire.pages] == [15, 15, 15]


def test_rows_that_are_switched_off_comments_and_settings_among_the_questions() -> None:
    imported = form(
        """
        type        | name     | label | disabled
        form_title  | A form   |       |
        form_id     | my_form  |       |
        text        | a        | A     | yes
        text        | b        | B     | no
                    |          | Note to ourselves |
        begin_group |          |       |
        text        | c        | C     |
        end_group   |          |       |
        """
    )
    assert imported.questionnaire.survey == "my-form"
    assert imported.questionnaire.title == {"en": "A form"}
    assert [q.name for q in imported.questionnaire.questions] == ["b", "c"]
    assert told(imported, "a", "row") == [("dropped", "The row is switched off.")]
    assert told(imported, "row_8", "group") == [("changed", "It had no name and got one.")]


def test_choices_without_words_names_or_lists() -> None:
    imported = form(
        "type | name | label\nselect_one yes_no | q | Q",
        YES_NO + "yes_no | maybe |\n | lost | Lost\nyes_no | | Nameless",
    )
    assert question(imported, "q")["choices"][2] == {"code": "maybe", "label": {"en": "maybe"}}
    assert told(imported, "maybe", "choice") == [("changed", "It has no words: its name stands in.")]
    assert [outcome for outcome, _ in told(imported, "lost", "choice")] == ["dropped"]
    assert [outcome for outcome, _ in told(imported, "", "choice")] == ["dropped"]
