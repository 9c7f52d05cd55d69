"""Attributes, filters, groups, settings, quotas; and that nothing of a file is left out of the report."""

from __future__ import annotations

import pytest

from app.interchange.importing import read_any
from app.interchange.limesurvey import read_lss
from app.interchange.limesurvey.tables import read_tables
from app.interchange.report import Imported
from tests.conftest import ROOT
from tests.interchange.walking import walk

from .made import Asked, by_name, fate, read, reasons

FILES = ROOT / "tests" / "fixtures" / "limesurvey"
SOURCE = Asked("src", "M", parts=["a", "b"], row={"other": "Y"})


def test_what_is_mandatory_is_required() -> None:
    found = by_name(read(Asked("q", row={"mandatory": "Y"}), Asked("r", row={"mandatory": "N"})))
    assert [found[name].model_dump()["required"] for name in ("q", "r")] == [True, False]
    soft = read(Asked("q", row={"mandatory": "S"}))
    assert fate(soft, "mandatory", "q") == "changed"


def test_rows_and_options_are_filtered_by_what_was_chosen() -> None:
    target = {"array_filter": "src"}
    found = by_name(
        read(
            SOURCE,
            Asked("rows", "F", parts=["a", "b"], options=["1", "2"], attributes=target),
            Asked("list", "L", options=["a", "b"], attributes=target),
            Asked("some", "L", options=["a", "z", "b"], attributes={"array_filter_exclude": "src"}),
            Asked("fields", "Q", parts=["a", "b"], attributes=target),
        )
    )
    assert found["rows"].model_dump()["rows"][1]["relevant"] == "selected(${src}, 'b')"
    assert found["list"].model_dump()["choice_filter"] == "selected(${src}, name)"
    assert found["some"].model_dump()["choice_filter"] == (
        "(name != 'a' or not(selected(${src}, 'a'))) and (name != 'b' or not(selected(${src}, 'b')))"
    )
    assert found["fields_a"].relevant == "selected(${src}, 'a')"


def test_a_subquestion_has_a_condition_of_its_own() -> None:
    imported = read(Asked("age", "N"), Asked("q", "F", parts=[("a", "", 0, "age > 3"), "b"], options=["1", "2"]))
    assert by_name(imported)["q"].model_dump()["rows"][0]["relevant"] == "${age} > 3"
    assert fate(imported, "relevance", "a") == "kept"


def test_checks_of_answers() -> None:
    each = {"em_validation_sq": "(this / 5) == floor(this / 5)", "em_validation_q_tip": "Multiples of 5"}
    found = by_name(read(Asked("a", "N"), Asked("q", "N", attributes=each)))["q"].model_dump()
    assert found["constraint"] == ". div 5 = int(. div 5)"
    assert found["constraint_message"] == {"en": "Multiples of 5"}
    whole = by_name(read(Asked("k", "K", parts=["x", "y"], attributes={"max_num_value": "10"})))
    assert whole["k_y"].model_dump()["constraint"] == "sum(0, ${k_x}, .) <= 10"
    assert whole["k_x"].model_dump()["constraint"] is None
    several = by_name(read(Asked("m", "M", parts=["x", "y"], attributes={"em_validation_q": "count(self.NAOK) > 1"})))
    assert several["m"].model_dump()["constraint"] == "count-selected(.) > 1"


def test_bounds_may_be_other_answers() -> None:
    question = by_name(read(Asked("age", "N"), Asked("q", "N", attributes={"max_num_value_n": "age"})))["q"]
    assert question.model_dump()["constraint"] == "${age} = '' or . <= ${age}"


@pytest.mark.parametrize(
    ("name", "value", "outcome"),
    [
        ("hide_tip", "1", "dropped"),
        ("hide_tip", "0", "kept"),
        ("time_limit", "30", "dropped"),
        ("statistics_graphtype", "2", "dropped"),
        ("unheard_of", "x", "dropped"),
        ("cssclass", "", None),
    ],
)
def test_every_attribute_that_says_something_is_told(name: str, value: str, outcome: str | None) -> None:
    imported = read(Asked("q", attributes={name: value}))
    told = {thing[2]: found for thing, found in imported.report.worst().items() if thing[1] == "attribute"}
    assert told.get(name) == outcome


def test_groups_are_pages_with_conditions() -> None:
    groups = {1: {"group_name": "First"}, 2: {"grelevance": 'q.NAOK == "x"', "description": "Read <i>this</i>"}}
    imported = read(Asked("q"), Asked("r", group=2), groups=groups, is_old=True)
    first, second = imported.questionnaire.pages
    assert (first.name, second.name) == ("page1", "page2")
    assert second.relevant == "${q} = 'x'"


def test_a_group_for_nobody_leaves_empty_values() -> None:
    imported = read(Asked("q"), Asked("r", group=2), groups={2: {"grelevance": "0"}})
    assert by_name(imported)["r"].model_dump()["calculation"] == "''"


