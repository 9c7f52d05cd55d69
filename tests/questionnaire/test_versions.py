"""A question keeps its trend while what a respondent meets is the same, or is declared to be."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.met import Part
from app.questionnaire.model import Continuation, Questionnaire
from app.questionnaire.versions import (
    Compared,
    compare,
    compare_with,
    declare,
    fingerprint,
    joined,
    leads_on,
    questions_of,
    without_declarations,
)

Document = dict[str, Any]


def text(words: str) -> dict[str, str]:
    return {"en": words, "ja": f"「{words}」"}


def choices(*codes: str) -> list[Document]:
    return [{"code": code, "label": text(f"option {code}")} for code in codes]


def rows(*names: str) -> list[Document]:
    return [{"name": name, "label": text(f"row {name}")} for name in names]


def document() -> Document:
    """A question of every kind that a respondent meets, on three pages."""
    one: list[Document] = [
        {"name": "one", "kind": "select_one", "choices": choices("a", "b", "c")},
        {"name": "view", "kind": "scale", "choices": choices("1", "2", "3"), "dont_know": True},
        {
            "name": "ends",
            "kind": "scale",
            "parameters": {"start": 0, "end": 10},
            "low": text("cold"),
            "high": text("warm"),
        },
    ]
    two: list[Document] = [
        {"name": "many", "kind": "select_multiple", "choices": choices("a", "b", "none")},
        {"name": "grid", "kind": "matrix", "choices": choices("1", "2"), "rows": rows("r1", "r2")},
        {"name": "places", "kind": "rank", "choices": choices("a", "b", "c")},
        {"name": "parts", "kind": "allocate", "rows": rows("s1", "s2")},
    ]
    three: list[Document] = [
        {"name": "years", "kind": "integer", "parameters": {"end": 120}},
        {"name": "share", "kind": "decimal", "parameters": {"end": 50}},
        {"name": "heat", "kind": "range", "low": text("low"), "high": text("high")},
        {"name": "day", "kind": "date"},
        {"name": "said", "kind": "text"},
    ]
    pages = [
        {"name": f"page{n}", "title": text(f"Page {n}"), "questions": [{"label": text(q["name"]), **q} for q in listed]}
        for n, listed in enumerate((one, two, three))
    ]
    return {"survey": "made", "title": text("Made"), "languages": ["en", "ja"], "pages": pages}


def read(made: Document) -> Questionnaire:
    return Questionnaire.model_validate(made)


def question(made: Document, name: str) -> Document:
    found: Document = next(q for page in made["pages"] for q in page["questions"] if q["name"] == name)
    return found


def prints(made: Questionnaire) -> dict[str, str]:
    return {variable.name: fingerprint(made, variable) for variable in questions_of(made)}


ASKED = list(prints(read(document())))
NAMES = [q["name"] for page in document()["pages"] for q in page["questions"]]
LISTS = ["one", "view", "many", "grid", "places"]
OF = {"grid": ["r1", "r2"], "parts": ["s1", "s2"]}


def variables_of(name: str) -> set[str]:
    return set(OF.get(name, [name]))


# What may be changed without a break. Each takes the document and some numbers to choose by.
Change = Callable[[Document, int, int], None]


def _hint(made: Document, i: int, n: int) -> None:
    question(made, NAMES[i % len(NAMES)])["hint"] = text(f"hint {n}")


def _required(made: Document, i: int, n: int) -> None:
    question(made, NAMES[i % len(NAMES)])["required"] = "${one} = 'a'" if n % 2 else True


def _relevance(made: Document, i: int, n: int) -> None:
    question(made, NAMES[i % len(NAMES)])["relevant"] = f"${{one}} = '{'abc'[n % 3]}'"


def _unpublished(made: Document, i: int, n: int) -> None:
    question(made, NAMES[i % len(NAMES)])["publish"] = bool(n % 2)


def _pages(made: Document, i: int, n: int) -> None:
    made["pages"].insert(n % 3, made["pages"].pop(i % 3))


def _places(made: Document, i: int, n: int) -> None:
    page = made["pages"][i % 3]
    page["questions"].insert(0, page["questions"].pop(n % len(page["questions"])))
    page["title"] = text(f"title {n}")


def _row_hint(made: Document, i: int, n: int) -> None:
    question(made, "grid")["rows"][i % 2] |= {"hint": text(f"hint {n}"), "relevant": "${one} = 'a'"}


def _defaults(made: Document, i: int, n: int) -> None:
    """What is written out and what is left out mean the same."""
    question(made, "many").setdefault("parameters", {"randomize": False})
    question(made, "heat").setdefault("parameters", {"start": 0, "end": 100, "step": 1})
    question(made, "said").setdefault("parameters", {"rows": 1 + n % 9})


HARMLESS: list[Change] = [_hint, _required, _relevance, _unpublished, _pages, _places, _row_hint, _defaults]
EDITS = st.lists(st.tuples(st.sampled_from(HARMLESS), st.integers(0, 99), st.integers(0, 99)), max_size=8)


def edited(made: Document, edits: list[tuple[Change, int, int]]) -> Document:
    made = copy.deepcopy(made)
    for change, i, n in edits:
        change(made, i, n)
    return made


# What breaks, and of whom. Each changes the document and returns the variables whose trends break.
Break = Callable[[Document, int], set[str]]


def _wording(made: Document, n: int) -> set[str]:
    name = NAMES[n % len(NAMES)]
    question(made, name)["label"]["ja"] += "か"
    return variables_of(name)


def _row_wording(made: Document, n: int) -> set[str]:
    question(made, "grid")["rows"][n % 2]["label"]["en"] += "?"
    return {f"r{n % 2 + 1}"}


def _row_of_parts(made: Document, n: int) -> set[str]:
    question(made, "parts")["rows"].append({"name": f"s{n + 3}", "label": text("another")})
    return {"s1", "s2", f"s{n + 3}"}


def _option_words(made: Document, n: int) -> set[str]:
    name = LISTS[n % len(LISTS)]
    question(made, name)["choices"][1]["label"]["en"] = "other words"
    return variables_of(name)


def _option_added(made: Document, n: int) -> set[str]:
    name = LISTS[n % len(LISTS)]
    question(made, name)["choices"].append(choices("9")[0])
    return variables_of(name)


def _options_turned(made: Document, n: int) -> set[str]:
    name = LISTS[n % len(LISTS)]
    question(made, name)["choices"].reverse()
    return variables_of(name)


def _another_code(made: Document, n: int) -> set[str]:
    name = LISTS[n % len(LISTS)]
    question(made, name)["choices"][0]["code"] = "0"
    return variables_of(name)


def _way_of_not_answering(made: Document, n: int) -> set[str]:
    name = [*LISTS, "years", "share", "heat", "day"][n % 9]
    question(made, name)["refused"] = True
    return variables_of(name)


def _standard_words(made: Document, n: int) -> set[str]:
    question(made, "view")["dont_know"] = {"en": "No idea", "ja": "わからない"}
    return {"view"}


def _alone(made: Document, n: int) -> set[str]:
    question(made, "many")["choices"][2]["exclusive"] = True
    return {"many"}


def _random(made: Document, n: int) -> set[str]:
    name = ["one", "many", "places", "grid", "parts"][n % 5]
    question(made, name)["parameters"] = {"randomize": True}
    return variables_of(name)


def _bounds(made: Document, n: int) -> set[str]:
    name, parameters = [
        ("ends", {"start": 0, "end": 9}),
        ("years", {"end": 99}),
        ("share", {"end": 50, "decimals": 2}),
        ("heat", {"step": 10}),
        ("parts", {"total": 10}),
        ("many", {"maximum": 2}),
        ("places", {"maximum": 2}),
        ("day", {"start": "2020-01-01"}),
    ][n % 8]
    question(made, name)["parameters"] = parameters
    return variables_of(name)


def _ends(made: Document, n: int) -> set[str]:
    name = ["ends", "heat"][n % 2]
    question(made, name)[["low", "high"][n // 2 % 2]]["en"] = "other"
    return {name}


def _sampled(made: Document, n: int) -> set[str]:
    drawn = [["one", "view"], ["grid", "one"], ["r1", "view"]][n % 3]
    sample = {"name": "drawn", "kind": "sample", "label": text("d"), "of": drawn, "parameters": {"ask": 1}}
    made["pages"][0]["questions"].insert(0, sample)
    return {"drawn"}.union(*(variables_of(name) for name in drawn))


def _in_an_arm(made: Document, n: int) -> set[str]:
    made["pages"][0]["questions"].insert(
        0, {"name": "words", "kind": "arm", "label": text("w"), "choices": choices("a", "b")}
    )
    name = LISTS[n % len(LISTS)]
    variant: Document = {"experiment": "words", "arm": "b", "label": text("in the other arm")}
    if n % 2:
        variant = {"experiment": "words", "arm": "b", "choices": copy.deepcopy(question(made, name)["choices"])}
        variant["choices"][0]["label"] = text("in the other arm")
    question(made, name)["variants"] = [variant]
    return {"words"} | variables_of(name)


def _filtered(made: Document, n: int) -> set[str]:
    question(made, "one")["choice_filter"] = "name != 'a'"
    return {"one"}


BREAKS: list[Break] = [
    *(_wording, _row_wording, _row_of_parts, _option_words, _option_added, _options_turned, _another_code),
    *(_way_of_not_answering, _standard_words, _alone, _random, _bounds, _ends, _sampled, _in_an_arm, _filtered),
]


@given(EDITS)
def test_what_nobody_meets_as_another_question_breaks_nothing(edits: list[tuple[Change, int, int]]) -> None:
    old, new = read(document()), read(edited(document(), edits))
    assert prints(new) == prints(old)
    assert {one.outcome for one in compare(old, new)} == {"same"}


@given(st.sampled_from(BREAKS), st.integers(0, 99), EDITS)
def test_a_change_of_what_is_met_is_told_of_that_question_alone(
    change: Break, n: int, edits: list[tuple[Change, int, int]]
) -> None:
    made = document()
    broken = change(made, n)
    old, new = read(document()), read(edited(made, edits))
    found = {one.name: one for one in compare(old, new)}
    assert {name for name, one in found.items() if one.outcome != "same"} == broken
    for one in found.values():
        assert one.outcome == ("same" if one.name not in broken else "changed" if one.name in ASKED else "added")
        # There is a fact to tell wherever the fingerprint is another, and nowhere else.
        assert bool(one.what) == (one.outcome == "changed")
        assert all(fact.before != fact.after for fact in one.what)


@given(st.sampled_from(BREAKS), st.integers(0, 99))
def test_a_version_is_the_same_as_itself(change: Break, n: int) -> None:
    made = document()
    change(made, n)
    itself = read(made)
    for other in (itself, read(json.loads(itself.canonical))):
        assert [(one.name, one.outcome, one.was, one.what) for one in compare(itself, other)] == [
            (variable.name, "same", variable.name, ()) for variable in questions_of(itself)
        ]


def small(wording: str = "How?", **more: Any) -> Questionnaire:
    """A version with the question "q"."""
    asked = {"name": "q", "kind": "scale", "label": text(wording), "choices": choices("1", "2")}
    other = {"name": "other", "kind": "integer", "label": text("Other")}
    pages = [{"name": "p", "title": text("P"), "questions": [{**asked, **more.pop("q", {})}, other]}]
    return read({"survey": "made", "title": text("Made"), "languages": ["en", "ja"], "pages": pages, **more})


def one(found: list[Compared], name: str) -> Compared:
    return next(compared for compared in found if compared.name == name)


def test_what_differs_is_said_with_both_wordings() -> None:
    old = small()
    found = one(compare(old, small("How much?")), "q")
    assert [fact.told() for fact in found.what] == [
        ("wording (en)", "How?", "How much?"),
        ("wording (ja)", "「How?」", "「How much?」"),
    ]
    assert list(map(str, found.what)) == ["wording (en)", "wording (ja)"]
    options = [{"code": "1", "label": text("option 1")}, {"code": "3", "label": text("option 3")}]
    found = one(compare(old, small(q={"choices": options, "refused": {"en": "No", "ja": "いや"}})), "q")
    assert found.what[0].told() == (
        "options (en)",
        "1 option 1 / 2 option 2",
        "1 option 1 / 3 option 3 / -9 No [apart]",
    )
    assert found.what[0].told(str.upper)[0::2] == ("OPTIONS (en)", "1 option 1 / 3 option 3 / -9 No [APART]")


def test_a_question_moved_into_a_matrix_has_another_position() -> None:
    row = {"name": "q", "label": text("How?")}
    grid = {"name": "grid", "kind": "matrix", "label": text("Stem"), "choices": choices("1", "2"), "rows": [row]}
    pages = [{"name": "p", "title": text("P"), "questions": [grid]}]
    new = read({"survey": "made", "title": text("Made"), "languages": ["en", "ja"], "pages": pages})
    found = compare(small(), new)
    facts = {fact.part: fact.told()[1:] for fact in one(found, "q").what}
    assert facts[Part("position")] == ("alone", "one of several rows")
    assert facts[Part("kind")] == ("scale", "matrix")
    assert facts[Part("stem", "en")] == ("–", "Stem")
    assert [(gone.name, gone.outcome, gone.was) for gone in found if gone.outcome == "removed"] == [
        ("other", "removed", "other")
    ]


def test_order_and_sample_are_said_in_words() -> None:
    made = document()
    _random(made, 0)
    _sampled(made, 0)
    found = one(compare(read(document()), read(made)), "one")
    assert [fact.told() for fact in found.what] == [
        ("order", "as written", "random"),
        ("asked of", "everybody", "a sample"),
    ]


def test_a_place_kept_in_random_order_is_met_only_where_the_order_is_random() -> None:
    def made(randomize: bool, fixed: bool) -> Questionnaire:
        listed = choices("a", "b", "c")
        listed[2]["fixed"] = fixed
        q = {"kind": "select_one", "choices": listed, "parameters": {"randomize": randomize}}
        return small(q=q)

    assert prints(made(False, True)) == prints(made(False, False))
    assert prints(made(True, True)) != prints(made(True, False))


RENAMED = {"name": "q2"}
DECLARED = {"question": "q2", "was": "q", "reason": "Only the name is another."}


def test_a_renamed_question_is_another_unless_declared() -> None:
    old = small()
    found = compare(old, small(q=RENAMED))
    assert (one(found, "q2").outcome, one(found, "q").outcome) == ("added", "removed")
    found = compare(old, small(q=RENAMED, continues=[DECLARED]))
    assert [(c.name, c.outcome, c.was, c.reason) for c in found] == [
        ("q2", "equivalent", "q", "Only the name is another."),
        ("other", "same", "other", ""),
    ]
    assert [fact.told() for fact in found[0].what] == [("name", "q", "q2")]


def test_a_declaration_of_what_no_earlier_version_has_says_nothing() -> None:
    lost = [{**DECLARED, "was": "nothing"}]
    assert one(compare(small(), small(q=RENAMED, continues=lost)), "q2").outcome == "added"
    same = [{"question": "q", "was": "q", "reason": "Nothing changed."}]
    assert one(compare(small(), small(continues=same)), "q").outcome == "same"


def test_a_question_that_comes_back_unchanged_goes_on() -> None:
    without = small(q={"name": "something"})
    assert one(compare_with([small(), without], small()), "q").outcome == "same"
    assert one(compare_with([small(), without], small("Other words?")), "q").outcome == "changed"
    assert one(compare(without, small()), "q").outcome == "added"
    line = joined([small(), without, small("How?", period="week")], "q")
    assert [[link.outcome for link in segment] for segment in line] == [["added", "same"]]


def test_declarations_take_the_place_of_those_of_the_same_question() -> None:
    made = small(q=RENAMED, continues=[DECLARED, {"question": "other", "was": "other", "reason": "Kept."}])
    again = declare(made, [Continuation(question="q2", was="other", reason="Better.")])
    assert [(c.question, c.was, c.reason) for c in again.continues] == [
        ("other", "other", "Kept."),
        ("q2", "other", "Better."),
    ]
    assert again.hash != made.hash
    assert declare(made, []) is made
    assert without_declarations(again) == small(q=RENAMED)


def test_a_line_leads_through_renamings_and_old_names_lead_on() -> None:
    versions = [
        small(),
        small("How so?"),
        small("How so?", q=RENAMED, continues=[DECLARED]),
        small("How now?", q={"name": "q3"}, continues=[{"question": "q3", "was": "q2", "reason": "Shorter."}]),
    ]
    line = joined(versions, "q3")
    assert [[(link.name, link.outcome, link.reason) for link in segment] for segment in line] == [
        [("q", "added", "")],
        [("q", "changed", ""), ("q2", "equivalent", DECLARED["reason"]), ("q3", "equivalent", "Shorter.")],
    ]
    assert [link.version for segment in line for link in segment] == [version.hash for version in versions]
    assert [leads_on(versions, name) for name in ("q", "q2", "q3", "other", "none")] == [
        *("q3", "q3", "q3"),
        *("other", "none"),
    ]
    assert leads_on(versions[:2], "q") == "q"
    # Asked again under its old name, the question has a page of its own again.
    assert leads_on([*versions, small()], "q") == "q"


def test_a_name_does_not_lead_to_a_line_that_has_left_it() -> None:
    """What continued a question was itself declared to continue another one since: the two are no line."""
    versions = [
        small(),
        small("Other", q={"name": "q3"}),
        small(q=RENAMED, continues=[DECLARED]),
        small("Another", q=RENAMED, continues=[{"question": "q2", "was": "q3", "reason": "Better so."}]),
    ]
    assert [leads_on(versions, name) for name in ("q", "q3")] == ["q", "q2"]


def test_a_fingerprint_does_not_change_with_the_software() -> None:
    """It stands in files that people keep: what they compare by it must stay comparable."""
    found = prints(read(document()))
    assert found["view"] == "1841c3f3a5c52a6f93d234ac9fd8bffe92d74c5d964e9d5ce2098fa1053054d4"
    assert found["r1"] == "bc9be31e7b330d182c58cd2837f189da9fbb1cac1fadb305faa46f650066cc97"
    assert found["years"] == "45bb27229f3d9c147bb7f3cbeb46e21e58b1c916fee2f0f3c7c135da8cb63f42"


@pytest.mark.parametrize("n", range(3))
def test_nothing_leads_anywhere_without_versions(n: int) -> None:
    assert joined([small()] * n, "unknown") == ()
    assert leads_on([small()] * n, "unknown") == "unknown"


@st.composite
def histories(draw: st.DrawFn) -> list[Questionnaire]:
    """Versions in order: each asks some of three questions in one of two wordings, and declares what it likes."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        asked = draw(st.lists(st.sampled_from("abc"), min_size=1, unique=True))
        listed = [{"name": name, "kind": "integer", "label": text(draw(st.sampled_from(["x", "y"])))} for name in asked]
        declared = draw(st.lists(st.sampled_from(asked), unique=True, max_size=2))
        continues = [{"question": q, "was": draw(st.sampled_from("abc")), "reason": f"{number} {q}"} for q in declared]
        pages = [{"name": f"p{number}", "title": text("P"), "questions": listed}]
        titled = {"survey": "made", "title": text("M"), "languages": ["en", "ja"]}
        made.append(read({**titled, "continues": continues, "pages": pages}))
    return made


