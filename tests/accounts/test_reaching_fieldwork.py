"""What is reached through one's own survey: no wave, person or draft of another one, by any address that there is.

Made from the URL map, so that a new address is tried too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, url_for

from app.accounts.roles import ROLES
from app.accounts.rules import RULES
from app.interchange.yaml_file import write_questionnaire
from app.questionnaire.draft.tree import pages
from app.questionnaire.model import Questionnaire, from_canonical
from app.storage import drafts, invitations, surveys
from tests.organize.test_designing import form_of, send, tree

from .door import make_accounts, token
from .test_reaching import MINE, THEIRS, insider

ANN, BEN = "ann@mine.example", "ben@theirs.example"

# What is asked is the same on every engine, and there are many addresses.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def invited(app: Flask, fielded: Questionnaire) -> Questionnaire:
    """Two surveys, each with a wave of its own key, a person invited to it, and a draft."""
    make_accounts(app)
    made = from_canonical(fielded.canonical.replace(f'"{MINE}"', f'"{THEIRS}"'))
    now = datetime.now(UTC)
    with app.app_context():
        surveys.publish(made, now)
        surveys.open_wave(THEIRS, "theirs-1", now, invited_only=True)
        for survey, wave, email in ((MINE, "w1", ANN), (THEIRS, "theirs-1", BEN)):
            found = surveys.wave(survey, wave)
            assert found is not None
            invitations.add_contacts(survey, wave, found.id, [(email, "A Name", "ja")], now, "test")
    for survey in (MINE, THEIRS):
        browser = insider(app, "organizer", survey, f"designer-of-{survey}")
        design = f"/organize/surveys/{survey}/design"
        assert send(browser, design, form_of(browser, design), do="version").status_code == 303
    return made


def addresses(app: Flask, survey: str, wave: str, only_of_waves: bool) -> Iterator[tuple[str, str]]:
    """Method and path of every address of a survey that is not public; or only those of its waves."""
    values: dict[str, Any] = {"key": survey, "survey": survey, "wave": wave, "kind": "invitation", "name": "consent"}
    values |= {"number": 1, "language": "ja", "table_name": "days", "version": "0" * 64}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if RULES[rule.endpoint].public or not RULES[rule.endpoint].survey:
                continue
            if only_of_waves and "wave" not in rule.arguments:
                continue
            path = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            yield from ((method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"}))


@pytest.mark.parametrize("role", ROLES)
def test_one_s_own_survey_lends_no_address_to_another_s_wave(app: Flask, invited: Questionnaire, role: str) -> None:
    client = insider(app, role)
    csrf = token(client, "/account")
    fields = {"csrf_token": csrf, "email": BEN, "kind": "invitation", "action": "again", "key": "theirs-1"}
    for method, path in addresses(app, MINE, "theirs-1", only_of_waves=True):
        answer = client.open(path, method=method, data=fields if method == "POST" else None)
        assert answer.status_code in (403, 404), (method, path)
        assert BEN not in answer.text
    with app.app_context():
        (wave,) = surveys.waves(THEIRS)
        assert wave.closes_at is None


@pytest.mark.parametrize("role", ROLES)
def test_who_is_invited_is_shown_to_nobody_but_in_doubt(app: Flask, invited: Questionnaire, role: str) -> None:
    """Organizers too see the addresses of letters in doubt or refused only, of which there is none here."""
    client = insider(app, role)
    for survey, wave in ((MINE, "w1"), (THEIRS, "theirs-1")):
        for method, path in addresses(app, survey, wave, only_of_waves=False):
            if method == "GET":
                answer = client.get(path)
                assert survey == MINE or answer.status_code == 403, path
                assert ANN not in answer.text, path
                assert BEN not in answer.text, path
                answer.close()


def test_a_draft_stays_that_of_its_survey_whatever_its_text_says(app: Flask, invited: Questionnaire) -> None:
    client = insider(app, "organizer")
    design = f"/organize/surveys/{MINE}/design"
    text = write_questionnaire(invited)
    assert f"survey: {THEIRS}" in text
    fields = {**form_of(client, f"{design}/source"), "text": text}
    assert client.post(f"{design}/source", data={**fields, "do": "take"}).status_code == 303
    assert tree(app, MINE)["survey"] == MINE
    settings = {**form_of(client, f"{design}/settings"), "f.survey": THEIRS, "survey": THEIRS, "f.title.en": "Mine"}
    assert send(client, f"{design}/settings", settings, do="save").status_code == 303
    assert tree(app, MINE)["survey"] == MINE
    publish = form_of(client, f"{design}/publish")
    send(client, f"{design}/publish", publish, action="publish")
    with app.app_context():
        assert len(surveys.versions(THEIRS)) == 1


@pytest.mark.parametrize("role", ["translator", "researcher", "viewer"])
def test_who_may_not_design_changes_no_draft(app: Flask, invited: Questionnaire, role: str) -> None:
    """A translator changes words through the page for them, and nothing else through it."""
    client = insider(app, role)
    before = tree(app, MINE)
    csrf = token(client, "/account")
    page = pages(before)[0]["name"]
    forged = {"csrf_token": csrf, "state": "1", "do": "save", "page": page, "f.name": "forged", "f.label.en": "Forged"}
    forged |= {"text.survey": THEIRS, "f.languages": "fr", f"f.{page}.questions": "x", "key": MINE, "f.relevant": "1"}
    for method, path in addresses(app, MINE, "w1", only_of_waves=False):
        if method == "POST" and "/design" in path:
            client.post(path, data=forged)
    with app.app_context():
        newest = drafts.newest(MINE)
        assert newest is not None
        assert newest.number == 1
    assert tree(app, MINE) == before
