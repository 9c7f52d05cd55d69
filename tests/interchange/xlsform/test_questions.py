"""What the rows of a form become: kinds, their words, and what is told of what they cannot be."""

from __future__ import annotations

import pytest

from tests.interchange.walking import walk

from .forms import YES_NO, form, question, told

SEVERAL = """
list_name | name | label
list      | a    | A
list      | b    | B
"""


@pytest.mark.parametrize(
    ("sort", "kind"),
    [
        ("text", "text"),
        ("string", "text"),
        ("q string", "text"),
        ("integer", "integer"),
        ("INT", "integer"),
        ("decimal", "decimal"),
        ("date", "date"),
        ("note", "note"),
        ("acknowledge", "acknowledge"),
        ("trigger", "acknowledge"),
        ("range", "range"),
        ("select_one list", "select_one"),
        ("select one  list", "select_one"),
        ("select one from list", "select_one"),
        ("select1 list", "select_one"),
        ("select_multiple list", "select_multiple"),
        ("select all that apply from list", "select_multiple"),
        ("rank list", "rank"),
    ],
)
def test_types_and_their_aliases(sort: str, kind: str) -> None:
    imported = form(f"type | name | label\n{sort} | q | Which?", SEVERAL if "list" in sort else "")
    assert question(imported, "q")["kind"] == kind
    assert "dropped" not in {outcome for outcome, _ in told(imported, "q")}
    assert walk(imported.questionnaire) is not None


@pytest.mark.parametrize("sort", ["geopoint", "image", "audio", "no such type"])
def test_what_we_have_no_kind_for_becomes_a_note_with_its_words(sort: str) -> None:
    imported = form(f"type | name | label | required\n{sort} | q | Which? | yes\ntext | t | Words |")
    assert question(imported, "q") == {"name": "q", "kind": "note", "label": {"en": f"Which?\n[{sort}]"}}
    assert told(imported, "q") == [
        ("dropped", "There is no such kind of question here: a note with its words stands in its place.")
    ]
    assert told(imported, "q", "required") == [("dropped", "It belongs to a question that cannot be asked here.")]


@pytest.mark.parametrize(
    ("sort", "kind", "message"),
    [
        ("dateTime", "date", "It takes the day, without the time."),
        ("time", "text", "A time of day is typed as a text."),
        ("barcode", "text", "Nothing is scanned here: it is typed as a text."),
    ],
)
def test_what_our_kinds_take_a_part_of(sort: str, kind: str, message: str) -> None:
    imported = form(f"type | name | label\n{sort} | q | Which?")
    assert question(imported, "q") == {"name": "q", "kind": kind, "label": {"en": "Which?"}}
    assert told(imported, "q") == [("changed", message)]


def test_now_is_the_day() -> None:
    imported = form("type | name | label | constraint\ndateTime | q | When? | . <= now()")
    assert question(imported, "q")["constraint"] == ". <= today()"
    assert [outcome for outcome, _ in told(imported, "q", "constraint")] == ["changed"]


def test_paths_to_questions_become_their_names() -> None:
    imported = form(
        """
        type        | name   | label  | relevant
        begin group | person | Person |
        text        | who    | Who?   |
        text        | city   | Where? | ../who = 'a/../who' and ./who != "/f/person/who"
        end group   |        |        |
        text        | next   | Next   | /form/person/who != '' and ../person/city = ${who}
        text        | more   | More   | ( ../next = 'a' or ../who = 'b' ) and 'c' != ../next
        """
    )
    assert question(imported, "city")["relevant"] == """${who} = 'a/../who' and ${who} != "/f/person/who\""""
    assert question(imported, "next")["relevant"] == "${who} != '' and ${city} = ${who}"
    assert question(imported, "more")["relevant"] == "( ${next} = 'a' or ${who} = 'b' ) and 'c' != ${next}"
    assert told(imported, "city", "relevant") == [("changed", "Paths to questions became their names: ${name}.")]


