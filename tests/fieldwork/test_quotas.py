"""Quotas: set alone and crossed, never overshot, and full politely."""

from __future__ import annotations

import io
import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app.extensions import db
from app.interchange.quotas_file import read_quotas
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.storage import quotas, responses, surveys
from app.storage.models import Response
from app.storage.quotas import Group
from tests.accounts.door import token
from tests.respond.person import JAPAN, Person
from tests.site import Site

from .conftest import KEY

PAGE = f"/organize/surveys/{KEY}/waves/w1/quotas"
SMALL = """
survey: few
title: {en: Few questions}
languages: [en]
period: month
weighting: [country]
pages:
  - name: first
    title: {en: About you}
    questions:
      - {name: country, kind: select_one, label: {en: Where do you live?}, required: true,
         choices: [{code: jp, label: {en: Japan}}, {code: us, label: {en: United States}}]}
"""


def put(app: Flask, *wanted: tuple[dict[str, str], int]) -> None:
    with app.app_context():
        wave = surveys.waves(KEY)[0]
        quotas.put(KEY, "w1", wave.id, wanted, datetime.now(UTC), "o@example.org")


def stored(app: Flask) -> list[Group]:
    with app.app_context():
        return quotas.of_wave(surveys.waves(KEY)[0].id)


def counts(app: Flask) -> list[tuple[int, int, int]]:
    return [(one.taken, one.size, one.turned_away) for one in stored(app)]


def test_who_belongs_to_a_full_group_is_thanked_and_counted(app: Flask, fielded: Questionnaire) -> None:
    put(app, ({"country": "jp"}, 1), ({"country": "us", "gender": "female"}, 0))
    first, second = (Person(app.test_client()).open().walk(JAPAN) for _ in range(2))
    assert first.send().status == 200
    assert counts(app) == [(1, 1, 0), (0, 0, 0)]
    second.send()
    assert (second.place, second.heading) == ("full", "Thank you")
    assert "so that all groups are heard in the same measure" in second.page.get_text()
    assert counts(app) == [(1, 1, 1), (0, 0, 0)]
    third = Person(app.test_client()).open()
    third.walk(JAPAN, "full")
    assert third.place == "full", "at once, not only at the end"
    assert counts(app) == [(1, 1, 2), (0, 0, 0)]
    woman = Person(app.test_client()).open()
    woman.walk({**JAPAN, "country": "us", "region_us": "west"}, "full")
    assert woman.place == "full"
    assert counts(app) == [(1, 1, 2), (0, 0, 1)]
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(Response)).scalar_one() == 1, "nothing else is kept"
    man = Person(app.test_client()).open().walk({**JAPAN, "country": "us", "gender": "male"})
    assert man.send().status == 200
    assert man.place == "receipt"


def test_the_last_place_goes_to_one(app: Flask, fielded: Questionnaire) -> None:
    """Both were found to fit when they pressed the button."""
    put(app, ({}, 1))
    with app.app_context():
        wave = surveys.waves(KEY)[0]
        codes = [responses.new_token() for _ in range(2)]
        for code in codes:
            responses.start(code, wave.id, "en", {"country": "jp"}, datetime.now(UTC))
        first, second = (responses.find(code) for code in codes)
        assert first is not None
        assert second is not None
        done = responses.submit(codes[0], first, lambda given: given, datetime.now(UTC))
        assert done is not None
        assert done.state == "done"
        with pytest.raises(quotas.QuotaFull) as full:
            responses.submit(codes[1], second, lambda given: given, datetime.now(UTC))
        assert quotas.turn_away(second.id, wave.id, full.value.number)
        assert not quotas.turn_away(second.id, wave.id, full.value.number), "counted once"
    assert counts(app) == [(1, 1, 1)]


def test_a_new_quota_counts_what_the_wave_has(app: Flask, fielded: Questionnaire) -> None:
    Person(app.test_client()).open().walk(JAPAN).send()
    Person(app.test_client()).open().walk(JAPAN, "closing")
    put(app, ({"country": "jp"}, 9), ({"country": "us"}, 9), ({}, 9))
    assert counts(app) == [(1, 9, 0), (0, 9, 0), (1, 9, 0)]
    put(app, ({"country": "jp"}, 4), ({"gender": "male"}, 2))
    assert counts(app) == [(1, 4, 0), (0, 9, 0), (1, 9, 0), (0, 2, 0)], "a size is changed in place"


def post(browser: FlaskClient, **fields: object) -> TestResponse:
    return browser.post(PAGE, data={"csrf_token": token(browser, PAGE), **fields})


def test_quotas_are_set_on_the_page(app: Flask, fielded: Questionnaire, organizer: FlaskClient) -> None:
    assert "No quotas" in organizer.get(PAGE).text
    assert post(organizer, action="cross", variables=["country", "gender"], size="50").status_code == 303
    found = stored(app)
    assert len(found) > 4
    assert {"country": "jp", "gender": "female"} in [one.cell for one in found]
    assert {one.size for one in found} == {50}
    page = organizer.get(PAGE).text
    assert "Japan × " in page
    shown = {f"was_{one.number}": "50" for one in found}
    sizes = {**shown, **{f"size_{one.number}": "" for one in found}}
    assert post(organizer, action="sizes", **{**sizes, "size_1": "7"}).status_code == 303
    assert [(one.number, one.size) for one in stored(app)] == [(1, 7)]
    bad = post(organizer, action="sizes", size_1="many")
    assert bad.status_code == 422
    assert 'href="#size_1">Japan × Female: Enter a whole number from 0 to 10,000,000.' in bad.text
    assert 'value="many"' in bad.text
    assert 'href="#size">Enter a whole number' in post(organizer, action="cross", size="-1").text
    every = list(fielded.weighting)
    assert "A wave has at most 500 quotas." in post(organizer, action="cross", variables=every, size="1").text
    assert [(one.number, one.size) for one in stored(app)] == [(1, 7)]
    file = FileStorage(io.BytesIO(b"country,size\njp,x\nfr,2\n"), "quotas.csv")
    refused = post(organizer, action="file", file=file)
    assert refused.status_code == 422
    assert "“fr” is no code of it." in refused.text
    assert post(organizer, action="file").status_code == 422
    file = FileStorage(io.BytesIO(b"country,size\njp,5\n,9\n"), "quotas.csv")
    assert post(organizer, action="file", file=file).status_code == 303
    assert [(one.cell, one.size) for one in stored(app)][1:] == [({"country": "jp"}, 5), ({}, 9)]
    assert "Everybody" in organizer.get(PAGE.removesuffix("/quotas")).text


