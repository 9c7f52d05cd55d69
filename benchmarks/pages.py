"""CPU of one page of ten questions, shown with its answers and cleaned, against a bare view that renders its bytes;
and the same page at the end of 300 questions with 200 expressions, against the short questionnaire.

Everything is called in one process, without a server in between, so that nothing hides the page's own cost. What the
long questionnaire costs is measured on a running site as well: as what whoever runs one pays for a page.

Every figure is the median of many pairs taken one right after the other, in turns, with the middle half of them: other
programs on the machine make both of a pair slower. What the long questionnaire still costs more is that its row holds
300 answers: reading and writing them grows with their number, everything else on the page does not.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.questionnaire.model import Questionnaire
from app.storage import responses, surveys
from benchmarks.answering import cost
from benchmarks.floor import create_floor
from tests.conftest import make_settings, migrate
from tests.site import Site, start_site

ROUNDS = 80
REQUESTS = 20
ROUNDS_SERVED = 60
SERVED = 60
FLOOR_TARGET = 2.0  # As of a whole response, see `answering`.
LONG_TARGET = 1.1
CHOICES = [{"code": str(code), "label": {"en": f"Answer number {code}"}} for code in range(1, 6)]


def run() -> list[str]:
    """The lines of the report."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        short, long = (Inside(place, name, made) for name, made in zip(("short", "long"), QUESTIONNAIRES, strict=True))
        floor = _floor(place, short.get())
        gc.collect()
        gc.freeze()
        costs: dict[str, list[float]] = {}
        works = [
            ("floor", lambda: floor.get("/0")),
            ("get", short.get),
            ("long get", long.get),
            ("post", short.post),
            ("long post", long.post),
        ]
        for _ in range(ROUNDS):
            works.reverse()  # Neither of a pair is always first.
            for name, work in works:
                costs.setdefault(name, []).append(_cpu(work))
        return [
            _line("a page of ten questions with its answers", costs, "get", "floor", FLOOR_TARGET),
            _line("the same cleaned and saved", costs, "post", "floor"),
            _line("shown after 290 other questions and 200 expressions", costs, "long get", "get", LONG_TARGET),
            _line("cleaned and saved after them", costs, "long post", "post", LONG_TARGET),
            *_served(place),
        ]


def _line(what: str, costs: dict[str, list[float]], name: str, base: str, target: float | None = None) -> str:
    pairs = list(zip(costs[name], costs[base], strict=True))
    low, ratio, high = statistics.quantiles((a / b for a, b in pairs), n=4)
    more = statistics.median(a - b for a, b in pairs)
    at_most = f" (at most {target})" if target else ""
    return (
        f"pages: {what}: {1000 * statistics.median(costs[name]):.3f} CPU-ms, {ratio:.3f} times"
        f" {1000 * statistics.median(costs[base]):.3f}{at_most}, middle half {low:.2f} to {high:.2f},"
        f" {1e6 * more:.0f} microseconds more"
    )


def _cpu(work: Callable[[], object]) -> float:
    work()
    before = time.process_time()
    for _ in range(REQUESTS):
        work()
    return (time.process_time() - before) / REQUESTS


