"""Every page of the organizers in a real browser, with axe. A page that the URL map has and this file has not fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app import create_app
from app.storage import surveys
from tests.accounts.door import PASSWORD
from tests.conftest import ROOT, make_settings, migrate
from tests.site import Site, start_site

from .reader import send, sign_in, sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-organizers-pages")]

ADMINISTRATOR = "admin@example.org"
SHOTS = os.environ.get("SCREENSHOTS")
SOUND = (ROOT / "tests" / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
# An experiment, in one of whose arms a question has other words.
ARM = """      - name: words
        kind: arm
        label: {en: Wording, ja: 言い方}
        choices:
          - {code: plain, label: {en: Plain, ja: 平易}}
          - {code: long, share: 2, label: {en: Long, ja: 詳細}}
"""
VARIANT = "        variants: [{experiment: words, arm: long, label: {en: What do you think?, ja: どう思いますか}}]\n"
SOURCE = SOUND.replace("      - name: country\n", ARM + "      - name: country\n").replace(
    "        choices: agree\n      - name: steps", "        choices: agree\n" + VARIANT + "      - name: steps"
)
HERE = "/organize/surveys/small"
DESIGN = f"{HERE}/design"
# By endpoint: the address, and what is pressed there to see what it says of what is wrong ("" where nothing can be).
PAGES = {
    "overview": ("/organize", ""),
    "jobs": ("/organize/jobs", ""),
    "people": ("/organize/people", ""),
    "invite": ("/organize/people/invite", "main form .button-primary"),
    "person": ("/organize/people/2", "main button[value=disable]"),
    "audit": ("/organize/audit", ""),
    "upload": ("/organize/upload", "main button[value=check]"),
    "imported": ("/organize/import", ""),
    "survey": (HERE, ""),
    "version": (f"{HERE}/versions/{{version}}", ""),
    "compare_versions": (f"{HERE}/compare", ""),
    "open_wave": (f"{HERE}/open", "main form .button-primary"),
    "wave": (f"{HERE}/waves/w1", ""),
    "monitor": (f"{HERE}/waves/w1/monitor", ""),
    "change_wave": (f"{HERE}/waves/w2/change", ""),
    "close_wave": (f"{HERE}/waves/w1/close", "main form .button-danger"),
    "contacts": (f"{HERE}/waves/w1/contacts", "main form .button-primary"),
    "returned": (f"{HERE}/waves/w1/returned", "main form .button-primary"),
    "mailing": (f"{HERE}/waves/w1/mails/reminder1", "main button[value=plan]"),
    "quotas": (f"{HERE}/waves/w1/quotas", "main button[value=cross]"),
    "new_survey": ("/organize/new", "main form .button-primary"),
    "design": (DESIGN, ""),
    "source": (f"{DESIGN}/source", ""),
    "remove_draft": (f"{DESIGN}/remove", "main form .button-danger"),
    "design_settings": (f"{DESIGN}/settings", ""),
    "design_rules": (f"{DESIGN}/rules", ""),
    "design_page": (f"{DESIGN}/pages/about", ""),
    "remove_page": (f"{DESIGN}/page-removal/about", ""),
    "add_question": (f"{DESIGN}/add?page=about&kind=matrix", "main button[value=save]"),
    "design_question": (f"{DESIGN}/questions/view", ""),
    "design_bank": (f"{DESIGN}/bank?page=about&q=DD6", ""),
    "design_history": (f"{DESIGN}/history", ""),
    "design_state": (f"{DESIGN}/history/1", ""),
    "design_preview": (f"{DESIGN}/preview", ""),
    "preview_frame": (f"{DESIGN}/preview/frame", "main .button-primary"),
    "design_languages": (f"{DESIGN}/languages", ""),
    "translate": (f"{DESIGN}/languages/ja?page=views", ""),
    "design_routing": (f"{DESIGN}/routing?a_country=jp", ""),
    "design_publish": (f"{DESIGN}/publish", ""),
}
# Addresses that give a file.
FILES = {"monitor_file", "audit_file", "version_file", "version_workbook", "design_file", "translations_file"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Site]:
    """A site with an administrator and a survey of two versions, with an open and a planned wave and people invited."""
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    with start_site(address, folder, {}) as site:
        for email, role in ((ADMINISTRATOR, "administrator"), ("viewer@example.org", "viewer")):
            site.flask("user", "create", email, "--role", role, "--password-stdin", input=PASSWORD + "\n")
        for number, words in enumerate(("How old are you?", "What is your age?")):
            file = folder / f"{number}.yaml"
            file.write_text(SOURCE.replace("How old are you?", words), encoding="utf-8")
            site.flask("survey", "publish", str(file))
        site.flask("wave", "open", "small", "w1", "--closes", "2990-01-01T09:00:00", "--zone", "Asia/Tokyo")
        site.flask("wave", "open", "small", "w2", "--opens", "2991-01-01T09:00:00", "--zone", "Asia/Tokyo")
        contacts, quotas = folder / "contacts.csv", folder / "quotas.csv"
        contacts.write_text("email,language\nann@example.org,en\nben@example.org,ja\n", encoding="utf-8")
        quotas.write_text("country,size\njp,500\nother,20\n", encoding="utf-8")
        site.flask("invitations", "add", "small", "w1", str(contacts))
        site.flask("quota", "set", "small", "w1", str(quotas))
        yield site


def test_every_page_of_the_organizers_is_here(tmp_path: Path) -> None:
    rules = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path}/none.sqlite")).url_map.iter_rules()
    pages = {
        rule.endpoint.removeprefix("organize.")
        for rule in rules
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith("organize.")
    }
    assert pages - FILES == set(PAGES)


def test_pages_and_what_they_say_of_mistakes_are_sound(browser: Browser, running: Site, folder: Path) -> None:
    # One test, for the site takes as long to make as its pages to look at.
    walk(browser, running, folder, "ja", 360, axe=True)
    walk(browser, running, folder, "en", 1280, axe=False)


def walk(browser: Browser, running: Site, folder: Path, language: str, width: int, *, axe: bool) -> None:
    """Every page, and what the forms say that are sent as they stand."""
    with create_app(make_settings(folder, running.environment["DATABASE_URL"])).app_context():
        version = surveys.published_versions("small")[0][0]
    context = browser.new_context(
        base_url=running.address, locale=language, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page, ADMINISTRATOR, DESIGN)
    if page.locator("main button[value=version]").count():
        send(page, "main button[value=version]")
    for name, (address, wrong) in PAGES.items():
        page.goto(address.format(version=version))
        look(page, f"{name}-{language}", axe)
        if wrong and axe:
            send(page, wrong)
            look(page, f"{name}-refused-{language}", axe)
            assert page.locator(".error-summary, main .notice-warning").count(), name
    context.close()


def look(page: Page, name: str, axe: bool) -> None:
    """What holds of every page, and with SCREENSHOTS set a picture of it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    sound(page, axe)
    assert page.locator("body > header, .frame > main, body > footer").count() == 3, name
