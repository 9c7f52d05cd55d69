"""A person at a browser without scripts: reads pages, fills the form in, presses buttons."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SURVEY = "/s/domestic-diplomacy"
Fields = list[tuple[str, str]]
Given = Mapping[str, str | list[str]]

JAPAN: dict[str, str | list[str]] = {
    "consent": "yes",
    "adult": "yes",
    "country": "jp",
    "group": "public",
    "gender": "female",
    "age_group": "-9",
    "region_jp": "okinawa",
    "favour": "4",
    "trust_consult": "-8",
    "trust_defend": "3",
    "aware_guarantee": "2",
    "DD1a": "5",
    "DD6a": "1",
    "contact": ["study", "work"],
    "burden": "1",
    "comment": "基地の騒音が気になります。\n<script>alert(1)</script>",
}
"""Answers of a person in Japan; everything not named is left open."""


class Person:
    """One browser. `here` is the address of the page that is open, `page` what it holds."""

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self.client = client
        self.headers = {"Accept-Language": language}
        self.here = ""
        self.response: TestResponse

    def open(self, address: str = SURVEY) -> Person:
        self.settle(self.client.get(address, headers=self.headers, follow_redirects=True))
        return self

    def settle(self, response: TestResponse) -> None:
        self.response = response
        self._parsed: BeautifulSoup | None = None
        url = urlsplit(response.request.url)
        self.here = url.path + (f"?{url.query}" if url.query else "")

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def page(self) -> BeautifulSoup:
        if self._parsed is None:
            self._parsed = BeautifulSoup(self.response.data, "html.parser")
        return self._parsed

    @property
    def heading(self) -> str:
        heading = self.page.h1
        assert heading is not None
        return heading.get_text(strip=True)

    @property
    def place(self) -> str:
        """The last part of the address: the screen's name, "check", "receipt" …"""
        return urlsplit(self.here).path.rsplit("/", 1)[-1]

    @property
    def token(self) -> str:
        cookie = self.client.get_cookie("answering-domestic-diplomacy")
        assert cookie is not None
        return cookie.value

    def form(self) -> Tag:
        found = self.page.select_one("main form")
        assert found is not None, self.response.text
        return found

    def fields(self) -> Fields:
        """What a browser would send of the form as it stands."""
        found: Fields = []
        for item in self.form().select("input, textarea, select"):
            name = item.get("name")
            if not name or (item.get("type") in ("radio", "checkbox") and not item.has_attr("checked")):
                continue
            if item.name == "select":
                chosen = item.select_one("option[selected]") or item.select_one("option")
                found.append((str(name), str(chosen["value"] if chosen else "")))
                continue
            # A parser drops the first line end of a textarea, which this one does not know.
            value = item.get_text().removeprefix("\n") if item.name == "textarea" else item.get("value", "")
            found.append((str(name), str(value)))
        return found

    def filled(self, answers: Given) -> Fields:
        """The form with other answers."""
        given = {f"q_{name}": value for name, value in answers.items()}
        fields = [(name, value) for name, value in self.fields() if name not in given]
        for name, value in given.items():
            fields += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return fields

    def post(self, fields: Fields, address: str | None = None, follow: bool = True) -> Person:
        target = address or urljoin(self.here, str(self.form().get("action") or self.here))
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        self.settle(self.client.post(target, data=data, headers=self.headers, follow_redirects=follow))
        return self

    def press(self, action: str = "next", **answers: str | list[str]) -> Person:
        """Fills some answers in and presses a button of the page of questions."""
        return self.post([*self.filled(answers), ("action", action)])

    def switch(self, language: str, **answers: str | list[str]) -> Person:
        return self.post([*self.filled(answers), ("language", language)])

    def asked(self) -> list[str]:
        """The variables on the page."""
        names = [str(item["name"]) for item in self.form().select("[name^=q_]")]
        return list(dict.fromkeys(name.removeprefix("q_") for name in names))

    def walk(self, answers: Given, until: str = "check") -> Person:
        """Answers page after page, from the one that is open."""
        for _ in range(50):
            if self.place == until:
                return self
            assert self.status == 200, (self.here, self.response.text)
            here = {name: answers[name] for name in self.asked() if name in answers}
            self.post([*self.filled(here), ("action", "next")])
        raise AssertionError(f"{until} was not reached, but {self.here}")

    def send(self) -> Person:
        """The button of the check page."""
        return self.post(self.fields())

    def code(self) -> str:
        found = self.page.select_one(".receipt-code")
        assert found is not None, self.response.text
        return found.get_text(strip=True)
