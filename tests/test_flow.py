"""The way of the data, end to end, each arrow by its name: the chain that the README draws."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from flask import Flask
from werkzeug.datastructures import MultiDict

from app.estimation.estimate import estimate
from app.estimation.series import Point, series
from app.estimation.suppression import WHOLE
from app.estimation.tally import add_to_tally, empty_tally
from app.estimation.weighting import weigh
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.counting import change_of, domains_of, layout_of, measure_of
from app.questionnaire.form import build_form, clean
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import final_answers, path
from app.questionnaire.versions import fingerprint
from tests.conftest import ROOT


def answer(questionnaire: Questionnaire, choose: dict[str, str]) -> Answers:
    """A person's way through the questionnaire, screen by screen, through the real forms."""
    answers: Answers = {}
    seen: set[str] = set()
    while left := [screen for screen in path(questionnaire, answers) if screen.name not in seen]:
        screen = left[0]
        seen.add(screen.name)
        posted = MultiDict(
            (f"q_{v.name}", choose.get(v.name, v.options[0].code if v.options else ""))
            for question in screen.questions
            for v in question.variables()
        )
        cleaned = clean(build_form(questionnaire, screen)(posted))
        assert not cleaned.problems
        answers.update(cleaned.answers)
    return final_answers(questionnaire, answers)


def test_from_a_file_to_a_trend() -> None:
    source = (ROOT / "surveys" / "domestic-diplomacy.yaml").read_bytes()
    blocks = {file.stem: file.read_bytes() for file in (ROOT / "surveys" / "blocks").glob("*.yaml")}

    # surveys/*.yaml -> read_questionnaire -> Questionnaire -> build_form -> Form -> clean -> Response
    questionnaire = read_questionnaire(source, blocks=blocks)
    people = [
        answer(questionnaire, {"country": "jp", "group": "public", "DD6a": "5"}),
        answer(questionnaire, {"country": "jp", "group": "host", "DD6a": "1"}),
        answer(questionnaire, {"country": "us", "group": "public", "DD6a": "4"}),
        answer(questionnaire, {"country": "us", "group": "public", "DD6a": "-8"}),
    ]
    assert "region_us" not in people[0]
    assert "region_jp" not in people[2]

    # Response -> add_to_tally -> Tally -> weigh -> Weights -> estimate -> Estimate -> series -> Trend
    tally = add_to_tally(empty_tally(layout_of(questionnaire)), [change_of(questionnaire, given) for given in people])
    assert int(tally.n.sum()) == 4
    measure = measure_of(questionnaire.variables["DD6a"])
    domains = {domain.key: domain.cells for domain in domains_of(questionnaire, tally.cells)}
    whole = estimate(tally, weigh(tally), measure, domains[WHOLE])
    japan = estimate(tally, weigh(tally), measure, domains["country=jp"])
    assert (whole.n, whole.figures["support"].value, whole.figures["oppose"].value) == (4, 0.5, 0.25)
    assert (japan.n, japan.figures["support"].value) == (2, 0.5)
    assert whole.figures["-8"].value == 0.25

    meant = fingerprint(questionnaire, questionnaire.variables["DD6a"])
    points = [
        Point(period, "w", meant, mode, "opt-in", False, whole)
        for period, mode in (("2026-09", "web"), ("2026-10", "web"), ("2026-11", "phone"))
    ]
    stretches = series(points)
    assert [len(stretch.points) for stretch in stretches] == [2, 1]
    assert stretches[1].reasons == ("mode",)


def test_from_a_response_to_a_file_and_a_published_estimate(app: Flask, fielded: Questionnaire) -> None:
    from app.jobs.run import run_now
    from app.jobs.schedule import jobs
    from app.research import files
    from app.storage import estimates, recount, responses, surveys

    settings = app.extensions["settings"]
    with app.app_context():
        wave = surveys.waves(fielded.survey)[0]
        for number in range(12):
            given = answer(fielded, {"country": "jp", "group": "public", "DD6a": "5" if number < 9 else "2"})
            token = responses.new_token()
            responses.start(token, wave.id, "ja", given, datetime.now(UTC))
            stored = responses.find(token)
            assert stored is not None
            done = responses.submit(token, stored, lambda answers: answers, datetime.now(UTC))
            assert done is not None
            assert done.state == "done"
        roll_up = next(job for job in jobs(settings) if job.name == "roll_up")
        assert run_now(roll_up, settings) == 12
        assert recount.verify() == []

        published = {p.domain: p for p in estimates.of_variable(fielded.survey, "DD6a")}
        lines = files.responses(fielded.survey, None, False)
        assert lines is not None
        rows = list(csv.DictReader(io.StringIO(b"".join(lines).decode())))

    # Response -> rows -> CSV: the estimate is what the file gives.
    codes = [row["DD6a"] for row in rows]
    whole = published[WHOLE].estimate
    assert whole is not None
    assert (whole.n, whole.figures["support"].value) == (12, sum(code in "45" for code in codes) / len(codes))
    empty = published["country=us"].estimate
    assert empty is not None
    assert empty.n == 0
