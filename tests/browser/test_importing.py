"""A file of another program's in a real browser, scripts off and on: reported, checked, published, read, taken out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.interchange.importing import read_any
from tests.accounts.door import ORGANIZER, PASSWORD
from tests.conftest import ROOT, make_settings, migrate
from tests.site import Site, start_site

from .reader import sign_in, sound, type_keys

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-importing")]

VISIT = ROOT / "tests" / "fixtures" / "xlsform" / "visit.xls"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site with an organizer for all tests here: every test has a survey of its own."""
    folder: Path = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    with start_site(address, folder, {}) as site:
        site.flask("user", "create", ORGANIZER, "--role", "organizer", "--password-stdin", input=PASSWORD + "\n")
        yield site


def signed_in(browser: Browser, running: Site, language: str, scripts: bool, width: int) -> BrowserContext:
    context = browser.new_context(
        base_url=running.address, locale=language, java_script_enabled=scripts, viewport={"width": width, "height": 740}
    )
    page = context.new_page()
    sign_in(page)
    return context


def saved(page: Page, selector: str, target: Path) -> bytes:
    """What a press stores."""
    with page.expect_download() as download:
        page.click(selector)
    download.value.save_as(target)
    return target.read_bytes()


@pytest.mark.parametrize("scripts", [False, True])
@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("en", 1280)])
def test_from_a_workbook_to_a_published_version(
    browser: Browser, running: Site, tmp_path: Path, language: str, width: int, scripts: bool
) -> None:
    key = f"visit-{language}-{'on' if scripts else 'off'}"
    context = signed_in(browser, running, language, scripts, width)
    page = context.pages[0]
    page.goto("/organize/upload")
    sound(page, scripts)
    broken = tmp_path / "visit.xlsx"
    broken.write_bytes(b"PK\x03\x04, but no workbook")
    page.set_input_files("#file", str(broken))
    page.click("main button[value=check]")
    page.wait_for_selector(".error-summary a[href='#file']")
    sound(page, scripts)
    page.set_input_files("#file", str(VISIT))
    page.click("main button[value=check]")
    page.wait_for_selector("#import")
    sound(page, scripts)
    page.click("summary#kept")
    assert page.locator(".things .thing").count() == len(read_any(VISIT.read_bytes(), "visit.xls").report.worst())
    sound(page, scripts)

    report = json.loads(saved(page, "main button[value=json]", tmp_path / "report.json"))
    assert report == read_any(VISIT.read_bytes(), "visit.xls").report.to_json()
    assert saved(page, "main button[value=text]", tmp_path / "report.txt").startswith(b"XLSForm: ")
    page.fill("#key", "No Key")
    page.click("main button[value=check]")
    page.wait_for_selector(".error-summary a[href='#key']")
    sound(page, scripts)
    page.fill("#key", key)
    page.click("main button[value=check]")
    page.wait_for_selector("main button[value=publish]")
    sound(page, scripts)
    page.click("main button[value=publish]")
    page.wait_for_url(f"**/organize/surveys/{key}")
    sound(page, scripts)

    page.click("#versions ~ .scroll tbody th a")
    page.wait_for_selector("article.read")
    sound(page, scripts)
    workbook = saved(page, "main .links a[href$='.xlsx']", tmp_path / "out.xlsx")
    running.flask("survey", "export", key, "--format", "xlsform", "--to", str(tmp_path / "same.xlsx"))
    expected = (tmp_path / "same.xlsx").read_bytes()
    assert read_any(workbook, "a").questionnaire == read_any(expected, "b").questionnaire
    context.close()


def test_the_language_is_changed_and_the_way_gone_on_by_keyboard(browser: Browser, running: Site) -> None:
    context = signed_in(browser, running, "en", False, 1280)
    page = context.pages[0]
    page.goto("/organize/upload")
    page.set_input_files("#file", str(VISIT))
    page.click("main button[value=check]")
    page.wait_for_selector("#import")
    page.click(".languages button[value=ja]")
    page.wait_for_selector("html[lang=ja] #import")
    page.fill("#key", "by-keyboard")
    page.locator("#key").press("Enter")
    page.wait_for_selector("main button[value=publish]")
    assert "by-keyboard" in page.inner_text("main")
    type_keys(page, "main button[value=publish]")
    assert page.url.endswith("/organize/surveys/by-keyboard")
    context.close()


@pytest.mark.parametrize("scripts", [False, True])
def test_two_versions_are_compared(browser: Browser, running: Site, tmp_path: Path, scripts: bool) -> None:
    key = f"two-{'on' if scripts else 'off'}"
    source = (ROOT / "tests" / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
    for number, words in enumerate(("How old are you?", "What is your age?")):
        file = tmp_path / f"{number}.yaml"
        text = source.replace("survey: small", f"survey: {key}").replace("How old are you?", words)
        file.write_text(text, encoding="utf-8")
        running.flask("survey", "publish", str(file))
    context = signed_in(browser, running, "ja", scripts, 360)
    page = context.pages[0]
    page.goto(f"/organize/surveys/{key}/compare")
    sound(page, scripts)
    assert page.locator(".compared").count() == 1
    newest = page.input_value("#new")
    page.select_option("#old", newest)
    page.click("main button")
    page.wait_for_url(f"**old={newest}*")
    sound(page, scripts)
    assert page.locator(".compared").count() == 0
    context.close()