@pytest.mark.parametrize(
    "path",
    ["../twice", "../other/who", "/form/other/who", "../who/@id", "../who[1]", "../nothing", "instance('l')/who"],
)
def test_paths_that_are_not_one_question_are_not_followed(path: str) -> None:
    imported = form(
        f"""
        type        | name   | label | relevant
        text        | twice  | One   |
        begin group | person | P     |
        text        | who    | Who?  |
        text        | twice  | Two   |
        end group   |        |       |
        text        | last   | Last  | {path} = 'x'
        """
    )
    assert "relevant" not in question(imported, "last")
    [(outcome, _)] = told(imported, "last", "relevant")
    assert outcome == "dropped"


def test_in_a_constraint_the_own_name_is_the_answer() -> None:
    imported = form("type | name | label | constraint\ntext | q | Which? | ${q} != 'x' and string-length(${ q }) < 5")
    assert question(imported, "q")["constraint"] == ". != 'x' and string-length(.) < 5"
    assert told(imported, "q", "constraint") == []


@pytest.mark.parametrize("sort", ["start", "end", "deviceid", "username", "audit", "hidden", "csv-external"])
def test_what_nobody_sees_is_dropped_with_a_reason(sort: str) -> None:
    imported = form(f"type | name | label\n{sort} | q |\ntext | t | Words")
    assert [q.name for q in imported.questionnaire.questions] == ["t"]
    [(outcome, message)] = told(imported, "q")
    assert outcome == "dropped"
    assert message


def test_required_constraint_and_their_messages() -> None:
    imported = form(
        """
        type    | name | label | required | required_message | constraint   | constraint_message
        integer | a    | A     | yes      | Please!          | . < 100      | Too many.
        integer | b    | B     | ${a} > 1 |                  | . >= 0       |
        integer | c    | C     | no       | Nobody sees me   | . >= 0       |
        integer | d    | D     | FALSE    |                  | pulldata(.)  | Never seen.
        """
    )
    assert question(imported, "a") == {
        "name": "a",
        "kind": "integer",
        "label": {"en": "A"},
        "required": True,
        "required_message": {"en": "Please!"},
        "constraint": ". < 100",
        "constraint_message": {"en": "Too many."},
    }
    assert question(imported, "b")["required"] == "${a} > 1"
    assert question(imported, "c") == {"name": "c", "kind": "integer", "label": {"en": "C"}, "constraint": ". >= 0"}
    assert [outcome for outcome, _ in told(imported, "c", "required_message")] == ["dropped"]
    assert told(imported, "d", "constraint") == [("dropped", "There is no function “pulldata”.")]
    assert [outcome for outcome, _ in told(imported, "d", "constraint_message")] == ["dropped"]


def test_expressions_that_cannot_be_read_are_dropped_and_what_follows_from_them() -> None:
    imported = form(
        """
        type      | name  | label         | relevant         | calculation
        text      | word  | A word        | ${later} = 'x'   |
        calculate | one   |               |                  | pulldata('a', 'b', 'c', ${word})
        calculate | two   |               |                  | concat(${one}, '!')
        calculate | three |               |                  | concat(${two}, '!')
        text      | later | It is ${two}. | ${three} = 'x!!' |
        text      | last  | The last      | ${word} != ''    |
        """
    )
    assert [q.name for q in imported.questionnaire.questions] == ["word", "later", "last"]
    assert question(imported, "later")["label"] == {"en": "It is …."}
    assert question(imported, "last")["relevant"] == "${word} != ''"
    assert told(imported, "word", "relevant") == [("dropped", "It names “later”, which comes later.")]
    assert told(imported, "three") == [("dropped", "It is computed from “two”, which was not taken.")]
    assert told(imported, "later", "relevant") == [("dropped", "It names “three”, which is no question.")]


def test_words_show_answers_or_say_that_they_cannot() -> None:
    imported = form(
        "type | name | label\n"
        "text | a | Words\n"
        "text | b | ${a}, ${last-saved#a}, ${zz}, ${c}, ${ a }, ${a and ${} and $"
    )
    assert question(imported, "b")["label"] == {"en": "${a}, …, …, …, ${a}, …… and $"}
    assert told(imported, "b", "label")[0] == ("changed", "It names what cannot be shown there: “…” stands for it.")


