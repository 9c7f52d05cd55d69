"""Accounts in a real browser: invited by mail, a second factor, people and the audit log; by keyboard, scripts off.

The pages of one person, from the mail to the sign-out, are walked in both languages on a phone and on a desk; on each
of them the structure is inspected, and axe asked where scripts run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.accounts.desk import Authenticator, link_in
from tests.accounts.door import PASSWORD
from tests.post_office import PostOffice
from tests.site import Site

from .mail_site import mail_site
from .reader import sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-accounts")]

ADMINISTRATOR = "admin@example.org"
SHOTS = os.environ.get("SCREENSHOTS")
WIDTHS = {"ja": 360, "en": 1280}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Iterator[Site]:
    """One site with a mail server and an administrator for all tests here: every test invites people of its own."""
    folder: Path = tmp_path_factory.mktemp("site")
    with mail_site(folder, office, ADMINISTRATOR, "administrator", SIGN_IN_LIMIT="100 per minute") as site:
        yield site


Look = Callable[[str], None]


@pytest.fixture
def open_page(browser: Browser, running: Site) -> Iterator[Callable[..., tuple[Page, Look]]]:
    """Opens a browser in a language, and gives it with a function that looks at the page."""
    contexts = []

    def start(language: str, scripts: bool, width: int) -> tuple[Page, Look]:
        context = browser.new_context(
            base_url=running.address,
            locale=language,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
        )
        contexts.append(context)
        page = context.new_page()

        def look(name: str) -> None:
            page.wait_for_load_state()
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{language}-{width}.png", full_page=True)
            sound(page, axe=scripts)

        return page, look

    yield start
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "scripts"), [("ja", True), ("en", False)])
def test_from_the_invitation_to_signing_out(
    open_page: Callable[..., tuple[Page, Look]], office: PostOffice, language: str, scripts: bool
) -> None:
    width = WIDTHS[language] if scripts else 1640 - WIDTHS[language]
    admin, look_at_admin = open_page(language, scripts, width)
    look = look_at_admin
    email = f"new-{language}-{scripts}@example.org".lower()
    admin.goto("/organize/people/invite")
    look("sign-in")
    admin.fill("#email", ADMINISTRATOR)
    admin.fill("#password", "wrong wrong wrong")
    admin.click("main form button")
    look("sign-in-failed")
    assert admin.evaluate("document.activeElement.className") == "error-summary"
    admin.fill("#password", PASSWORD)
    admin.click("main form button")
    look("invite")
    admin.fill("#email", email)
    admin.select_option("#role", "organizer")
    admin.select_option("#scope", "domestic-diplomacy")
    admin.select_option("#language", language)
    admin.click("main form button")
    look("people")
    assert email in admin.inner_text("table")

    letter = next(letter for letter in office.letters if letter["To"] == email)
    page, look = open_page(language, scripts, width)
    page.goto(link_in(letter.get_content()))
    look("choose-password")
    page.fill("#password", "short")
    page.fill("#again", "short")
    page.click("main form button")
    look("choose-password-failed")
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("main form button")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    assert page.url.endswith("/organize")
    look("overview")
    page.click("header a[href='/account']")
    look("account")
    authenticator = _turn_on_second_factor(page, look)
    _come_back_with_a_code(page, look, email, authenticator)

    _look_after(admin, email, look_at_admin)


def _turn_on_second_factor(page: Page, look: Look) -> Authenticator:
    page.click("main a[href='/account/second-factor']")
    look("second-factor")
    assert page.locator(".qr svg").bounding_box()["width"] >= 150  # type: ignore[index]
    authenticator = Authenticator(page.inner_text(".receipt-code").replace(" ", ""))
    page.fill("#code", "000000")
    page.click("main form button")
    look("second-factor-failed")
    assert page.inner_text(".receipt-code").replace(" ", "") == authenticator.secret
    page.fill("#code", authenticator.next())
    page.click("main form button")
    look("recovery-codes")
    assert page.locator(".codes li").count() == 10
    page.click("main .actions a")
    look("account-secured")
    return authenticator


def _come_back_with_a_code(page: Page, look: Look, email: str, authenticator: Authenticator) -> None:
    page.click("header form button")
    page.goto("/account")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    look("code")
    page.fill("#code", "111111")
    page.click("main form button")
    look("code-failed")
    page.fill("#code", authenticator.next())
    page.click("main form button")
    assert page.url.endswith("/account")
    for address, name in (
        ("/account/password", "password"),
        ("/account/recovery-codes", "renew-codes"),
        ("/account/second-factor/remove", "remove"),
        ("/account/confirm", "confirm"),
        ("/password", "forgotten"),
        ("/password/none", "void-link"),
    ):
        page.goto(address)
        look(name)
    page.goto("/password")
    page.fill("#email", "nobody@example.org")
    page.click("main form button")
    look("sent")
    page.goto("/account")
    page.click("main form[action='/account/sign-out'] button")
    look("signed-out")


def _look_after(admin: Page, email: str, look: Look) -> None:
    """What an administrator does on the page of a person, and sees in the log."""
    admin.goto("/organize/people")
    admin.click(f"table a:text-is('{email}')")
    look("person")
    admin.select_option("#role", "viewer")
    admin.select_option("#scope", "*")
    admin.click("main button[value=give]")
    assert admin.locator(".rows li").count() == 2
    admin.click(".rows li:has-text('domestic-diplomacy') button")
    look("person-changed")
    assert admin.locator(".rows li").count() == 1
    admin.click("main button[value=forget-second-factor]")
    admin.goto("/organize/audit")
    look("audit")
    admin.select_option("#person", email)
    admin.select_option("#action", "second_factor.removed")
    admin.click("main form.filter button")
    look("audit-filtered")
    assert admin.locator("tbody tr").count() == 1


def test_by_keyboard_alone(open_page: Callable[..., tuple[Page, Look]]) -> None:
    """Signs in, invites somebody and signs out with Tab, letters, arrows, Space and Enter."""
    page, _ = open_page("en", True, 1280)
    page.goto("/sign-in?next=/organize/people/invite")
    reach(page, "#email").type(ADMINISTRATOR)
    reach(page, "#password").type(PASSWORD)
    press(page, "main form button")
    reach(page, "#email").type("keyboard@example.org")
    reach(page, "#role").type("Trans")
    press(page, "main form button")
    assert re.search(r"on its way to keyboard@example\.org", page.inner_text(".messages"))
    press(page, "table a:text-is('keyboard@example.org')")
    assert "Translator" in page.inner_text(".rows")
    press(page, ".rows button")
    assert page.locator(".rows").count() == 0
    press(page, "header form button")
    assert page.url.endswith("/")


def reach(page: Page, selector: str) -> _Keys:
    """Tab until the element has the focus."""
    page.locator(selector).wait_for()
    for _ in range(80):
        if page.locator(selector).evaluate("e => e === document.activeElement"):
            return _Keys(page)
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached")


def press(page: Page, selector: str) -> None:
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


class _Keys:
    """What is typed where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
