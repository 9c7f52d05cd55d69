"""Edits of drafts: pure, and nothing of a questionnaire is lost on its way through an editor."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from app.interchange.draft_file import draft_of_file, read_draft, write_draft
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.draft import edits
from app.questionnaire.draft.bank import published, search, taken
from app.questionnaire.draft.condition import compose, joined, nameable
from app.questionnaire.draft.fields import editor_fields, page_fields, settings_fields
from app.questionnaire.draft.filled import filled, turned, typed
from app.questionnaire.draft.salvage import salvage
from app.questionnaire.draft.tree import Tree, begun, languages, pages, question_named, questions, settings
from app.questionnaire.kinds import KINDS
from app.questionnaire.problems import FileError
from app.questionnaire.soundness import examine
from app.questionnaire.versions import compare
from app.surveys_folder import blocks_of, questionnaire_files
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
FILES = [*questionnaire_files(ROOT / "surveys"), FIXTURES / "kinds.yaml", FIXTURES / "sound.yaml"]


def draft(file: Path) -> Tree:
    return read_draft(draft_of_file(file.read_bytes(), file.name, file.stem, blocks_of(ROOT / "surveys")))


def small() -> Tree:
    return draft(FIXTURES / "sound.yaml")


def asked(tree: Tree) -> list[list[str]]:
    return [[question["name"] for question in questions(page)] for page in pages(tree)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_question_comes_out_of_its_editor_as_it_went_in(file: Path) -> None:
    tree = draft(file)
    before, findings = examine(tree)
    assert before is not None
    assert findings == []
    spoken = languages(tree)
    for page in pages(tree):
        made = filled(typed(page, page_fields(), spoken), page_fields(), spoken, page)
        page |= made
        for number, question in enumerate(questions(page)):
            fields = editor_fields(question["kind"])
            kept = {key: question[key] for key in ("name", "kind") if key in question}
            questions(page)[number] = kept | filled(typed(question, fields, spoken), fields, spoken, {})
    said = filled(typed(tree, settings_fields(), spoken), settings_fields(), spoken, settings(tree))
    for one, was in zip(said.get("breakdowns", ()), tree.get("breakdowns", ()), strict=True):
        one |= {"groups": was["groups"]} if "groups" in was else {}
    after, findings = examine(read_draft(write_draft(edits.put_settings(tree, said))))
    assert findings == []
    assert after == before


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_editor_for_all_that_its_class_knows(kind: str) -> None:
    asked_of = {field.path[0] for field in editor_fields(kind)}
    known = set(KINDS[kind].model_fields) - {"name", "kind"}
    needed = {name for name, info in KINDS[kind].model_fields.items() if info.is_required()} - {"name", "kind"}
    assert asked_of <= known
    assert needed <= asked_of
    # What has one value only has no field; nothing else of the kind's own is left out.
    own = set(KINDS[kind].__annotations__) - {"kind"}
    assert {name for name in own & known if KINDS[kind].model_fields[name].annotation is not None} - asked_of <= {
        "dont_know",
        "refused",
        "publish",
    }


def test_what_is_no_value_stays_as_typed_for_the_check_to_tell() -> None:
    fields = editor_fields("integer")
    made = filled({"f.label.en": "Age", "f.publish": "1", "f.parameters.start": "many"}, fields, ["en"], {})
    assert made == {"label": {"en": "Age"}, "parameters": {"start": "many"}}
    assert typed(made, fields, ["en"])["f.parameters.start"] == "many"
    tree = {**begun("new", {"en": "New"}, ["en"])}
    tree = edits.add_question(tree, "page_1", {"name": "age", "kind": "integer", **made})
    _found, findings = examine(tree)
    assert [path for path, *_ in findings] == [("pages", 0, "questions", 0, "parameters", "start")]


def test_figures_names_and_codes_may_be_typed_full_width_but_words_stay() -> None:
    form = {"f.parameters.start": "１０", "f.parameters.end": "－２．５", "f.label.ja": "第１問"}
    assert filled(form, editor_fields("decimal"), ["ja"], {}) | {"publish": True} == {
        "label": {"ja": "第１問"},
        "parameters": {"start": 10, "end": -2.5},
        "publish": True,
    }
    form = {"f.choices": "1", "f.choices.0.code": "ｊｐ　", "f.choices.0.label.ja": "Ａ案"}
    made = filled(form, editor_fields("select_one"), ["ja"], {})
    assert made["choices"] == [{"code": "jp", "label": {"ja": "Ａ案"}}]
    assert filled({"f.weighting": "ｃｏｕｎｔｒｙ　age"}, settings_fields(), ["ja"], {})["weighting"] == [
        "country",
        "age",
    ]


def test_edits_leave_what_they_are_given_as_it_is() -> None:
    tree = small()
    before = deepcopy(tree)
    edits.move_question(tree, "age", -1)
    edits.copy_question(tree, "steps")
    edits.remove_question(tree, "age")
    edits.copy_page(tree, "about")
    edits.put_settings(tree, {**settings(tree), "languages": ["en"]})
    assert tree == before


def test_questions_move_over_the_ends_of_pages() -> None:
    tree = small()
    assert asked(tree) == [["country", "age"], ["contact", "view", "steps", "comment"]]
    tree = edits.move_question(tree, "age", 1)
    assert asked(tree) == [["country"], ["age", "contact", "view", "steps", "comment"]]
    tree = edits.move_question(tree, "age", -1)
    tree = edits.move_question(tree, "country", -1)
    tree = edits.move_question(tree, "comment", 1)
    assert asked(tree) == [["country", "age"], ["contact", "view", "steps", "comment"]]
    tree = edits.place_question(tree, "comment", "about", "age")
    assert asked(tree) == [["country", "comment", "age"], ["contact", "view", "steps"]]
    with pytest.raises(LookupError):
        edits.place_question(tree, "comment", "gone")


def test_a_copy_has_names_of_its_own_and_no_action() -> None:
    tree, name = edits.copy_question(small(), "steps")
    copy = question_named(tree, name)
    assert copy is not None
    assert name == "steps_2"
    assert [(row["name"], row.get("action")) for row in copy["rows"]] == [("DD1a_2", None), ("DD1b_2", None)]
    tree, _page = edits.copy_page(tree, "about")
    assert asked(tree)[:2] == [["country", "age"], ["country_2", "age_2"]]
    assert examine(tree)[1] == []


def test_what_names_a_question_follows_its_new_name() -> None:
    tree = small()
    question = question_named(tree, "country")
    assert question is not None
    tree = edits.put_question(tree, "country", {**question, "name": "home"}, "about")
    view = question_named(tree, "view")
    assert view is not None
    assert view["relevant"] == "${home} = 'jp'"
    assert (tree["weighting"], tree["breakdowns"][0]["name"], tree["ends"][0]["when"]) == (
        ["home"],
        "home",
        "${home} = 'other'",
    )
    assert examine(tree)[1] == []


def test_a_language_that_is_dropped_takes_its_texts_along() -> None:
    tree = edits.put_settings(small(), {**settings(small()), "languages": ["en"]})
    made, findings = examine(tree)
    assert findings == []
    assert made is not None
    assert "ja" not in made.canonical


def test_another_kind_keeps_what_it_asks_too() -> None:
    view = question_named(small(), "view")
    assert view is not None
    made = turned(view, editor_fields("select_one"), ["en", "ja"], "select_one")
    assert (made["kind"], made["label"], made["relevant"]) == ("select_one", view["label"], view["relevant"])
    assert [choice["code"] for choice in made["choices"]] == ["1", "2", "3"]
    assert "choices" not in turned(view, editor_fields("text"), ["en", "ja"], "text")


def test_a_file_with_mistakes_becomes_a_draft_with_names() -> None:
    source = (
        b"survey: other\nlanguages: [en]\npages:\n  - questions:\n      - {kind: count}\n      - {name: question}\n"
    )
    tree = read_draft(draft_of_file(source, "x.yaml", "mine", {}))
    assert (tree["survey"], pages(tree)[0]["name"], asked(tree)) == ("mine", "page", [["question_2", "question"]])


@pytest.mark.parametrize("source", [b"pages: 3", b"pages: [3]", b"pages: [{questions: 3}]", b"- a", b"a: [", b""])
def test_a_file_without_pages_is_refused(source: bytes) -> None:
    with pytest.raises(FileError):
        draft_of_file(source, "x.yaml", "mine", {})


def test_of_a_draft_with_mistakes_the_rest_is_shown() -> None:
    tree = small()
    tree = edits.put_question(tree, "age", {"name": "age", "kind": "count"}, "about")
    view = question_named(tree, "view")
    assert view is not None
    tree = edits.put_question(tree, "view", {**view, "label": {"en": "Your view?"}}, "views")
    tree = edits.add_question(
        tree, "views", {"name": "why", "kind": "text", "relevant": "${age} > 3", "label": {"en": "?"}}
    )
    made, left_out = salvage(edits.put_settings(tree, {**settings(tree), "weighting": ["gone"]}))
    assert made is not None
    assert left_out == ["age", "why"]
    assert made.question("view").label == {"en": "Your view?", "ja": "Your view?"}
    assert salvage(begun("new", {}, ["en"])) == (None, [])


def test_conditions_are_put_together() -> None:
    tree = small()
    found = {one.name: one for one in nameable(tree, "comment", "views")}
    assert list(found) == ["country", "age", "contact", "view", "DD1a", "DD1b"]
    assert [one.name for one in nameable(tree, "views", "views")] == ["country", "age"]
    assert [one.name for one in nameable(tree, "", "about")] == ["country", "age"]
    assert found["view"].options[2] == ("3", {"en": "Agree", "ja": "賛成"})
    composed = [
        compose(found["country"], "is", "jp"),
        compose(found["contact"], "not_chosen", "study"),
        compose(found["age"], "at_least", "１８"),
        compose(found["age"], "unanswered", ""),
    ]
    assert composed == ["${country} = 'jp'", "not(selected(${contact}, 'study'))", "${age} >= 18", "${age} = ''"]
    assert compose(found["age"], "chosen", "18") == compose(found["age"], "is", " ") == ""
    both = joined(joined("", composed[0], "and"), composed[2], "or")
    assert joined(both, composed[1], "and") == f"({both}) and {composed[1]}"
    for expression in (*composed, joined(both, composed[1], "and")):
        comment = question_named(tree, "comment")
        assert comment is not None
        assert examine(edits.put_question(tree, "comment", {**comment, "relevant": expression}, "views"))[1] == []


def test_what_is_taken_from_the_bank_stands_there_as_it_was_published() -> None:
    version = read_questionnaire((FIXTURES / "sound.yaml").read_text(encoding="utf-8"))
    entries = published([("1" * 64, version), ("0" * 64, version)])
    assert [entry.question["name"] for entry in entries] == [question.name for question in version.questions]
    assert [entry.key for entry in search(entries, "ご意見 ＶＩＥＷ")] == []
    assert [entry.question["name"] for entry in search(entries, "お考え")] == ["view"]
    tree = begun("other", {"en": "Other"}, ["en"])
    view, dropped = taken(tree, entries[3].question)
    assert (view["label"], dropped) == ({"en": "Your view?"}, ["${country} = 'jp'"])
    tree = begun("small", {"en": "Small", "ja": "小"}, ["en", "ja"])
    for entry in entries:
        tree = edits.add_question(tree, "page_1", taken(tree, entry.question)[0])
    made, findings = examine(tree)
    assert findings == []
    assert made is not None
    assert {one.outcome for one in compare(version, made)} == {"same"}