def test_what_is_never_asked_is_gone() -> None:
    imported = form(
        """
        type        | name | label | relevant
        text        | a    | A     | false()
        begin_group | g    | G     | 1 = 2
        text        | b    | B     |
        end_group   |      |       |
        text        | c    | C     | true()
        """
    )
    assert [q.name for q in imported.questionnaire.questions] == ["c"]
    assert told(imported, "a") == told(imported, "b") == [("dropped", "It can never hold.")]


def test_a_calculation_with_words_is_shown() -> None:
    imported = form(
        """
        type    | name  | label            | calculation | read_only
        integer | age   | How old?         |             |
        integer | next  | Next year        | ${age} + 1  | yes
        text    | plain | Read this        |             | yes
        """
    )
    assert question(imported, "next") == {
        "name": "next",
        "kind": "calculate",
        "label": {"en": "next"},
        "calculation": "${age} + 1",
    }
    assert question(imported, "next_shown")["label"] == {"en": "Next year\n${next}"}
    assert question(imported, "plain")["kind"] == "note"
    assert [outcome for outcome, _ in told(imported, "plain")] == ["changed"]


@pytest.mark.parametrize(
    ("given", "parameters"),
    [
        ("", {"start": 1, "end": 10}),
        ("start=0 end=100 step=10", {"step": 10}),
        ("start=10; end=0, step=-5", {"end": 10, "step": 5}),
        ("start=-10 end=10 step=5", {"end": 10, "step": 5}),
        ("start=1 end=10 step=4", {"start": 1, "end": 9, "step": 4}),
        ("start = 2.0 end = 4.0", {"start": 2, "end": 4}),
    ],
)
def test_ranges_run_upwards_in_whole_steps(given: str, parameters: dict[str, int]) -> None:
    imported = form(f"type | name | label | parameters\nrange | q | Warm? | {given}\ntext | t | T |")
    found = question(imported, "q")
    assert (found["kind"], found["parameters"]) == ("range", parameters)
    whole = {"start": 0, "end": 100, "step": 1} | parameters
    assert (found["low"], found["high"]) == ({"en": str(whole["start"])}, {"en": str(whole["end"])})
    assert walk(imported.questionnaire) is not None


def test_a_range_without_words_is_called_by_its_name() -> None:
    imported = form("type | name\nrange | warmth")
    found = question(imported, "warmth")
    assert (found["label"], found["low"], found["high"]) == ({"en": "warmth"}, {"en": "1"}, {"en": "10"})
    assert told(imported, "warmth") == [("changed", "It has no words: its name stands in.")]


def test_ranges_that_are_none_here() -> None:
    imported = form(
        "type | name | label | parameters\nrange | half | H | start=0 end=5 step=0.5\nrange | low | L | start=-9 end=-1"
    )
    assert question(imported, "half")["kind"] == "decimal"
    assert question(imported, "half")["parameters"]["end"] == 5.0
    assert question(imported, "low")["kind"] == "note"
    assert [outcome for outcome, _ in told(imported, "low")] == ["dropped"]


def test_a_list_of_one_choice_is_a_box_to_tick() -> None:
    imported = form(
        """
        type            | name | label  | relevant
        select_one only | q    | Agree? |
        text            | t    | Why?   | ${q} = 'ok'
        text            | u    | What?  | selected(${q}, 'ok')
        """,
        "list_name | name | label\nonly | ok | I do",
    )
    assert question(imported, "q") == {"name": "q", "kind": "acknowledge", "label": {"en": "Agree?\nI do"}}
    assert question(imported, "t")["relevant"] == "${q} = 'yes'"
    assert question(imported, "u")["relevant"] == "selected(${q}, 'yes')"


def test_lists_that_are_missing_or_elsewhere_leave_notes() -> None:
    imported = form(
        """
        type                            | name | label | appearance
        select_one nothing              | a    | A     |
        select_one_from_file shops.csv  | b    | B     |
        select_one yes_no               | c    | C     | search('shops')
        select_one yes_no               | d    | D     | minimal
        """,
        YES_NO,
    )
    assert {q.name: q.kind for q in imported.questionnaire.questions} == {
        **dict.fromkeys("abc", "note"),
        "d": "select_one",
    }
    assert question(imported, "d")["appearance"] == "minimal"
    assert told(imported, "a") == [
        ("dropped", "There is no list of choices “nothing”: a note with its words stands in its place.")
    ]