def test_groups_in_random_order_are_a_group_of_pages() -> None:
    groups = {1: {"randomization_group": "x"}, 2: {"randomization_group": "x"}}
    found = read(Asked("q"), Asked("r", group=2), groups=groups).questionnaire
    assert [page.group for page in found.pages] == [found.groups[0].name] * 2
    assert found.groups[0].randomize is True
    apart = {1: {"randomization_group": "x"}, 3: {"randomization_group": "x"}}
    imported = read(Asked("q"), Asked("r", group=2), Asked("s", group=3), groups=apart)
    assert imported.questionnaire.groups == ()
    assert fate(imported, "randomization_group", "x") == "dropped"


def test_questions_in_random_order_leave_the_others_in_place() -> None:
    random = {"random_group": "x"}
    [page] = read(Asked("a", attributes=random), Asked("b"), Asked("c", attributes=random)).questionnaire.pages
    assert page.randomize is True
    assert [question.fixed for question in page.questions] == [False, True, False]


def test_a_quota_of_nobody_screens_out() -> None:
    quota = [{"id": "1", "name": "no men", "qlimit": "0", "active": "1"}, {"id": "2", "name": "full", "qlimit": "50"}]
    members = [{"id": "5", "qid": "11", "quota_id": "1", "code": "M"}, {"id": "6", "qid": "11", "quota_id": "2"}]
    words = [{"quotals_quota_id": "1", "quotals_language": "en", "quotals_message": "Sorry."}]
    asked = Asked("sex", "L", options=["F", "M"])
    imported = read(asked, quota=quota, quota_members=members, quota_languagesettings=words)
    [end] = imported.questionnaire.ends
    assert (end.when, end.label) == ("${sex} = 'M'", {"en": "Sorry."})
    assert fate(imported, "quota", "full") == "dropped"


def test_a_privacy_notice_is_a_box_on_the_first_page() -> None:
    words = {"surveyls_policy_notice": "We keep answers.", "surveyls_policy_notice_label": "I agree"}
    found = by_name(read(Asked("q"), row={"showsurveypolicynotice": "2"}, words=words))
    notice = found["privacy_notice"].model_dump()
    assert (notice["kind"], notice["label"], notice["hint"]) == (
        "acknowledge",
        {"en": "I agree"},
        {"en": "We keep answers."},
    )
    hidden = read(Asked("q"), row={"showsurveypolicynotice": "0"}, words=words)
    assert "We keep answers." in reasons(hidden, "setting", "surveyls_policy_notice (en)")


def things_of(data: bytes) -> set[tuple[str, str, str]]:
    """What a file holds, read from its tables alone."""
    tables = read_tables(data)
    found = set()
    for row in tables["questions"]:
        found.add((f"questions/{row['qid']}", "question", row["title"]))
    for row in tables.get("subquestions", []):
        found.add((f"subquestions/{row['qid']}", "subquestion", row["title"]))
    for row in tables.get("answers", []):
        scale = "" if row["scale_id"] == "0" else f" ({int(row['scale_id']) + 1})"
        found.add((f"answers/{row['qid']}", "answer", row["code"] + scale))
    for row in tables.get("question_attributes", []):
        if row["value"]:
            found.add((f"questions/{row['qid']}", "attribute", row["attribute"]))
    for row in tables.get("conditions", []):
        found.add((f"conditions/{row['cid']}", "condition", row["cfieldname"]))
    for table, item in (("quota", "quota"), ("assessments", "assessment")):
        found |= {(f"{table}/{row['id']}", item, row["name"]) for row in tables.get(table, [])}
    own = {"sid", "language", "additional_languages"}
    return found | {("surveys", "setting", key) for key in tables["surveys"][0] if key not in own}


@pytest.fixture(params=["visit-2.lss", "visit-6.lss"])
def file(request: pytest.FixtureRequest) -> bytes:
    return (FILES / str(request.param)).read_bytes()


def whole(data: bytes) -> Imported:
    return read_lss(data, None, "visit")


def test_everything_in_a_file_has_an_entry(file: bytes) -> None:
    imported = whole(file)
    assert things_of(file) <= set(imported.report.worst())
    counts = imported.report.counts()
    assert sum(sum(outcomes.values()) for outcomes in counts.values()) == imported.report.total()
    questions = counts["question"]
    assert questions["dropped"] / sum(questions.values()) < 0.2


def test_a_file_is_known_by_what_it_holds(file: bytes) -> None:
    assert read_any(file, "visit.lss").questionnaire.survey == "visit"


def test_both_layouts_say_the_same_and_can_be_answered(file: bytes) -> None:
    imported = whole(file)
    found = by_name(imported)
    assert imported.questionnaire.languages == ("en", "ja")
    assert found["purpose"].label == {"en": "Why did you come?", "ja": "来館の目的は何ですか。"}
    assert found["satisfied"].relevant == "selected(${purpose}, 'show')"
    assert found["why"].relevant == "${satisfied_hall} = '1' or ${satisfied_staff} = '1'"
    assert found["thanks"].label["ja"] == "${name} さん、ありがとうございました。"
    assert walk(imported.questionnaire) is not None


def test_scripts_are_told() -> None:
    imported = read(Asked("q", row={"script": "alert(1)"}))
    assert fate(imported, "script", "") == "dropped"
    assert fate(imported, "question", "q") == "changed"
