"""A small survey with answers whose totals are known, rolled up as the job does it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.storage import refreshing, responses, surveys, tallies

MINIMUM = 5  # As in the settings of the tests.
NOW = datetime(2026, 11, 23, tzinfo=UTC)

SOURCE = """
survey: opinion
title: {en: Opinion, ja: 意見}
languages: [ja, en]
period: month
weighting: [country, group, age]
breakdowns:
  - {name: country, label: {en: Country, ja: 国}}
  - name: stakeholder
    label: {en: Stakeholder group, ja: 立場}
    groups:
      - {code: host, label: {en: Host communities, ja: 基地周辺の住民}, where: "${group} = 'host'"}
      - {code: expert, label: {en: Experts, ja: 専門家}, where: "${group} = 'expert'"}
  # AGES
choices:
  support:
    - {code: 1, label: {en: Oppose, ja: 反対}}
    - {code: 2, label: {en: Neither, ja: どちらでもない}}
    - {code: 3, label: {en: Support it, ja: 賛成}}
pages:
  - name: about
    title: {en: About you, ja: あなたについて}
    questions:
      - name: country
        kind: select_one
        label: {en: Where do you live?, ja: お住まいはどちらですか。}
        choices:
          - {code: jp, label: {en: Japan, ja: 日本}}
          - {code: us, label: {en: United States, ja: アメリカ}}
      - name: group
        kind: select_one
        label: {en: Who are you?, ja: どなたですか。}
        choices:
          - {code: host, label: {en: Host, ja: 住民}}
          - {code: expert, label: {en: Expert, ja: 専門家}}
      - name: age
        kind: select_one
        label: {en: Your age?, ja: 年齢はおいくつですか。}
        choices:
          - {code: 1, label: {en: Young, ja: 若い}}
          - {code: 2, label: {en: Grown, ja: 大人}}
          - {code: 3, label: {en: Older, ja: 年配}}
          - {code: 4, label: {en: Old, ja: 高齢}}
  - name: opinions
    title: {en: Opinions, ja: 意見}
    questions:
      - name: proposals
        kind: matrix
        label: {en: Do you support each?, ja: 賛成ですか。}
        choices: support
        dont_know: true
        rows:
          - {name: DD6a, action: DD6a, label: {en: WORDING, ja: 基地の合意}}
          - {name: DD7a, action: DD7a, label: {en: Exchanges, ja: 交流}}
      - name: view
        kind: scale
        label: {en: What is your view?, ja: どう思いますか。}
        choices:
          - {code: 1, label: {en: Very bad, ja: とても悪い}}
          - {code: 2, label: {en: Bad, ja: 悪い}}
          - {code: 3, label: {en: Good, ja: 良い}}
          - {code: 4, label: {en: Very good, ja: とても良い}}
      - name: visits
        kind: integer
        label: {en: How many visits?, ja: 何回訪れましたか。}
      - name: secret
        kind: select_one
        publish: false
        label: {en: Secret?, ja: 秘密ですか。}
        choices: support
"""

Answer = Callable[..., Answers]
Field = Callable[..., None]
_wave = itertools.count(1)


def questionnaire(wording: str = "Bases", ages: bool = False) -> Questionnaire:
    """The survey; with `ages` it is broken down by these as well, which are four."""
    source = SOURCE.replace("WORDING", json.dumps(wording, ensure_ascii=False))
    source = source.replace("# AGES", "- {name: age}") if ages else source
    return read_questionnaire(source.encode(), {"DD6a": "current", "DD7a": "current"})


@dataclass
class Group:
    """People who all give the same answers."""

    count: int
    answers: Answers


def people(count: int, country: str, group: str, support: str | None, **answers: str | int | None) -> Group:
    """`count` people of a country and group with the same answer to DD6a."""
    return Group(count, {"country": country, "group": group, "DD6a": support, **answers})


@pytest.fixture
def field(app: Flask) -> Field:
    """Fields months of the survey."""
    return fielding(app)


def fielding(app: Flask) -> Field:
    """What fields one month: opens a wave, submits what groups of people answer, and rolls up."""

    def fielded(
        month: int,
        groups: list[Group],
        *,
        wording: str = "Bases",
        ages: bool = False,
        mode: str = "web",
        synthetic: bool = False,
        version: Questionnaire | None = None,
    ) -> None:
        with app.app_context():
            opens, closes = datetime(2026, month, 1, tzinfo=UTC), datetime(2026, month, 28, tzinfo=UTC)
            surveys.publish(version or questionnaire(wording, ages), opens)
            key = f"w{next(_wave)}"
            wave = surveys.open_wave(
                "opinion", key, NOW, opens_at=opens, closes_at=closes, mode=mode, synthetic=synthetic
            )
            for answers in (group.answers for group in groups for _ in range(group.count)):
                _submit(wave, answers, opens)
            while tallies.roll_up(1000):
                pass
            for place in tallies.stale_places():
                refreshing.refresh(*place, MINIMUM, NOW)

    return fielded


def come_late(app: Flask, answers: Answers, count: int) -> None:
    """Ends the periods of the first wave, to which then, a day later, some more people come who all say the same."""
    with app.app_context():
        refreshing.end_periods(NOW, app.extensions["settings"].to_finish)
        wave = surveys.waves("opinion")[0]
        for _ in range(count):
            _submit(wave.id, answers, wave.opens_at + timedelta(days=1))
        tallies.roll_up(100)
        for place in tallies.stale_places():
            refreshing.refresh(*place, MINIMUM, NOW + timedelta(days=1))


def _submit(wave: int, answers: Answers, at: datetime) -> None:
    token = responses.new_token()
    responses.start(token, wave, "en", answers, at)
    stored = responses.find(token)
    assert stored
    responses.submit(token, stored, lambda given: given, at)


SPLIT = [
    people(12, "jp", "host", "1", DD7a="3", view="4", visits=2),
    people(6, "jp", "expert", "3", DD7a="3", view="3", visits=0),
    people(9, "us", "expert", "3", DD7a="1", view="1", visits=10),
    people(3, "us", "host", "-8", DD7a=None, view="2", visits=4),
]
"""30 people: 15 support DD6a, 12 oppose it, 3 do not know; 18 in Japan, 12 in the United States."""
