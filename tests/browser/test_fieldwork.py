"""Fieldwork in a real browser, on a phone, scripts off and on, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.accounts.door import ORGANIZER, PASSWORD
from tests.conftest import ROOT, make_settings, migrate
from tests.site import Site, start_site

from .reader import send, sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-fieldwork")]

SOURCE = (ROOT / "tests" / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
SHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site with an organizer for all tests here: every test has a survey of its own."""
    folder: Path = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    site = start_site(address, folder, {})
    site.flask("user", "create", ORGANIZER, "--role", "organizer", "--password-stdin", input=PASSWORD + "\n")
    yield site
    site.stop()


def look(page: Page, name: str, axe: bool) -> None:
    """What holds of every page; with SCREENSHOTS set, also a picture of it."""
    sound(page, axe)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "scripts"), [("ja", True), ("en", False)])
def test_a_wave_is_planned_in_a_time_zone(
    browser: Browser, running: Site, tmp_path: Path, language: str, scripts: bool
) -> None:
    key = f"planned-{language}"
    file = tmp_path / "survey.yaml"
    file.write_text(SOURCE.replace("survey: small", f"survey: {key}"), encoding="utf-8")
    running.flask("survey", "publish", str(file))
    context = browser.new_context(
        base_url=running.address, locale=language, java_script_enabled=scripts, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"/sign-in?next=/organize/surveys/{key}/open")
    page.fill("#email", ORGANIZER)
    page.fill("#password", PASSWORD)
    send(page, "main button")
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
    context.close()