def test_or_other_is_a_choice_with_a_field_for_words() -> None:
    imported = form(
        """
        type                             | name | label
        select_one yes_no or_other       | one  | One?
        select_multiple yes_no or_other  | more | More?
        select_one yes_no                | bare | Bare?
        """,
        YES_NO,
    )
    assert question(imported, "one")["choices"][-1] == {"code": "other", "label": {"en": "Other"}, "specify": True}
    # Where each option is a column, that of the words is called more_other_text.
    assert question(imported, "more")["choices"][-1]["code"] == "other"
    assert [choice["code"] for choice in question(imported, "bare")["choices"]] == ["yes", "no"]
    assert {"one_other", "more_other"} <= set(imported.questionnaire.variables)
    assert walk(imported.questionnaire) is not None


def test_a_ranking_with_or_other_has_the_choice_without_the_words() -> None:
    imported = form("type | name | label\nrank yes_no or_other | order | Order?", YES_NO)
    assert question(imported, "order")["choices"][-1] == {"code": "other", "label": {"en": "Other"}}
    assert [outcome for outcome, _ in told(imported, "order")] == ["changed"]


def test_cascades_keep_their_attributes_and_filters() -> None:
    imported = form(
        """
        type                       | name  | label  | choice_filter
        select_one state           | state | State? |
        select_one_external county | town  | Town?  | state=${state}
        """.replace("_external", ""),
        """
        list_name | name  | label  | state
        state     | tx    | Texas  |
        state     | wa    | Wash.  |
        county    | king  | King   | wa
        county    | bexar | Bexar  | tx
        """,
    )
    assert question(imported, "town")["choice_filter"] == "state=${state}"
    assert [choice["attributes"] for choice in question(imported, "town")["choices"]] == [
        {"state": "wa"},
        {"state": "tx"},
    ]


def test_names_and_codes_that_do_not_fit_are_renamed_everywhere() -> None:
    imported = form(
        """
        type                  | name       | label                    | relevant
        select_one marks      | your-mark  | Which mark?              |
        select_multiple marks | marks      | Which marks?             | ${your-mark} = 'so-so'
        text                  | marks_good | Why ${your-mark}?        | ${ your-mark } != -99
        integer               | survey     | A name of a file         |
        integer               | AGE        | One                      |
        integer               | age        | Another                  |
        text                  | 年齢        | In another alphabet      |
        """,
        """
        list_name | name  | label
        marks     | good  | Good
        marks     | so-so | So so
        marks     | -99   | No idea
        """,
    )
    assert [q.name for q in imported.questionnaire.questions] == [
        *("your_mark", "marks", "marks_good_2", "survey_2", "AGE", "age_2", "question"),
    ]
    assert [choice["code"] for choice in question(imported, "marks")["choices"]] == ["good", "so_so", "_99"]
    assert question(imported, "marks")["relevant"] == "${your_mark} = 'so_so'"
    assert question(imported, "marks_good_2")["relevant"] == "${your_mark} != '_99'"
    assert question(imported, "marks_good_2")["label"] == {"en": "Why ${your_mark}?"}
    assert ("changed", "The name “your-mark” became “your_mark”.") in told(imported, "your-mark")
    assert ("changed", "The code “-99” became “_99”.") in told(imported, "-99", "choice")


def test_whole_numbers_say_their_bounds_unless_the_form_does() -> None:
    imported = form(
        """
        type                         | name | label | constraint
        integer                      | a    | A     |
        integer                      | b    | B     | . >= 0 and . < 9
        percentage                   | c    | C     |
        number of days in last month | d    | D     |
        phone number                 | e    | E     |
        """
    )
    assert [outcome for outcome, _ in told(imported, "a")] == ["changed"]
    assert told(imported, "b") == []
    assert question(imported, "c")["parameters"] == {"end": 100}
    assert question(imported, "d")["parameters"] == {"end": 31}
    assert question(imported, "e")["constraint"] == "regex(., '^[0-9]*$')"
