"""Publishing over an earlier version in a real browser, on a phone, scripts off and on: compared, declared, sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.accounts.door import ORGANIZER, PASSWORD
from tests.conftest import ROOT, make_settings, migrate
from tests.site import Site, start_site

from .reader import send, sign_in, sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-publishing")]

SOURCE = (ROOT / "tests" / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
NEW = SOURCE.replace("How old are you?", "What is your age?").replace("name: view\n", "name: opinion\n")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site with an organizer for all tests here: every test has a survey of its own."""
    folder: Path = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    with start_site(address, folder, {}) as site:
        site.flask("user", "create", ORGANIZER, "--role", "organizer", "--password-stdin", input=PASSWORD + "\n")
        yield site


@pytest.mark.parametrize("scripts", [False, True])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_line_is_declared_to_go_on(
    browser: Browser, running: Site, tmp_path: Path, language: str, scripts: bool
) -> None:
    key = f"small-{language}-{'on' if scripts else 'off'}"
    file = tmp_path / "first.yaml"
    file.write_text(SOURCE.replace("survey: small", f"survey: {key}"), encoding="utf-8")
    running.flask("survey", "publish", str(file))
    context = browser.new_context(
        base_url=running.address, locale=language, java_script_enabled=scripts, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    sign_in(page)
    page.goto(f"/organize/upload?from={key}")
    page.fill("#text", NEW.replace("survey: small", f"survey: {key}"))
    send(page, "main button[value=check]")
    sound(page, scripts)
    assert page.locator(".compared").count() == 3

    page.click("section[aria-labelledby=compared_age] summary")
    page.fill("#reason_age", "同じ質問です。")
    page.click("section[aria-labelledby=compared_opinion] summary")
    page.select_option("#was_opinion", "view")
    send(page, "main button[value=check]")
    sound(page, scripts)
    page.click(".error-summary a")
    page.fill("#reason_opinion", "Renamed only.")
    assert page.input_value("#reason_age") == "同じ質問です。"
    assert page.input_value("#was_opinion") == "view"
    send(page, "main button[value=check]")
    sound(page, scripts)
    assert page.locator(".compared").count() == 2
    send(page, "main button[value=publish]")
    assert page.url.endswith(f"/organize/surveys/{key}")
    context.close()
    said = running.flask("survey", "diff", str(file), key).stdout
    assert "0 changed, 2 declared equivalent, 0 added, 0 removed, 5 same" in said
    assert "declared equivalent opinion continues view: Renamed only." in said


@pytest.mark.parametrize(("language", "width", "scripts"), [("ja", 360, False), ("en", 1280, True)])
def test_a_job_is_run_now(browser: Browser, running: Site, language: str, width: int, scripts: bool) -> None:
    context = browser.new_context(
        base_url=running.address, locale=language, java_script_enabled=scripts, viewport={"width": width, "height": 740}
    )
    page = context.new_page()
    sign_in(page)
    page.goto("/organize/jobs")
    sound(page, scripts)
    send(page, "form[action$='/forget_runs/run'] button")
    sound(page, scripts)
    # The scheduler beside the site takes it; a reader who loads the page again sees that.
    while page.locator("#runs ~ .scroll th", has_text="forget_runs").locator(".tag").count() == 0:
        assert running.jobs is not None
        assert running.jobs.poll() is None, running.log.read_text()
        page.reload()
    sound(page, scripts)
    context.close()
