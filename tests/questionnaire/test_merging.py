"""What two people have changed of one part is put together, or it is said that it cannot be."""

from __future__ import annotations

from app.questionnaire.draft.merging import merged

WAS = {"f.label.en": "Old", "f.label.ja": "旧", "f.choices": "2", "f.choices.0.code": "a", "f.choices.0.label.en": "A"}
WAS |= {"f.choices.1.code": "b", "f.choices.1.label.en": "B"}
LISTS = ["f.choices", "f.variants"]


def of(**changes: str) -> dict[str, str]:
    return {**WAS, **{"f." + name.replace("__", "."): line for name, line in changes.items()}}


def test_what_each_has_changed_stands_beside_the_other() -> None:
    theirs, ours = of(label__ja="新", choices__1__label__en="Bee"), of(label__en="New", choices__0__label__en="Aye")
    assert merged(WAS, theirs, ours, LISTS) == {**theirs, "f.label.en": "New", "f.choices.0.label.en": "Aye"}
    assert merged(WAS, WAS, ours, LISTS) == ours
    assert merged(WAS, theirs, WAS, LISTS) == theirs
    assert merged(WAS, ours, ours, LISTS) == ours


def test_the_same_words_changed_by_both_cannot_be_put_together() -> None:
    assert merged(WAS, of(label__en="Newer"), of(label__en="New"), LISTS) is None


def test_a_list_whose_lines_were_moved_is_one_thing() -> None:
    swapped = of(choices__0__code="b", choices__0__label__en="B", choices__1__code="a", choices__1__label__en="A")
    longer = of(choices="3", choices__2__code="c", choices__2__label__en="C")
    shorter = {name: line for name, line in WAS.items() if ".1." not in name} | {"f.choices": "1"}
    for theirs in (swapped, longer, shorter):
        assert merged(WAS, theirs, of(label__en="New"), LISTS) == {**theirs, "f.label.en": "New"}
        assert merged(WAS, theirs, of(choices__0__label__en="Aye"), LISTS) is None
        assert merged(WAS, theirs, theirs, LISTS) == theirs
