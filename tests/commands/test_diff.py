"""`flask survey diff`, and what `flask survey publish` says of the versions before."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.model import Questionnaire
from app.storage import surveys
from tests.conftest import ROOT
from tests.questionnaire.made import in_languages

from .test_said import run

SOURCE = (ROOT / "tests" / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
NEW = SOURCE.replace("How old are you?", "What is your age?").replace("name: view\n", "name: opinion\n")
NEW = NEW.replace("お考えは", "お考えは？") + "continues: [{question: opinion, was: view, reason: A clearer name.}]\n"

SAID = """\
same                country
changed             age
    wording (en): “How old are you?” -> “What is your age?”
same                contact
declared equivalent opinion continues view: A clearer name.
    name: “view” -> “opinion”
    wording (ja): “お考えは” -> “お考えは？”
same                DD1a
same                DD1b
same                comment
1 changed, 1 declared equivalent, 0 added, 0 removed, 5 same
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """The old and the new version."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SOURCE, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    return str(old), str(new)


def test_two_files(app: Flask, files: tuple[str, str]) -> None:
    assert run(app, "survey", "diff", *files) == (0, SAID)
    code, said = run(app, "survey", "diff", files[1], files[0])
    assert code == 0
    assert "added               view\n" in said
    assert "removed             opinion\n" in said
    assert said.endswith("1 changed, 0 declared equivalent, 1 added, 1 removed, 5 same\n")


def test_versions_are_named_by_key_hash_or_file(app: Flask, files: tuple[str, str]) -> None:
    old, new = read_questionnaire(SOURCE), read_questionnaire(NEW)
    with app.app_context():
        surveys.publish(old, datetime(2026, 1, 1, tzinfo=UTC))
        surveys.publish(new, datetime(2026, 2, 1, tzinfo=UTC))
    for first in (files[0], old.hash, old.hash[:6], old.hash[:12].upper()):
        for second in (files[1], "small", new.hash[:8]):
            assert run(app, "survey", "diff", first, second) == (0, SAID)
    code, said = run(app, "survey", "diff", "small", "small")
    assert (code, said.splitlines()[-1]) == (0, "0 changed, 0 declared equivalent, 0 added, 0 removed, 7 same")


def test_as_json(app: Flask, files: tuple[str, str]) -> None:
    code, said = run(app, "survey", "diff", *files, "--format", "json")
    assert code == 0
    found = json.loads(said)
    assert found["old"] == {"survey": "small", "hash": read_questionnaire(SOURCE).hash}
    assert found["new"] == {"survey": "small", "hash": read_questionnaire(NEW).hash}
    by_name = {one["name"]: one for one in found["questions"]}
    assert by_name["country"] == {"name": "country", "outcome": "same", "was": "country", "reason": None, "what": []}
    assert by_name["age"]["what"] == [
        {"what": "wording (en)", "before": "How old are you?", "after": "What is your age?"}
    ]
    assert (by_name["opinion"]["outcome"], by_name["opinion"]["was"]) == ("equivalent", "view")
    assert by_name["opinion"]["reason"] == "A clearer name."


@pytest.mark.parametrize("name", ["nothing", "abc12", "abcdef", "f" * 65, "x" * 5000, "", "日本", "日" * 200, "%"])
def test_what_is_not_there_is_said_in_one_line(app: Flask, files: tuple[str, str], name: str) -> None:
    for arguments in ((name, files[1]), (files[0], name)):
        code, said = run(app, "survey", "diff", *arguments)
        said_of = f"There is no file, survey or published version “{name}”."
        assert (code, said) == (1, f"{said_of} Of a hash give the first 6 figures or more.\n")


def test_languages_added_and_dropped_are_said_and_break_nothing(app: Flask, tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SOURCE, encoding="utf-8")
    made = in_languages(json.loads(read_questionnaire(SOURCE).canonical), ["en", "fr"])
    new.write_text(write_questionnaire(Questionnaire.model_validate(made)), encoding="utf-8")
    said = """\
language added      fr: questions are compared in the languages that both versions have
language dropped    ja: questions are compared in the languages that both versions have
"""
    counts = "0 changed, 0 declared equivalent, 0 added, 0 removed, 7 same\n"
    code, printed = run(app, "survey", "diff", str(old), str(new))
    assert (code, printed.startswith(said), printed.endswith(counts)) == (0, True, True)
    document = json.loads(run(app, "survey", "diff", str(old), str(new), "--format", "json")[1])
    assert document["languages"] == {"added": ["fr"], "dropped": ["ja"]}
    assert run(app, "survey", "publish", str(old))[0] == 0
    assert run(app, "survey", "publish", str(new))[1].endswith(f" published\n{said}{counts}")


def test_a_file_with_problems_says_them(app: Flask, files: tuple[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(SOURCE.replace("kind: integer", "kind: count"), encoding="utf-8")
    code, said = run(app, "survey", "diff", files[0], str(bad))
    assert code == 1
    assert said.startswith(f"{bad}:")
    assert "“count” is no question kind." in said


def test_publishing_says_what_it_does_to_the_versions_before(app: Flask, files: tuple[str, str]) -> None:
    first, second = read_questionnaire(SOURCE).hash, read_questionnaire(NEW).hash
    assert run(app, "survey", "publish", files[0]) == (0, f"small {first} published\n")
    expected = "".join(line for line in SAID.splitlines(keepends=True) if not line.startswith("same"))
    assert run(app, "survey", "publish", files[1]) == (0, f"small {second} published\n{expected}")
    assert run(app, "survey", "publish", files[1]) == (0, f"small {second} was published already\n")
