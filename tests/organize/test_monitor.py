"""The monitor of a wave: what its page and files say of people who answer, leave, are screened out and withdraw."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.jobs import roll_up
from app.jobs.run import Run
from app.questionnaire.check_names import QUALITY_COLUMNS
from app.questionnaire.model import Questionnaire
from app.research import files
from app.storage import endings, quotas, recount, responses, surveys, tallies, watching
from app.storage.base import reading, writing
from app.storage.models import StoredCounts
from tests.respond.person import JAPAN, Person

from .test_pages import figures, table

KEY = "domestic-diplomacy"
PAGE = f"/organize/surveys/{KEY}/waves/w1/monitor"
NOW = datetime.now(UTC)


def wave_id(app: Flask) -> int:
    with app.app_context():
        return surveys.waves(KEY)[0].id


def job(app: Flask) -> None:
    with app.app_context():
        roll_up.act(Run(app.extensions["settings"], lambda: datetime.now(UTC), lambda: None))


def file(browser: FlaskClient, name: str) -> list[dict[str, str]]:
    answer = browser.get(f"{PAGE}/{name}.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


def complete(app: Flask, language: str, seconds: int, at: datetime = NOW, /, **answers: str) -> str:
    """A response that was sent; its code."""
    code = responses.new_token()
    with app.app_context():
        responses.start(code, wave_id(app), language, {"consent": "yes"}, at)
        stored = responses.find(code)
        assert stored
        responses.submit(code, stored, lambda given: {**given, **answers}, at + timedelta(seconds=seconds))
    return code


def test_a_wave_without_anybody(app: Flask, organizer: FlaskClient, fielded: Questionnaire) -> None:
    page = organizer.get(PAGE)
    assert page.status_code == 200
    assert figures(page.text)[:2] == ["0", "0"]
    assert "Nobody has begun yet" in page.text
    for name in ("days", "quotas", "groups", "group_steps", "pages", "minutes", "languages", "invitations", "quality"):
        assert file(organizer, name) is not None
    assert organizer.get(f"{PAGE}/nothing.csv").status_code == 404
    assert organizer.get(f"/organize/surveys/{KEY}/waves/w2/monitor").status_code == 404


def test_people_who_answer_leave_and_are_turned_away(
    app: Flask, organizer: FlaskClient, fielded: Questionnaire
) -> None:
    with app.app_context():
        wanted = [({"country": "jp"}, 1)]
        quotas.put(KEY, "w1", wave_id(app), wanted, NOW, "o@example.org")
    Person(app.test_client()).open().walk(JAPAN).send()
    Person(app.test_client()).open().walk({**JAPAN, "country": "us", "region_us": "west"}, "explaining")
    Person(app.test_client()).open().walk(JAPAN, "full")
    Person(app.test_client()).open().walk({"consent": "no"}, "0")
    Person(app.test_client()).open().walk({"consent": "yes", "adult": "no"}, "1")
    job(app)
    page = organizer.get(PAGE).text
    assert figures(page)[:1] == ["1"]
    lines = {line["last_page_sent"]: line for line in file(organizer, "pages")}
    ended = {(name, how) for name, line in lines.items() for how in list(line)[5:10] if line[how] != "0"}
    pages = [one.name for one in fielded.pages]
    before = pages[pages.index("explaining") - 1]
    assert {(pages[0], "declined"), (before, "unfinished")} < ended
    assert {how for _, how in ended} == {"declined", "screened_out", "unfinished", "quota_full"}
    assert {line["begun"] for line in lines.values()} == {"5"}
    (quota,) = file(organizer, "quotas")
    assert list(quota.values())[3:] == ["1", "Japan", "1", "1", "1", "1"]
    groups = {(line["variable"], line["code"]): line["completes"] for line in file(organizer, "groups")}
    assert groups["country", "jp"] == "1"
    assert groups["country", "us"] == "0"
    (by_hand,) = table(page, "Each quota: how much of it is filled")
    assert by_hand == ["Japan", "100%", "1", "1", "1", "1"]


def test_how_long_they_take_in_which_language_on_which_day(
    app: Flask, organizer: FlaskClient, fielded: Questionnaire
) -> None:
    for language, seconds in (("ja", 60), ("ja", 120), ("en", 240), ("en", 0)):
        complete(app, language, seconds)
    gone = complete(app, "en", 6000)
    job(app)
    with app.app_context():
        responses.withdraw(gone)
    job(app)
    assert figures(organizer.get(PAGE).text) == ["4", "4", "first page sent", "2.0"]
    (minutes,) = file(organizer, "minutes")
    assert list(minutes.values()) == [KEY, "w1", "0", "1.5000", "2.0000", "3.0000", "3", "1"]
    assert {line["language"]: line["completes"] for line in file(organizer, "languages")} == {"ja": "2", "en": "2"}
    assert sum(int(line["completes"]) for line in file(organizer, "days")) == 4


def test_groups_are_told_day_by_day_where_the_trend_is_of_days(
    app: Flask, organizer: FlaskClient, questionnaire: Questionnaire
) -> None:
    of_days = {**questionnaire.model_dump(mode="json", exclude_defaults=True), "period": "day"}
    before = NOW - timedelta(days=3)
    with app.app_context():
        surveys.publish(Questionnaire.model_validate(of_days), before)
        surveys.open_wave(KEY, "w1", NOW, opens_at=before)
    complete(app, "ja", 0, before, country="jp")
    job(app)
    assert "Groups over time" not in organizer.get(PAGE).text, "of one day alone the table of groups tells all"
    for country in ("us", "us", "jp"):
        complete(app, "ja", 0, country=country)
    job(app)
    days = (f"{before:%Y-%m-%d}", f"{NOW:%Y-%m-%d}")
    told = {(line["period"], line["code"]): line["completes"] for line in file(organizer, "group_steps")}
    assert [told[day, code] for day in days for code in ("jp", "us")] == ["1", "0", "1", "2"]
    page = organizer.get(PAGE).text
    rows = table(page, "Completes by group and day, the newest first; at most 2 stand here, all in the file")
    assert [row[1:] for row in rows[:2]] == [["1", "1"], ["2", "0"]]


def test_who_left_stays_counted_when_the_answers_are_forgotten(app: Flask, fielded: Questionnaire) -> None:
    with app.app_context():
        at = wave_id(app)
        code, other = responses.new_token(), responses.new_token()
        responses.start(code, at, "ja", {"consent": "yes"}, NOW - timedelta(days=9), "start")
        responses.start(other, at, "ja", {"consent": "yes"}, NOW - timedelta(days=9))
        stored = responses.find(code)
        assert stored
        responses.save(code, stored, {"country": "jp"}, "ja", NOW - timedelta(days=8), "stakeholder")
        assert endings.unfinished(at) == {"": 1, "stakeholder": 1}
        assert responses.forget_unfinished(NOW) == 2
        assert endings.unfinished(at) == {}
        assert endings.of_wave(at)[endings.LEFT] == {"": 1, "stakeholder": 1}
        assert not responses.screen_out(complete(app, "ja", 9), at, "start", endings.DECLINED), "what was sent stays"
        assert endings.of_wave(at)[endings.DECLINED] == {}


def test_a_wave_from_before_the_monitor_is_counted_once(app: Flask, fielded: Questionnaire) -> None:
    codes = [complete(app, "ja", 100 + number, country="jp") for number in range(3)]
    with app.app_context():
        tallies.roll_up(100)
        counts = watching.of_wave(wave_id(app))
        with writing() as session:
            session.execute(delete(StoredCounts))
        complete(app, "en", 50, country="us")
        responses.withdraw(codes[0])
        tallies.roll_up(1)  # What comes meanwhile is counted with the others.
        assert watching.of_wave(wave_id(app)) is None
        assert recount.verify() == []
    job(app)
    with app.app_context():
        now = watching.of_wave(wave_id(app))
        assert counts is not None
        assert now is not None
        assert sorted(counts.seconds) == [100, 101, 102]
        assert sorted(now.seconds) == [50, 101, 102]
        assert now.languages == {"ja": 2, "en": 1}
        assert watching.uncounted() == []
        assert recount.verify() == []


def test_verify_tells_what_the_monitor_has_wrong(app: Flask, fielded: Questionnaire) -> None:
    complete(app, "ja", 100, country="jp")
    job(app)
    with app.app_context():
        at = wave_id(app)
        wrong = watching.of_wave(at)
        assert wrong is not None
        wrong.languages["ja"] = 5
        with writing() as session:
            watching.put(session, at, wrong)
        (found,) = recount.verify()
        assert (found.period, found.cell, found.stored, found.counted) == (recount.MONITOR, "languages ja", 5, 1)
        recount.rebuild()
        assert recount.verify() == []
        assert watching.read(reading(), at) is not None


def test_doubtful_responses_are_marked_and_kept(app: Flask, organizer: FlaskClient, fielded: Questionnaire) -> None:
    items = [row.name for one in fielded.questions if one.kind == "matrix" for row in one.rows]  # type: ignore[attr-defined]
    for number in range(30):
        complete(app, "en", 300, **{name: str(1 + (number + place) % 5) for place, name in enumerate(items)})
    fast = complete(app, "en", 99, **dict.fromkeys(items, "4"))
    for _ in range(2):
        Person(app.test_client()).open().walk(JAPAN).send()
    job(app)
    marked = {line["flag"]: (line["responses"], line["of"]) for line in file(organizer, "quality")}
    assert marked["straight_lining"] == ("1", "33")
    assert marked["contradictory"] == ("", "33")
    assert marked["duplicate"] == ("2", "33")
    assert int(marked["speeding"][0]) >= 1
    with app.app_context():
        chunks = files.responses(KEY, None, False)
        assert chunks is not None
        rows = list(csv.DictReader(io.StringIO(b"".join(chunks).decode())))
        (of_fast,) = [row for row in rows if row["response_id"] == str(responses.response_id(fast))]
        assert [of_fast[name] for name in QUALITY_COLUMNS] == ["99", "1", "1", "", ""]
        assert sum(row["quality_duplicate"] == "1" for row in rows) == 2
        assert len(rows) == 33, "nothing is deleted"
        book = files.codebook(KEY, False)
        assert book is not None
        told = {row["column"]: row["label_ja"] for row in csv.DictReader(io.StringIO(b"".join(book).decode()))}
        assert all(told[name] for name in QUALITY_COLUMNS)
        responses.withdraw(fast)
    job(app)
    assert {line["flag"]: line["responses"] for line in file(organizer, "quality")}["straight_lining"] == "0"


def test_made_up_waves_are_marked(app: Flask, organizer: FlaskClient, fielded: Questionnaire) -> None:
    with app.app_context():
        surveys.open_wave(KEY, "demo", NOW, synthetic=True)
    address = f"/organize/surveys/{KEY}/waves/demo/monitor"
    assert "These figures are made up" in organizer.get(address).text
    answer = organizer.get(f"{address}/languages.csv")
    assert "-synthetic_" in answer.headers["Content-Disposition"]
    assert {line["synthetic"] for line in csv.DictReader(io.StringIO(answer.text))} == {"1"}
