"""Schemes in the database: published, replaced, followed by the estimates; and the order in which responses come."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.jobs import roll_up
from app.jobs.run import Run
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.scheme import FrozenScheme
from app.research.estimates_file import Request, RequestError, export
from app.storage import bulk, estimates, recount, responses, schemes, surveys, tallies
from tests.questionnaire.made import questionnaire_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = (datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 2, 10, tzinfo=UTC))
TEXT = {"en": "Text"}
MINIMUM = 5


def question(name: str, *codes: str) -> dict[str, object]:
    return {
        "name": name,
        "kind": "select_one",
        "label": TEXT,
        "choices": [{"code": code, "label": TEXT} for code in codes],
    }


def made() -> Questionnaire:
    version = questionnaire_of([question("g", "f", "m"), question("a", "1", "2"), question("q", "1", "2", "3")])
    document = version.model_dump(mode="json", exclude_defaults=True)
    return Questionnaire.model_validate(
        {**document, "weighting": ["g", "a"], "breakdowns": [{"name": "g"}, {"name": "a"}]}
    )


def frozen(key: str = "raked", **more: object) -> FrozenScheme:
    targets = {"margins": {"g": {"f": 0.6, "m": 0.4}, "a": {"1": 0.3, "2": 0.7}}, "population": 1000}
    scheme = {"key": key, "targets": "people", "base_weights": True, "label": {"en": "Raked"}, **more}
    return FrozenScheme.model_validate({"survey": "made", "scheme": scheme, "targets": {"people": targets}})


def people(count: int, seed: int) -> list[tuple[Answers, float, datetime]]:
    """Answers, base weight and time."""
    chance = random.Random(seed)
    return [
        (
            {"g": chance.choice("ffm"), "a": chance.choice("12"), "q": chance.choice(["1", "2", "3", None])},
            chance.choice([1.0, 0.952, 1.126]),
            chance.choice(MONTHS),
        )
        for _ in range(count)
    ]


def add(rows: Sequence[tuple[Answers, float, datetime]], origin: str = "test") -> None:
    wave = surveys.waves("made")[0]
    bulk.add(
        wave.id,
        [
            bulk.Finished(f"{origin}/{number}", "en", json.dumps(answers), when, when, weight)
            for number, (answers, weight, when) in enumerate(rows)
        ],
    )


def job(app: Flask) -> None:
    roll_up.act(Run(app.extensions["settings"], lambda: NOW, lambda: None))


@pytest.fixture
def survey(app: Flask) -> Flask:
    """The survey with an open wave, without responses."""
    with app.app_context():
        surveys.publish(made(), OPENED)
        surveys.open_wave("made", "w1", OPENED)
    return app


def shown(variable: str = "q") -> dict[tuple[str, str, str], float]:
    """(period, domain, code) -> share of every figure that pages show."""
    return {
        (row.period, row.domain, code): figure.value
        for row in estimates.of_variable("made", variable)
        if row.estimate
        for code, figure in row.estimate.figures.items()
    }


def test_a_scheme_is_followed_by_the_estimates_and_named_by_them(survey: Flask) -> None:
    with survey.app_context():
        add(people(80, 1))
        job(survey)
        assert {row.scheme for row in estimates.of_variable("made", "q")} == {"unweighted"}
        before = shown()
        [done] = schemes.publish("made", [frozen()], NOW)
        assert done.is_new
        assert len(tallies.stale_places()) == 2
        assert shown() == before  # Until the roll-up, pages show what they showed.
        job(survey)
        rows = estimates.of_variable("made", "q")
        assert {(row.scheme, row.version) for row in rows} == {("raked", frozen().hash)}
        assert shown() != before
        assert {row.scheme for row in estimates.of_variable("made", "q", "unweighted")} == {"unweighted"}
        assert {row.scheme for row in estimates.newest("made", ["q"])} == {"raked"}


def test_publishing_the_same_again_changes_nothing(survey: Flask) -> None:
    with survey.app_context():
        add(people(20, 1))
        schemes.publish("made", [frozen()], NOW)
        job(survey)
        [again] = schemes.publish("made", [frozen()], NOW)
        assert not again.is_new
        assert tallies.stale_places() == []
        schemes.publish("made", [frozen("other"), frozen()], NOW)
        assert len(tallies.stale_places()) == 2
        job(survey)
        assert [one.scheme.key for one in schemes.current("made")] == ["other", "raked"]
        assert {row.scheme for row in estimates.of_variable("made", "q")} == {"other"}


def test_new_targets_make_only_what_hangs_on_them_anew(survey: Flask) -> None:
    with survey.app_context():
        other = Questionnaire.model_validate({**json.loads(made().canonical), "survey": "second"})
        surveys.publish(other, OPENED)
        beside = surveys.open_wave("second", "w1", OPENED)
        send(responses.new_token(), beside, *people(1, 1)[0][::2])
        add(people(80, 1))
        schemes.publish("made", [frozen(), frozen("beside")], NOW)
        job(survey)
        before = shown()
        # What nobody is shown figures by is computed when it is asked for.
        schemes.publish("made", [frozen(), frozen("beside", total="respondents")], NOW)
        assert tallies.stale_places() == []
        people_now = frozen().targets["people"].model_copy(update={"margins": {"g": {"f": 0.5, "m": 0.5}}})
        newer = frozen().model_copy(update={"targets": {"people": people_now}})
        schemes.publish("made", [newer, frozen("beside")], NOW)
        own = surveys.waves("made")[0].id
        assert tallies.stale_places() == [(own, "2026-01"), (own, "2026-02")]
        job(survey)
        assert {row.version for row in estimates.of_variable("made", "q")} == {newer.hash}
        assert shown() != before


def test_what_pages_show_is_what_is_exported(survey: Flask) -> None:
    with survey.app_context():
        add(people(120, 2))
        schemes.publish("made", [frozen()], NOW)
        job(survey)
        exported = {
            (row["period"], row["domain"], row["figure"]): row["value"]
            for row in export(Request("made", minimum=MINIMUM)).rows
            if not row["suppressed"]
        }
        assert exported == shown()


def test_weights_of_a_wave_make_months_groups_within_it(survey: Flask) -> None:
    with survey.app_context():
        rows = people(120, 3)
        add([row for row in rows if row[2] == MONTHS[0]], "first")
        schemes.publish("made", [frozen(period="wave")], NOW)
        job(survey)
        before = shown()
        add([row for row in rows if row[2] == MONTHS[1]], "second")
        job(survey)
        after = shown()
        first = [key for key in after if key[0] == "2026-01"]
        assert first
        assert [after[key] for key in first] != [before[key] for key in first]
        totals = export(Request("made", step="wave", minimum=None, totals=True, variables=["g", "q"])).weighting
        assert [(one["period"], one["total"]) for one in totals] == [("w1", pytest.approx(1000))]


def test_months_weighted_apart_add_up_to_the_wave(survey: Flask) -> None:
    with survey.app_context():
        add(people(120, 3))
        schemes.publish("made", [frozen()], NOW)
        job(survey)
        made_of = export(Request("made", step="wave", minimum=None)).weighting
        assert [(one["group"], one["total"]) for one in made_of] == [
            ("2026-01", pytest.approx(1000)),
            ("2026-02", pytest.approx(1000)),
        ]


def test_a_period_finer_than_the_tallies_is_refused(survey: Flask) -> None:
    with survey.app_context():
        add(people(20, 1))
        job(survey)
        with pytest.raises(RequestError, match="kept by month"):
            export(Request("made", step="week"))
        with pytest.raises(RequestError, match="neither a breakdown nor a weighting variable"):
            export(Request("made", by=[["q"]]))
        with pytest.raises(RequestError, match="it has: unweighted"):
            export(Request("made", scheme="raked"))


@pytest.mark.parametrize("seed", range(3))
def test_order_batches_and_withdrawals_change_no_estimate(survey: Flask, seed: int) -> None:
    chance = random.Random(seed)
    rows = people(60, seed)
    with survey.app_context():
        wave = surveys.waves("made")[0]
        schemes.publish("made", [frozen()], NOW)
        tokens = [responses.new_token() for _ in rows]
        order = chance.sample(range(len(rows)), len(rows))
        for number in order:
            send(tokens[number], wave.id, *rows[number][::2])
        while tallies.roll_up(chance.randint(1, 20)):
            pass
        for number in chance.sample(order, 15):
            assert responses.withdraw(tokens[number])
            if chance.random() < 0.5:
                tallies.roll_up(chance.randint(1, 5))
            send(responses.new_token(), wave.id, *rows[number][::2])
        job(survey)
        assert recount.verify() == []
        assert_same(shown(), plain(rows))


def plain(rows: Sequence[tuple[Answers, float, datetime]]) -> dict[tuple[str, str, str], float]:
    """The same, of responses that came in order and stayed."""
    before = {key for row in bulk.read_submitted([wave.id for wave in surveys.waves("made")]) for key in [row.id]}
    assert len(before) == len(rows)
    recount.rebuild()
    exported = export(Request("made", minimum=MINIMUM)).rows
    return {(r["period"], r["domain"], r["figure"]): r["value"] for r in exported if not r["suppressed"]}


def assert_same(found: dict[tuple[str, str, str], float], wanted: dict[tuple[str, str, str], float]) -> None:
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, rel=1e-12, abs=1e-15)


def send(token: str, wave_id: int, answers: Answers, when: datetime) -> None:
    responses.start(token, wave_id, "en", answers, when)
    stored = responses.find(token)
    assert stored
    responses.submit(token, stored, lambda given: given, when + timedelta(minutes=5))
