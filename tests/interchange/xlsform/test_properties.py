"""Whatever stands in a form's cells: one clear error, or a sound questionnaire and a word on every cell."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.interchange.finishing import NO_QUESTION
from app.interchange.xlsform.read import read_xlsform
from app.interchange.xlsform.sheets import Sheet
from app.questionnaire.check import check_questionnaire
from app.questionnaire.problems import FileError

from .forms import unaccounted

CALM = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
TYPES = st.sampled_from(
    [
        *(
            "text",
            "integer",
            "decimal",
            "date",
            "note",
            "calculate",
            "range",
            "acknowledge",
            "today",
            "hidden",
            "start",
        ),
        *("select_one a", "select_multiple a", "rank a", "select_one a or_other", "select_multiple a or_other"),
        *("select_one one", "select_multiple one", "select_one none", "select_one_from_file x.csv", "geopoint", ""),
        *("begin_group", "begin_repeat", "form_title", "weird"),
    ]
)
NAMES = st.sampled_from(["a", "b", "c", "a_1", "a_other", "b-x", "年", "survey", "a_order", "A", "page_1", ""])
EXPRESSIONS = st.sampled_from(
    [
        *("", "", "${a} = '1'", "${b} > 2", "${c} != ''", "selected(${a}, '1')", "true()", "false()", "yes", "1 = 2"),
        *("pulldata('x')", "${zz} = 1", "${a} = 'no such'", ". > 3", ". = '1'", "'", "${a", "today()", "${年} = 1"),
        *("if(${a} = 1, 2, 3)", "regex(., '[')", "${b-x} = 'x y'", "region = ${a}", "region = 'x'", "name = '1'"),
    ]
)
WORDS = st.sampled_from(["", "Word", "**b** ${a}", "<b>x</b>", "${zz}", "${a", "${}", "a\nb", "=1+1", "x" * 200])
PARAMETERS = st.sampled_from(
    ["", "start=1 end=5", "start=5 end=1", "randomize=true", "seed=3", "rows=3", "start=-5 end=-1", "step=0", "a=b=c"]
)
COLUMNS = {
    "type": TYPES,
    "name": NAMES,
    **dict.fromkeys(("label", "label::日本語 (ja)", "hint", "constraint_message", "required_message"), WORDS),
    **dict.fromkeys(("relevant", "constraint", "calculation", "choice_filter", "required", "read_only"), EXPRESSIONS),
    "appearance": st.sampled_from(["", "minimal", "field-list", "table-list", "likert"]),
    "parameters": PARAMETERS,
    "default": WORDS,
    "odd": WORDS,
}
CHOICES = [
    *(("a", "1", "One", "x"), ("a", "2", "Two", ""), ("a", "x y", "Three", "z"), ("a", "other", "", "")),
    *(("a", "answered", "", ""), ("a", "é", "E", ""), ("one", "1", "Only", ""), ("", "2", "No list", "")),
]


def sheet(name: str, rows: list[tuple[str, ...]]) -> Sheet:
    made = Sheet(name)
    for number, row in enumerate(rows, 1):
        made.add(number, dict(enumerate(row)))
    return made


@CALM
@given(st.lists(st.tuples(*COLUMNS.values()), min_size=1, max_size=12))
def test_one_clear_error_or_a_sound_questionnaire(rows: list[tuple[str, ...]]) -> None:
    ends = [(row[0].replace("begin", "end"),) for row in reversed(rows) if row[0].startswith("begin")]
    sheets = [
        sheet("survey", [tuple(COLUMNS), *rows, *ends]),
        sheet("choices", [("list_name", "name", "label", "region"), *CHOICES]),
    ]
    imported = refused = None
    try:
        imported = read_xlsform(sheets, None, "form")
    except FileError as error:
        refused = [str(problem) for problem in error.problems]
    if imported is None:
        assert refused == [NO_QUESTION]
        return
    assert list(check_questionnaire(imported.questionnaire)) == []
    assert unaccounted(sheets, imported.report) == []
    assert imported.report.text()
