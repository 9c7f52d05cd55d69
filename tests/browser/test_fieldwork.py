"""Fieldwork in a real browser, on a phone, scripts off and on, in both languages."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.accounts.door import ORGANIZER
from tests.conftest import ROOT
from tests.post_office import PostOffice
from tests.site import Site

from .mail_site import mail_site
from .reader import send, sign_in, sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-fieldwork")]

SOURCE = (ROOT / "tests" / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
SHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Iterator[Site]:
    """One site with a mail server and an organizer for all tests here: every test has a survey of its own."""
    folder: Path = tmp_path_factory.mktemp("site")
    with mail_site(folder, office, ORGANIZER, "organizer") as site:
        yield site


def look(page: Page, name: str, axe: bool) -> None:
    """What holds of every page; with SCREENSHOTS set, also a picture of it."""
    sound(page, axe)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def published(running: Site, folder: Path, key: str) -> str:
    """A small survey under a key of its own."""
    file = folder / "survey.yaml"
    file.write_text(SOURCE.replace("survey: small", f"survey: {key}"), encoding="utf-8")
    running.flask("survey", "publish", str(file))
    return key


def opened(browser: Browser, running: Site, language: str, scripts: bool) -> Page:
    context = browser.new_context(
        base_url=running.address, locale=language, java_script_enabled=scripts, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def signed_in(browser: Browser, running: Site, address: str, language: str, scripts: bool) -> Page:
    page = opened(browser, running, language, scripts)
    sign_in(page, to=address)
    return page


@pytest.mark.parametrize(("language", "scripts"), [("ja", True), ("en", False)])
def test_a_wave_is_planned_in_a_time_zone(
    browser: Browser, running: Site, tmp_path: Path, language: str, scripts: bool
) -> None:
    key = published(running, tmp_path, f"planned-{language}")
    page = signed_in(browser, running, f"/organize/surveys/{key}/open", language, scripts)
    look(page, f"plan-{language}", scripts)
    page.fill("#time_zone", "Asia/Nowhere")
    page.fill("#closes_at", "2999-03-14T21:00")
    page.uncheck("#languages-en")
    send(page, "main button")
    look(page, f"plan-refused-{language}", scripts)
    assert page.locator("#time_zone-error").count() == 1
    assert page.input_value("#closes_at") == "2999-03-14T21:00"
    assert not page.is_checked("#languages-en")
    page.fill("#time_zone", "Asia/Tokyo")
    page.fill("#opens_at", "2999-03-01T09:00")
    send(page, "main button")
    look(page, f"planned-{language}", scripts)
    assert page.locator("time[datetime='2999-03-01T00:00:00Z']").count() == 1
    page.goto(f"/s/{key}")
    look(page, f"not-open-{language}", scripts)
    assert "2999年3月1日 09:00（日本標準時）" in page.inner_text("main"), "the wave is fielded in Japanese only"
    page.context.close()


@pytest.mark.parametrize(("language", "scripts"), [("ja", True), ("en", False)])
def test_people_are_invited_by_mail(
    browser: Browser, running: Site, office: PostOffice, tmp_path: Path, language: str, scripts: bool
) -> None:
    key = published(running, tmp_path, f"invited-{language}")
    running.flask("wave", "open", key, "w1", "--invited-only", "--zone", "Asia/Tokyo")
    here = f"/organize/surveys/{key}/waves/w1"
    page = signed_in(browser, running, here, language, scripts)
    look(page, f"wave-empty-{language}", scripts)
    page.goto(f"{here}/contacts")
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(f"email,language\n{key},{language}\n", encoding="utf-8")
    page.set_input_files("#file", contacts)
    send(page, "main form button")
    look(page, f"contacts-refused-{language}", scripts)
    people = [f"{key}-{n}@example.org" for n in range(3)]
    contacts.write_text("email,language\n" + "".join(f"{one},{language}\n" for one in people), encoding="utf-8")
    page.set_input_files("#file", contacts)
    send(page, "main form button")
    page.goto(f"{here}/mails/invitation")
    page.fill(f"#text_{language}", "{link} {oops}")
    send(page, "main button[value=preview]")
    look(page, f"mailing-refused-{language}", scripts)
    page.fill(f"#text_{language}", "{survey}\n\n{link}")
    send(page, "main button[value=preview]")
    look(page, f"mailing-{language}", scripts)
    assert page.locator("pre").count() == 2
    send(page, "main button[value=plan]")
    while len(letters := [one for one in office.letters if one["To"] in people]) < len(people):
        time.sleep(0.1)

    page.goto(f"{here}/quotas")
    page.fill("#size", "many")
    send(page, "main button[value=cross]")
    look(page, f"quotas-refused-{language}", scripts)
    page.fill("#size", "20")
    for box in page.locator("main input[type=checkbox]").all()[:2]:
        box.check()
    send(page, "main button[value=cross]")
    look(page, f"quotas-{language}", scripts)
    assert page.locator("main tbody input").count() > 0

    person = opened(browser, running, language, scripts)
    links = dict(re.findall(r"http://[^/]+(/s/[a-z-]+/(invited|no-mail)/[0-9A-Z-]+)", letters[0].get_content()))
    invited, stop = sorted(links, key=lambda link: "no-mail" in link)
    person.goto(f"/s/{key}")
    look(person, f"by-invitation-{language}", scripts)
    person.goto(invited)
    sound(person, scripts)
    assert person.url.endswith(f"/s/{key}")
    person.goto(f"/s/{key}/full")
    look(person, f"full-{language}", scripts)
    person.goto(stop)
    look(person, f"no-mail-{language}", scripts)
    send(person, "main form button")
    look(person, f"no-mail-done-{language}", scripts)
    page.goto(here)
    look(page, f"wave-{language}", scripts)
    rows = page.locator("#invitations ~ div table").first.locator("tbody tr td")
    assert rows.all_inner_texts() == ["3", "3", "0", "0", "0", "1", "0", "0"]
    for one in (page, person):
        one.context.close()