def questionnaire(size: int, expressions: int) -> Questionnaire:
    """Pages of ten questions; from the third page on each question hangs on two earlier ones while expressions last."""
    questions = []
    for number in range(size):
        question: dict[str, Any] = {"name": f"q{number}", "kind": "select_one", "label": {"en": f"Question {number}?"}}
        question["choices"] = CHOICES
        if number >= 20 and expressions and number < size - 10:
            before = (number // 10) * 10
            question["relevant"] = (
                f"${{q{before - 7}}} != '9' and (${{q{number % before}}} = '1' or ${{q{before - 3}}} = '1')"
            )
            expressions -= 1
        questions.append(question)
    pages = [questions[at : at + 10] for at in range(0, size, 10)]
    return Questionnaire.model_validate(
        {
            "survey": f"bench-{size}",
            "title": {"en": "Bench"},
            "languages": ["en"],
            "pages": [
                {"name": f"p{number}x", "title": {"en": f"Page {number}"}, "questions": page}
                for number, page in enumerate([[{"name": "a", "kind": "note", "label": {"en": "Welcome"}}], *pages])
            ],
        }
    )


QUESTIONNAIRES = (questionnaire(10, 0), questionnaire(300, 200))


class Respondent:
    """Somebody who answered everything but the last page, and is there."""

    def __init__(self, app: Flask, made: Questionnaire) -> None:
        now = datetime.now(UTC)
        self.token = responses.new_token()
        with app.app_context():
            surveys.publish(made, now)
            wave = surveys.open_wave(made.survey, "bench", now)
            responses.start(self.token, wave, "en", dict.fromkeys(made.variables, "1"), now)
        self.cookie = f"answering-{made.survey}"
        self.address = f"/s/{made.survey}/page/{made.pages[-1].name}"
        self.fields = {f"q_{question.name}": "1" for question in made.pages[-1].questions} | {"action": "next"}


class Inside:
    """A respondent whose requests the application answers in this process."""

    def __init__(self, place: Path, name: str, made: Questionnaire) -> None:
        app = _application(place / f"{name}.sqlite", place)
        self.person = Respondent(app, made)
        self.client = app.test_client()
        self.client.set_cookie(self.person.cookie, self.person.token)
        self.form = self.person.fields | {"csrf_token": _form_token(self.get())}

    def get(self) -> bytes:
        answer = self.client.get(self.person.address)
        assert answer.status_code == 200, answer.status
        return bytes(answer.data)

    def post(self) -> None:
        answer = self.client.post(self.person.address, data=self.form)
        assert answer.status_code == 303, answer.status


class Online:
    """A respondent whose requests a running site answers."""

    def __init__(self, site: Site, person: Respondent) -> None:
        self.address = site.address + person.address
        self.session = requests.Session()
        self.session.cookies.set(person.cookie, person.token)
        self.form = person.fields | {"csrf_token": _form_token(self.get())}

    def get(self) -> bytes:
        answer = self.session.get(self.address)
        assert answer.status_code == 200, answer.status_code
        return answer.content

    def post(self) -> None:
        answer = self.session.post(self.address, data=self.form, allow_redirects=False)
        assert answer.status_code == 303, answer.status_code


def _form_token(page: bytes) -> str:
    return page.split(b'name="csrf_token" value="', 1)[1].split(b'"', 1)[0].decode()


def _served(place: Path) -> list[str]:
    """What a page costs the processes of a running site, of the short questionnaire and of the long one."""
    database = place / "served.sqlite"
    app = _application(database, place)
    people = [Respondent(app, made) for made in QUESTIONNAIRES]
    site = start_site(f"sqlite:///{database}", place, {"JOBS_INTERVAL_SECONDS": "86400"})
    try:
        short, long = (Online(site, person) for person in people)
        works = [("get", short.get), ("long get", long.get), ("post", short.post), ("long post", long.post)]
        costs: dict[str, list[float]] = {name: [] for name, _ in works}
        for _ in range(ROUNDS_SERVED):
            works.reverse()
            for name, work in works:
                costs[name].append(cost(site, work, SERVED))
    finally:
        site.stop()
    return [
        _line("through the server, shown after them", costs, "long get", "get", LONG_TARGET),
        _line("through the server, cleaned and saved after them", costs, "long post", "post", LONG_TARGET),
    ]


def _application(path: Path, place: Path) -> Flask:
    settings = make_settings(place, f"sqlite:///{path}")
    migrate(settings)
    return create_app(settings)


def _floor(place: Path, page: bytes) -> FlaskClient:
    """The bare view, with nothing to insert: its last request is never made."""
    folder = place / "floor"
    folder.mkdir()
    (folder / "0.html").write_text("{% raw %}" + page.decode() + "{% endraw %}", encoding="utf-8")
    (folder / "exchanges.json").write_text(json.dumps([200, 200]))
    os.environ["FLOOR"] = str(folder)
    return create_floor().test_client()