def test_two_organizers_change_quotas_at_once(app: Flask, fielded: Questionnaire, organizer: FlaskClient) -> None:
    put(app, ({"country": "jp"}, 100), ({"country": "us"}, 100), ({}, 100))
    shown = {f"{name}_{number}": "100" for number in (1, 2, 3) for name in ("size", "was")}
    put(app, ({"country": "jp"}, 200))  # By somebody else.
    assert post(organizer, action="sizes", **{**shown, "size_2": "300"}).status_code == 303
    assert [one.size for one in stored(app)] == [200, 300, 100], "what was not touched stays as the other has left it"
    both = post(organizer, action="sizes", **{**shown, "size_1": "150", "size_3": ""})
    assert both.status_code == 409
    assert 'href="#size_1">Japan: Somebody has set this to 200 meanwhile.' in both.text
    assert [one.size for one in stored(app)] == [200, 300, 100], "all or nothing"
    typed = {name: re.findall(f'name="{name}" value="([^"]*)"', both.text)[0] for name in shown}
    assert [typed[f"size_{number}"] for number in (1, 2, 3)] == ["150", "300", ""]
    assert post(organizer, action="sizes", **typed).status_code == 303
    assert [(one.number, one.size) for one in stored(app)] == [(1, 150), (2, 300)]
    gone = post(organizer, action="sizes", was_3="100", size_3="5")
    assert gone.status_code == 409
    assert "Somebody has taken a quota away whose number you changed." in gone.text


def test_quotas_by_command(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    file = tmp_path / "quotas.csv"
    file.write_text("country,gender,size\njp,female,3\n,,5\n")
    run = app.test_cli_runner()
    assert "2 quotas added, 0 changed" in run.invoke(args=["quota", "set", KEY, "w1", str(file)]).output
    listed = run.invoke(args=["quota", "list", KEY, "w1"]).output
    assert listed == "country=jp, gender=female: 0 of 3, 0 turned away\neverybody: 0 of 5, 0 turned away\n"
    file.write_text("country,size\nxx,3\n")
    refused = run.invoke(args=["quota", "set", KEY, "w1", str(file)])
    assert refused.exit_code == 1
    assert ":2: country: “xx” is no code of it." in refused.output


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("", "The file is empty."),
        ("country,size\n", "The file has no row below its header."),
        ("country\njp\n", "size: This column is missing."),
        ("town,size\njp,1\n", "town: This column is not known. Known are: country, size."),
        ("country,size\njp,1.5\n", "size: Enter a whole number from 0 to"),
        ("country,size\njp\n", "The row has 1 cells instead of 2."),
        ("country,size\njp,1\njp,2\n", "The same group stands in line 2 already."),
    ],
)
def test_every_bad_row_is_named(file: str, told: str) -> None:
    with pytest.raises(FileError, match=re.escape(told)):
        read_quotas(file.encode().splitlines(keepends=True), read_questionnaire(SMALL.encode()))


def answer(address: str) -> str:
    """One person, from the first page to the end: "receipt" or "full"."""
    session = requests.Session()
    page = session.get(f"{address}/s/few", timeout=60)
    for _ in range(3):
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert csrf, page.text
        fields = {"csrf_token": csrf[1], "asked": "country", "q_country": "jp", "action": "next"}
        page = session.post(page.url, data=fields, timeout=60)
        place = page.url.rsplit("/", 1)[-1]
        if place in ("receipt", "full"):
            return place
    raise AssertionError(page.text)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_quota_is_not_overshot_by_many_at_once(site: Callable[..., Site], tmp_path: Path, engine: str) -> None:
    running = site(engine)
    survey, file = tmp_path / "few.yaml", tmp_path / "quotas.csv"
    survey.write_text(SMALL)
    file.write_text("country,size\njp,100\n")
    running.flask("survey", "publish", str(survey))
    running.flask("wave", "open", "few", "w1")
    running.flask("quota", "set", "few", "w1", str(file))
    ends: Counter[str] = Counter()
    failures: list[BaseException] = []

    def crowd() -> None:
        """People one after another, until two of them were turned away."""
        turned_away = 0
        try:
            while turned_away < 2:
                end = answer(running.address)
                turned_away += end == "full"
                ends[end] += 1
        except BaseException as error:
            failures.append(error)

    clients = [threading.Thread(target=crowd) for _ in range(16)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert not failures, failures
    assert ends == {"receipt": 100, "full": 32}
    listed = running.flask("quota", "list", "few", "w1").stdout
    assert listed == "country=jp: 100 of 100, 32 turned away\n"
    rows = running.flask("responses", "export", "few").stdout.splitlines()
    assert len(rows) == 1 + 100
