"""What was published of an ended period stays in the log when it changes, unless that would tell of a few people."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.jobs import roll_up
from app.jobs.run import Run
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.scheme import UNWEIGHTED, FrozenScheme
from app.storage import bulk, estimates, moves, recount, responses, revisions, schemes, surveys
from app.storage.revisions import Revision
from tests.questionnaire.made import questionnaire_of

from .test_weighted import MINIMUM, OPENED, frozen, made, question

CLOSED = OPENED + timedelta(days=20)
NOW = OPENED + timedelta(days=60)


class Field:
    """A wave of the survey, people in it, and the job at times that go on."""

    def __init__(self, app: Flask) -> None:
        self.app, self.now = app, NOW
        self.wave = surveys.open_wave("made", "w1", OPENED, opens_at=OPENED, closes_at=CLOSED)

    def add(self, count: int, g: str = "f", a: str = "1", q: str | None = "1") -> list[str]:
        answers: Answers = {"g": g, "a": a, "q": q}
        tokens = [responses.new_token() for _ in range(count)]
        for token in tokens:
            responses.start(token, self.wave, "en", answers, OPENED)
            stored = responses.find(token)
            assert stored
            responses.submit(token, stored, lambda given: given, CLOSED - timedelta(days=1))
        return tokens

    def job(self, after: timedelta = timedelta(days=1)) -> datetime:
        self.now += after
        roll_up.act(Run(self.app.extensions["settings"], lambda: self.now, lambda: None))
        return self.now


@pytest.fixture
def field(app: Flask) -> Field:
    """A hundred women and men of both ages, published after the wave had ended."""
    with app.app_context():
        surveys.publish(made(), OPENED)
        found = Field(app)
        people = [(g, a, q) for g in "fm" for a in "12" for q in [*15 * ["1"], *10 * ["2"]]]
        when = CLOSED - timedelta(days=1)
        rows = [json.dumps({"g": g, "a": a, "q": q}) for g, a, q in people]
        bulk.add(found.wave, [bulk.Finished(f"test/{i}", "en", row, when, when) for i, row in enumerate(rows)])
        found.job()
        return found


def whole(scheme: str = UNWEIGHTED) -> float:
    [row] = [one for one in estimates.of_variable("made", "q", scheme) if one.domain == "all"]
    assert row.estimate
    return row.estimate.figures["1"].value


def first_whole(scheme: str) -> float:
    """The same of the first of several periods."""
    row = next(one for one in estimates.of_variable("made", "q", scheme) if one.domain == "all")
    assert row.estimate
    return row.estimate.figures["1"].value


def log(domain: str | None = None, scheme: str = UNWEIGHTED) -> list[Revision]:
    found = revisions.of_survey("made")
    return [one for one in found if one.scheme == scheme and domain in (None, one.domain)]


def values(found: Sequence[Revision]) -> list[tuple[float, float]]:
    return [(one.earlier.figures["1"].value, one.later.figures["1"].value) for one in found]


def test_late_responses_leave_the_earlier_value_with_when_and_why(field: Field) -> None:
    with field.app.app_context():
        published = field.now
        before = whole()
        assert log() == []
        field.add(10, "f", "1", "2")
        revised = field.job()
        [one] = log("all")
        assert values([one]) == [(before, whole())]
        assert [before, whole()] == pytest.approx([60 / 100, 60 / 110])
        assert (one.earlier.n, one.later.n) == (100, 110)
        assert (one.published_at, one.revised_at, one.reasons) == (published, revised, ("late_responses",))
        # All ten were women of the first age: nothing changed for the others, and nothing is told of them.
        assert {row.domain for row in log()} == {"all", "g=f", "a=1"}


def test_one_withdrawal_is_told_only_with_others(field: Field) -> None:
    with field.app.app_context():
        before, [token, *_] = whole(), field.add(MINIMUM, "f", "1", "3")
        field.job()
        assert values(log("all")) == [(before, middle := whole())]
        responses.withdraw(token)
        field.job()
        # Four are left of the five who came, and one has gone: neither tells enough people apart from the page.
        assert whole() != middle
        assert log() == []
        field.add(MINIMUM, "m", "2", "1")
        field.job()
        assert values(log("all")) == [(middle, whole()), (before, middle)]
        # Of the women one has gone since the second edition, and whoever knew all and the men would know it.
        [second] = {one.published_at for one in log("all") if one.reasons != ("late_responses",)}
        assert {one.domain for one in log() if one.published_at == second} == {"all"}


def test_who_goes_is_known_by_the_edition_that_counted_them_first(field: Field) -> None:
    """Not by name: of late responses their edition is noted, and of a withdrawal how many of that edition went."""
    with field.app.app_context():
        early = field.add(1, "f", "1", "1")
        late = [field.add(MINIMUM, "f", "1", "3")]
        field.job()
        late.append(field.add(MINIMUM, "f", "1", "3"))
        field.job()
        for tokens in (early, *late):
            responses.withdraw(tokens[0])
        passing = field.add(1, "f", "1", "2")
        field.job()
        responses.withdraw(passing[0])
        field.job()
        [period] = {one.period for one in estimates.of_variable("made", "q", UNWEIGHTED)}
        found = moves.read(db.session(), (field.wave, period), 2)
        people = {number: cells["f|1"][:, 0].tolist() for number, cells in found.items()}
        assert people == {0: [MINIMUM + 1, 0], 1: [MINIMUM, 0], 2: [1, 0, 2, 1, 1]}


def test_a_withdrawal_takes_the_queue_before_the_response_as_a_roll_up_does(field: Field) -> None:
    """A roll-up writes to a late response after that: the other way round each could wait for the other."""
    with field.app.app_context():
        [token] = field.add(1)
        said: list[str] = []

        def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            assert responses.withdraw(token)
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
        queue = next(place for place, one in enumerate(said) if "DELETE FROM tally_queue" in one)
        state = next(place for place, one in enumerate(said) if "response.state" in one)
        assert queue < state
        if db.engine.dialect.name == "postgresql":
            assert not any("FOR UPDATE" in one for one in said[:queue])
            assert "FOR UPDATE" in said[state]
        assert responses.find(token) is None


def test_withdrawals_of_enough_people(field: Field) -> None:
    with field.app.app_context():
        tokens = field.add(MINIMUM, "f", "1", "3")
        field.job()
        middle = whole()
        for token in tokens:
            responses.withdraw(token)
        field.job()
        # Who came is gone again: the first edition is what is published now, and only the second is another.
        assert values(log("all")) == [(middle, whole())]
        assert {one.reasons for one in log()} == {("withdrawals",)}


def test_new_targets_revise_weighted_figures_only(field: Field) -> None:
    with field.app.app_context():
        field.add(30, "m", "2", "2")
        schemes.publish("made", [frozen()], NOW)
        field.job()
        assert log(scheme="raked") == []  # Nothing weighted had been published.
        before, version = whole("raked"), frozen().hash
        other = frozen()
        targets = other.targets["people"].model_copy(update={"margins": {"g": {"f": 0.5, "m": 0.5}}})
        other = other.model_copy(update={"targets": {"people": targets}})
        schemes.publish("made", [other], NOW)
        field.job()
        assert {row.reasons for row in log()} == {("late_responses", "scheme")}
        assert {row.reasons for row in log(scheme="raked")} == {("targets",)}
        assert values(log("all", "raked")) == [(before, whole("raked"))]
        assert {(row.version, row.later_version) for row in log(scheme="raked")} == {(version, other.hash)}


def of_regions_and_ages(*shares: float) -> FrozenScheme:
    ages = dict(zip("12345", (0.13, 0.22, 0.19, 0.29, 0.17), strict=True))
    margins = {"g": dict(zip("abcde", shares, strict=True)), "a": ages}
    scheme = {"key": "raked", "targets": "people", "label": {"en": "Raked"}}
    targets = {"people": {"margins": margins, "population": 1000}}
    return FrozenScheme.model_validate({"survey": "made", "scheme": scheme, "targets": targets})


@pytest.mark.parametrize(("few", "told"), [(1, False), (10, True)])
def test_weightings_to_two_targets_are_no_two_equations_for_a_small_group(app: Flask, few: int, told: bool) -> None:
    """Figures of all ages by the one and by the other, and what four people of a region answered is solved for."""
    with app.app_context():
        version = questionnaire_of([question("g", *"abcde"), question("a", *"12345"), question("q", "1", "2", "3")])
        document = version.model_dump(mode="json", exclude_defaults=True)
        asked = {**document, "weighting": ["g", "a"], "breakdowns": [{"name": "g"}, {"name": "a"}]}
        surveys.publish(Questionnaire.model_validate(asked), OPENED)
        field, when = Field(app), OPENED - timedelta(days=40)
        # Each of the four regions has nobody of one age.
        people = [(g, a) for place, g in enumerate("abcd") for a in "12345" if int(a) != 1 + place] * few
        people += [("e", a) for a in "12345"] * 12
        rows = [json.dumps({"g": g, "a": a, "q": str(1 + n % 2)}) for n, (g, a) in enumerate(people)]
        bulk.add(field.wave, [bulk.Finished(f"test/{i}", "en", row, when, when) for i, row in enumerate(rows)])
        schemes.publish("made", [of_regions_and_ages(0.1, 0.2, 0.15, 0.25, 0.3)], NOW)
        field.job()
        field.job()
        before = first_whole("raked")
        schemes.publish("made", [of_regions_and_ages(0.3, 0.1, 0.2, 0.12, 0.28)], NOW)
        field.job()
        assert first_whole("raked") != pytest.approx(before)
        ages = [one for one in log(scheme="raked") if one.period == f"{when:%Y-%m}" and one.domain.startswith("a=")]
        assert len(ages) == 5 if told else len(ages) < 5


def test_another_way_of_weighting_is_told_from_other_targets(field: Field) -> None:
    with field.app.app_context():
        field.add(30, "m", "2", "2")
        schemes.publish("made", [frozen()], NOW)
        field.job()
        before = whole("raked")
        schemes.publish("made", [frozen(margins=["g"])], NOW)
        field.job()
        assert values(log("all", "raked")) == [(before, whole("raked"))]
        assert {row.reasons for row in log(scheme="raked")} == {("scheme",)}


def test_a_recount_that_changes_nothing_revises_nothing(field: Field) -> None:
    with field.app.app_context():
        recount.rebuild()
        field.job()
        assert log() == []


def test_before_a_period_has_ended_nothing_is_revised(app: Flask) -> None:
    with app.app_context():
        surveys.publish(made(), OPENED)
        found = Field(app)
        found.now = OPENED
        found.add(20)
        found.job()
        found.add(20, q="2")
        found.job()
        assert log() == []
        found.now = NOW
        found.job()
        found.add(20, q="2")
        found.job()
        [(before, after)] = values(log("all"))
        assert [before, after] == pytest.approx([1 / 2, 1 / 3])


def test_changes_of_one_day_make_one_edition(field: Field) -> None:
    with field.app.app_context():
        seen = [whole()]
        for _ in range(5):
            field.add(12, "m", "2", "2")
            field.job(timedelta(hours=5))
        seen.append(whole())
        # All were changes of the first edition, until a day had passed since it was published.
        [(before, after)] = values(log("all"))
        assert (before, after) == (seen[0], seen[1])
        field.add(12, "m", "2", "1")
        field.job()
        [(_, newest), *_, (oldest, _)] = values(log("all"))
        assert (oldest, newest) == (seen[0], whole())


def test_what_changed_on_the_first_day_is_told_though_nothing_changes_again(field: Field) -> None:
    with field.app.app_context():
        before = whole()
        field.add(12, "m", "2", "2")
        field.job(timedelta(hours=5))
        assert log() == []
        field.job(timedelta(hours=20))
        assert values(log("all")) == [(before, whole())]
        assert log("all")[0].reasons == ("late_responses",)
        # It is looked at once: what cannot be told then waits for the next change.
        field.add(1, "m", "2", "2")
        field.job(timedelta(hours=5))
        made_at = field.job(timedelta(hours=20))
        field.job()
        assert {row.refreshed_at for row in estimates.of_variable("made", "q")} == {made_at}


def test_who_had_begun_may_finish_before_a_period_has_ended(app: Flask) -> None:
    with app.app_context():
        surveys.publish(made(), OPENED)
        found = Field(app)
        within = app.extensions["settings"].to_finish(None)
        assert within > timedelta(hours=1)
        found.now = CLOSED - timedelta(days=1)
        found.add(20)
        found.job()
        found.add(20, q="2")
        found.job(within - timedelta(hours=1))
        assert log() == []
        found.job(timedelta(hours=2))
        found.add(20, q="2")
        found.job()
        assert len(log("all")) == 1


def test_the_log_goes_on_from_edition_to_edition(field: Field) -> None:
    with field.app.app_context():
        seen = [whole()]
        for q in "231":
            field.add(12, "m", "2", q)
            field.job()
            seen.append(whole())
        assert values(log("all")) == list(pairwise(seen))[::-1]


def test_a_refresh_reads_the_log_of_its_own_period_only(field: Field) -> None:
    """However many periods have a log, a change of one costs the same statements."""
    with field.app.app_context():

        def cost() -> int:
            statements: list[str] = []
            field.add(1, "f", "1", "1")
            event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
            field.job()
            return len(statements)

        first = cost()
        assert cost() <= first


def people_of(rows: Sequence[tuple[str, str, str | None]], domain: str) -> int:
    name, _, code = domain.partition("=")
    return sum(domain == "all" or {"g": g, "a": a}[name] == code for g, a, q in rows if q)


@pytest.mark.parametrize("seed", range(2))
def test_at_no_time_does_the_log_tell_of_a_few(field: Field, seed: int) -> None:
    """Through whatever comes and goes: of no group in the log fewer than the minimum changed, nor do any remain."""
    chance = random.Random(seed)
    with field.app.app_context():
        there: dict[str, tuple[str, str, str | None]] = {}
        everybody: dict[str, tuple[str, str, str | None]] = {}
        at: dict[datetime, set[str]] = {field.now: set()}
        for _ in range(8):
            for _ in range(chance.choice([0, 1, 3])):
                g, a, q = chance.choice("fm"), chance.choice("12"), chance.choice(["1", "2", None])
                there |= dict.fromkeys(field.add(chance.choice([1, 2, 6]), g, a, q), (g, a, q))
            everybody |= there
            for token in chance.sample(sorted(there), min(len(there), chance.choice([0, 1, 6]))):
                responses.withdraw(token)
                there.pop(token)
            at[field.job()] = set(there)
            for one in log():
                changed = at[one.published_at] ^ set(there)
                few = people_of([everybody[token] for token in changed], one.domain)
                assert few == 0 or few >= MINIMUM, one


def test_the_command_prints_what_the_page_has(field: Field) -> None:
    with field.app.app_context():
        field.add(10, "f", "1", "2")
        field.job()
    client, runner = field.app.test_client(), field.app.test_cli_runner()
    printed = runner.invoke(args=["estimates", "revisions", "made"])
    assert printed.output.splitlines() == client.get("/revisions/made.csv").text.splitlines()
    rows = list(csv.DictReader(io.StringIO(printed.output)))
    assert {row["domain"] for row in rows} == {"all", "g=f", "a=1"}
    found = json.loads(runner.invoke(args=["estimates", "revisions", "made", "--format", "json"]).output)
    assert found == client.get("/revisions/made.json").json
    assert runner.invoke(args=["estimates", "revisions", "nothing"]).exit_code == 1
