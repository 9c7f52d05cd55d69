"""Versions in different languages: compared in those that both have, each language with the words it had last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.model import Questionnaire
from app.questionnaire.versions import compare, compare_with, joined, language_change

from .made import in_languages
from .test_versions import BREAKS, EDITS, Break, Change, document, edited, prints, read


@given(st.sampled_from([["en"], ["ja"], ["en", "ja", "fr"], ["fr", "en"]]), EDITS)
def test_another_set_of_languages_breaks_nothing(languages: list[str], edits: list[tuple[Change, int, int]]) -> None:
    both = read(document())
    other = read(in_languages(edited(document(), edits), languages))
    for old, new in ((both, other), (other, both)):
        assert {one.outcome for one in compare(old, new)} == {"same"}
        assert all(one.what == () for one in compare(old, new))
    assert all(prints(other)[name] != fingerprint for name, fingerprint in prints(both).items())


@given(st.sampled_from(BREAKS), st.integers(0, 99))
def test_a_change_in_a_language_of_both_is_told_though_one_was_added(change: Break, n: int) -> None:
    made = document()
    broken = change(made, n)
    found = compare(read(document()), read(in_languages(made, ["ja", "en", "fr"])))
    assert {one.name for one in found if one.outcome != "same"} == broken
    told = [fact for one in found for fact in one.what]
    assert {fact.part.language for fact in told} <= {"", "ja", "en"}
    assert all(one.what for one in found if one.outcome == "changed")


def words(**texts: str) -> Questionnaire:
    """A version with one question, in the languages of its words."""
    asked = {"name": "q", "kind": "integer", "label": texts}
    same = dict.fromkeys(texts, "P")
    pages = [{"name": "p", "title": same, "questions": [asked]}]
    return read({"survey": "made", "title": same, "languages": list(texts), "pages": pages})


def outcomes(*versions: Questionnaire) -> list[str]:
    return [link.outcome for segment in joined(versions, "q") for link in segment]


def test_a_language_that_comes_back_is_compared_with_its_last_words() -> None:
    both, english = words(en="How?", ja="どう"), words(en="How?")
    assert outcomes(both, english, words(en="How?", ja="どう", fr="Comment ?")) == ["added", "same", "same"]
    assert outcomes(both, english, words(en="How?", ja="どのように")) == ["added", "same", "changed"]
    [found] = compare_with([both, english], words(en="How?", ja="どのように"))
    assert [fact.told() for fact in found.what] == [("wording (ja)", "どう", "どのように")]
    # Across a break nothing is compared: the line began anew without it.
    assert outcomes(both, words(en="How much?"), words(en="How much?", ja="どれだけ")) == ["added", "changed", "same"]


def test_without_a_language_in_common_nothing_says_that_it_is_the_same() -> None:
    [found] = compare(words(en="How?"), words(ja="どう"))
    assert found.outcome == "changed"
    assert [fact.told() for fact in found.what] == [("languages", "en", "ja")]
    assert outcomes(words(en="How?"), words(en="How?", ja="どう"), words(ja="どう")) == ["added", "same", "same"]


def test_languages_added_and_dropped_are_named() -> None:
    old, new = words(en="How?", ja="どう"), words(fr="Comment ?", en="How?", ko="어떻게")
    assert language_change(old, new) == (("fr", "ko"), ("ja",))
    assert language_change(old, old) == ((), ())


TEXTS = st.dictionaries(st.sampled_from(["en", "ja", "fr"]), st.sampled_from(["x", "y"]), min_size=1)


@given(st.lists(TEXTS, min_size=1, max_size=7))
def test_a_line_has_one_wording_in_each_language(history: list[dict[str, str]]) -> None:
    versions = [words(**texts) for texts in history]
    met: dict[str, str] = {}
    expected = []
    for texts in history:
        common = met.keys() & texts.keys()
        is_same = bool(common) and all(met[code] == texts[code] for code in common)
        expected.append("added" if not met else "same" if is_same else "changed")
        met = {**met, **texts} if is_same else texts
    assert outcomes(*versions) == expected
    last = compare_with(versions[:-1], versions[-1]) if versions[1:] else []
    assert [one.outcome for one in last] == expected[1:][-1:]


@pytest.mark.parametrize("many", [400])
def test_many_versions_in_changing_languages_are_compared_at_once(many: int) -> None:
    """Each drops a language and adds one, so that each is compared with what a chain of others had."""
    versions = [words(en="How?", **{f"q{chr(97 + n % 26)}{chr(97 + n // 26)}": "?"}) for n in range(many)]
    assert outcomes(*versions) == ["added"] + ["same"] * (many - 1)