@given(histories(), st.sampled_from("abc"))
def test_lines_are_joined_only_where_nothing_changed_or_it_was_declared(
    versions: list[Questionnaire], name: str
) -> None:
    by_hash = {version.hash: version for version in versions}
    segments = joined(versions, name)
    links = [link for segment in segments for link in segment]
    places = [versions.index(by_hash[link.version]) for link in links]
    assert places == sorted(set(places))
    having = [i for i, version in enumerate(versions) if name in version.variables]
    assert (links[-1].name, places[-1]) == (name, having[-1]) if having else not links
    firsts = {segment[0] for segment in segments}
    for before, after in pairwise(links):
        old, new = by_hash[before.version], by_hash[after.version]
        same = before.name == after.name and prints(old)[before.name] == prints(new)[after.name]
        declared = any((c.question, c.was) == (after.name, before.name) for c in new.continues)
        assert (after in firsts) == (not same and not declared)
        # The line of a version is the beginning of the line of the next one.
        place = versions.index(new)
        assert joined(versions[:place], before.name) == _until(segments, before)
    for segment in segments:
        assert all(link.reason == "" or link.outcome == "equivalent" for link in segment)


def _until(segments: tuple[tuple[Any, ...], ...], last: Any) -> tuple[tuple[Any, ...], ...]:
    """The segments up to a link, that included."""
    found: list[tuple[Any, ...]] = []
    for segment in segments:
        if last in segment:
            return (*found, segment[: segment.index(last) + 1])
        found.append(segment)
    raise AssertionError


@given(histories())
def test_old_names_lead_to_a_line_that_they_are_in(versions: list[Questionnaire]) -> None:
    for name in "abc":
        to = leads_on(versions, name)
        assert leads_on(versions, to) == to
        if to != name:
            assert name in {link.name for segment in joined(versions, to) for link in segment}
            assert name not in versions[-1].variables
