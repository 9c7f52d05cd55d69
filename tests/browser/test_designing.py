"""A questionnaire is designed by hand in a real browser, from nothing to published, on a phone and at a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.accounts.door import ORGANIZER, PASSWORD
from tests.conftest import make_settings, migrate
from tests.site import Site, start_site

from .reader import send, sign_in, sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-designing")]
SAVE = "main button[value=save]"
LONG = "Donaudampfschifffahrtsgesellschaft" * 3  # One word, which must not widen a page.


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    site = start_site(address, folder, {})
    site.flask("user", "create", ORGANIZER, "--role", "organizer", "--password-stdin", input=PASSWORD + "\n")
    yield site
    site.stop()


def press(page: Page, selector: str) -> None:
    """Presses a button of the outline, with or without scripts, and waits for the edit to be there."""
    number = page.input_value("#outline input[name=state]")
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")
    page.locator(f'#outline input[name=state]:not([value="{number}"])').wait_for(state="attached")


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.fill(f'[name="{name}"]', value)


def contradict(page: Page, address: str, scripts: bool) -> None:
    """A contradiction: what is written is checked while it is typed, and another condition is chosen to it."""
    page.goto(address)
    send(page, "main button[value='more:contradictions']")
    fill(page, {"f.contradictions.0.label.en": "At odds", "f.contradictions.0.label.ja": "矛盾"})
    if scripts:
        page.fill('[name="f.contradictions.0.when"]', "${gone} = 1")
        page.locator(".checked:not(:empty)").wait_for()
    page.fill('[name="f.contradictions.0.when"]', "${why} != ''")
    page.select_option('[name="c.question"]', "view")
    send(page, "button[value=condition]")
    page.select_option('[name="c.answer"]', "0")
    sound(page, scripts)
    send(page, "button[value=condition-add]")
    assert page.input_value('[name="f.contradictions.0.when"]') == "${why} != '' and ${view} = '0'"
    send(page, SAVE)
    sound(page)


@pytest.mark.parametrize(("language", "scripts", "width"), [("ja", False, 360), ("en", True, 1280)])
def test_from_nothing_to_published(browser: Browser, running: Site, language: str, scripts: bool, width: int) -> None:
    key = f"designed-{language}"
    context = browser.new_context(
        base_url=running.address, locale=language, java_script_enabled=scripts, viewport={"width": width, "height": 740}
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page)
    page.goto("/organize/new")
    sound(page, scripts)
    fill(page, {"key": key, "title_en": f"Designed {LONG}", "title_ja": f"作成した調査{LONG}"})
    send(page, "main .button-primary")
    sound(page, scripts)

    design = f"/organize/surveys/{key}/design"
    page.goto(f"{design}/add?page=page_1")
    sound(page, scripts)
    send(page, "a[href*='kind=scale']")
    fill(page, {"f.name": "view", "f.label.en": "Your view?"})
    send(page, SAVE)
    sound(page, scripts)
    page.click("main section.notice a")
    assert page.locator(":target").count() == 1
    fill(page, {"f.label.ja": "お考えは", "f.low.en": "Oppose", "f.low.ja": "反対", "f.high.en": "Support"})
    fill(page, {"f.high.ja": "賛成", "f.parameters.start": "0", "f.parameters.end": "10"})
    send(page, SAVE)
    sound(page, scripts)
    page.goto(f"{design}/add?page=page_1&kind=text")
    fill(page, {"f.name": "why", "f.label.en": f"Why{LONG}?", "f.label.ja": f"理由は{LONG}"})
    send(page, SAVE)
    sound(page, scripts)

    # Moved by keyboard: the focus stays on a button of what was moved, so that it can be moved on.
    press(page, "button[value='up:why']")
    page.locator("button[value='down:why']:focus").wait_for()
    first = page.locator(".design-questions code").first
    assert first.inner_text() == "why"
    press(page, "main button[value=undo]")
    sound(page)
    assert first.inner_text() == "view"
    if scripts:
        number = page.input_value("#outline input[name=state]")
        page.hover("[data-question=why]")
        page.mouse.down()
        for height in (6, 4):  # What is dragged over hears of it from the second move on.
            page.hover("[data-question=view]", position={"x": 20, "y": height})
        page.mouse.up()
        page.locator(f'#outline input[name=state]:not([value="{number}"])').wait_for(state="attached")
        assert first.inner_text() == "why"
        press(page, "main button[value=undo]")
        sound(page)

    page.goto(f"{design}/bank?page=page_1&q=comment")
    sound(page, scripts)
    send(page, "main button[value$=':comment']")
    sound(page)
    assert page.locator("[data-question=comment]").count() == 1
    if scripts:
        page.goto(f"{design}/questions/why")
        page.click("details.more summary")
        page.fill('[name="f.relevant"]', "${gone} = 1")
        page.locator(".checked:not(:empty)").first.wait_for()
    page.goto(f"{design}/questions/why")
    page.click("details.more summary")
    page.select_option('[name="c.question"]', "view")
    send(page, "button[value=condition]")
    page.select_option('[name="c.answer"]', "10")
    send(page, "button[value=condition-add]")
    send(page, SAVE)
    sound(page)
    contradict(page, f"{design}/rules", scripts)
    page.goto(f"{design}/preview")
    frame = page.frame_locator("iframe")
    frame.locator("#q_view-10").check(force=True)
    frame.locator("main .button-primary").click()
    frame.locator("#q_why").wait_for()
    for part in (
        "settings",
        "preview",
        "preview/frame",
        "routing?a_view=3",
        "languages",
        "languages/ja?page=page_1",
        "questions/why",
        "history",
        "history/1",
        "source",
        "pages/page_1",
        "page-removal/page_1",
        "remove",
    ):
        page.goto(f"{design}/{part}")
        sound(page, scripts)
    page.goto(f"{design}/publish")
    sound(page, scripts)
    send(page, "main button[value=publish]")
    assert page.url.endswith(f"/organize/surveys/{key}")
    page.goto(f"/organize/surveys/{key}/open")
    sound(page, scripts)
    context.close()
    assert "kind: scale" in running.flask("survey", "export", key).stdout
