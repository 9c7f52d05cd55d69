"""Consent to receipt in a real browser: both languages, scripts off and on, narrow and wide, by keyboard, with axe.

With scripts off both widths are walked by hand; with them on, 360 pixels with axe and 1280 pixels by keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import make_settings, migrate
from tests.site import Site, start_site

from .reader import ANSWERS, SURVEY, answer, click, sound, type_keys

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-answering")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests here: every test is another person."""
    folder: Path = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    with start_site(address, folder, {}) as site:
        yield site


@contextmanager
def reader(browser: Browser, site: Site, language: str, width: int = 360, scripts: bool = False) -> Iterator[Page]:
    """The first page in a new profile. Any message of the browser about the policy of scripts and styles fails."""
    context = browser.new_context(
        base_url=site.address,
        locale=language,
        java_script_enabled=scripts,
        viewport={"width": width, "height": 740},
        reduced_motion="reduce",
    )
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(SURVEY)
    yield page
    assert [text for text in messages if "Content Security Policy" in text] == []
    context.close()


def arrived(page: Page, language: str) -> None:
    """What holds of every page on the way."""
    assert page.locator("html").get_attribute("lang") == language
    if not page.url.endswith(("/receipt", "/check")):
        assert page.locator("progress").count() == 1
    sound(page)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_from_consent_to_receipt(browser: Browser, running: Site, language: str, width: int) -> None:
    with reader(browser, running, language, width) as page:
        assert answer(page, lambda page: arrived(page, language), click) == 14
        code = page.locator(".receipt-code").inner_text()
        assert len(code) == 24
        page.goto(f"/withdraw?code={code}")
        sound(page)
        page.locator("main form button").click()
        page.locator("#code").wait_for(state="detached")
        sound(page)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_by_keyboard_only(browser: Browser, running: Site, language: str) -> None:
    with reader(browser, running, language, 1280, scripts=True) as page:
        assert answer(page, lambda page: arrived(page, language), type_keys) == 14


@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing(browser: Browser, running: Site, language: str) -> None:
    with reader(browser, running, language, scripts=True) as page:

        def look(page: Page) -> None:
            sound(page, axe=True)

        page.locator("main form .button-primary").click()
        page.locator(".error-summary").wait_for()
        look(page)
        page.goto(SURVEY)
        answer(page, look, click)
        for address in ("/withdraw", SURVEY, f"{SURVEY}/resume/x", f"{SURVEY}/page/nowhere"):
            page.goto(address)
            look(page)


@pytest.mark.parametrize("scripts", [False, True])
def test_an_error_takes_the_focus_and_leads_to_its_field(browser: Browser, running: Site, scripts: bool) -> None:
    with reader(browser, running, "en", scripts=scripts) as page:
        page.locator("main form .button-primary").click()
        page.locator(".error-summary").wait_for()
        sound(page)
        assert page.title().startswith("Error:")
        page.wait_for_function("document.activeElement.className === 'error-summary'")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.id === 'q_adult'")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "q_adult"


def test_enter_in_a_text_field_goes_on(browser: Browser, running: Site) -> None:
    """The buttons of the languages come before the page's own, but Enter presses none of them."""
    with reader(browser, running, "en") as page:
        to_closing(page)
        # The survey's text field takes several lines; Enter is for those of one line.
        page.evaluate("""() => {
            const field = document.createElement("input");
            field.id = field.name = "q_other";
            document.querySelector("#answers").prepend(field);
        }""")
        page.locator("#q_other").press("Enter")
        page.wait_for_url("**/check")
        assert page.locator("html").get_attribute("lang") == "en"


def to_closing(page: Page) -> None:
    """Begins, and goes to the page with the comment."""
    for name in ("consent", "adult"):
        click(page, f"#q_{name}-{ANSWERS[name]}")
    click(page, "main form .button-primary")
    for name in ("country", "group"):
        click(page, f"#q_{name}-{ANSWERS[name]}")
    click(page, "main form .button-primary")
    while not page.url.endswith("/closing"):
        click(page, "main form .button-primary")


def test_the_language_button_keeps_what_was_typed(browser: Browser, running: Site) -> None:
    with reader(browser, running, "en") as page:
        page.locator("label.option:has(#q_consent-yes)").click()
        page.locator("button[name=language][value=ja]").click()
        page.locator("html[lang=ja]").wait_for()
        assert page.locator("#q_consent-yes").is_checked()
        page.locator("button[name=language][value=en]").click()
        page.locator("html[lang=en]").wait_for()
        to_closing(page)
        typed = "行の一\n\n  <b>二</b> & 三" + "長" * 2000
        page.locator("#q_comment").fill(typed)
        page.locator("button[name=language][value=ja]").click()
        page.locator("html[lang=ja]").wait_for()
        assert page.locator("#q_comment").input_value() == typed
        page.locator("main form .button-primary").click()
        page.locator(".error-summary").wait_for()
        assert page.locator("#q_comment").input_value() == typed


def test_a_double_click_sends_once(browser: Browser, running: Site) -> None:
    with reader(browser, running, "ja") as page:
        to_closing(page)
        click(page, "main form .button-primary")
        page.locator("main form .button-primary").dblclick(no_wait_after=True)
        page.wait_for_url("**/receipt")
        code = page.locator(".receipt-code").inner_text()
        page.go_back()
        page.wait_for_url("**/receipt")
        assert page.locator(".receipt-code").inner_text() == code
        page.goto(SURVEY)
        assert page.locator("#q_consent").count() == 0


def test_a_change_leads_to_its_question_and_back(browser: Browser, running: Site) -> None:
    with reader(browser, running, "en") as page:
        to_closing(page)
        click(page, "main form .button-primary")
        page.locator("a[href$='#q_trust_defend']").click()
        page.wait_for_url("**/page/trust?from=check#q_trust_defend")
        assert page.evaluate("document.querySelector('#q_trust_defend').getBoundingClientRect().top >= 0")
        page.locator("label.option:has(#q_trust_defend-4)").click()
        page.locator("main form .button-primary").click()
        page.wait_for_url("**/check")
        assert "Trust a great deal" in page.locator("main").inner_text()


def test_a_huge_post_is_answered_by_our_page(browser: Browser, running: Site) -> None:
    with reader(browser, running, "ja", scripts=True) as page:
        page.goto("/withdraw")
        page.evaluate("document.querySelector('#code').value = 'x'.repeat(2_000_000)")
        with page.expect_response(lambda response: response.request.method == "POST") as posted:
            page.locator("main form button").click()
        assert posted.value.status == 413
        page.locator("main .steps").wait_for()
        assert page.locator("html").get_attribute("lang") == "ja"
