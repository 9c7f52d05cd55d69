"""The visitors' pages in a real browser: both languages, narrow and wide, with axe; the words of charts keep apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app import create_app
from tests.conftest import make_settings, migrate
from tests.site import Site, start_site
from tests.track.conftest import come_late, fielding
from tests.track.test_apart import experiment, two_arms

from .reader import sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-visiting")]

TREND = "/trends/domestic-diplomacy/DD6a"
PAGES = (
    "/",
    "/?group=host&sort=gap",
    "/measures/DD6",
    "/agenda/2",
    "/trends/domestic-diplomacy",
    f"{TREND}?by=country",
    f"{TREND}?by=stakeholder",
    f"{TREND}?by=region_jp&show=net",
    "/trends/domestic-diplomacy/contact",
    "/methods/domestic-diplomacy",
    "/published",
    "/common-ground",
    "/common-ground?by=country",
    "/gaps?first=stakeholder%3Dhost&second=stakeholder%3Dexpert",
    "/gaps?first=hosts%3Dhost&second=hosts%3Dothers",
    "/trends/opinion/DD6a?by=form",
    "/revisions/opinion",
    "/revisions/opinion?question=DD6a",
    "/revisions/domestic-diplomacy",
)
# Pairs of texts of one visible chart that cover each other.
COLLISIONS = """() => [...document.querySelectorAll("svg.chart")].filter(svg => svg.checkVisibility()).flatMap(svg => {
  const texts = [...svg.querySelectorAll("text")].map(e => [e.textContent, e.getBoundingClientRect()]);
  return texts.flatMap(([a, p], i) => texts.slice(i + 1)
    .filter(([, q]) => p.left < q.right && q.left < p.right && p.top + 3 < q.bottom && q.top + 3 < p.bottom)
    .map(([b]) => `${a} / ${b}`));
})"""
OUTSIDE = """() => [...document.querySelectorAll("svg.chart")].filter(svg => svg.checkVisibility()).flatMap(svg => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text, path")].filter(e => {
    const own = e.getBoundingClientRect();
    return own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1;
  }).map(e => e.outerHTML.slice(0, 80));
})"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with synthetic waves, and a small survey, for all tests here: nobody changes anything."""
    folder: Path = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    _field_opinion(create_app(make_settings(folder, address)))
    with start_site(address, folder, {}) as site:
        site.flask("demo", "load", "--responses", "3000", "--seed", "1")
        yield site


def _field_opinion(app: Flask) -> None:
    """A small survey with an experiment, whose first month was revised."""
    field = fielding(app)
    field(9, two_arms(8, 10), version=experiment(2))
    field(10, two_arms(2, 18), version=experiment(2))
    come_late(app, {"country": "jp", "group": "expert", "form": "bare", "DD6a": "3"}, 12)


@pytest.fixture
def open_page(browser: Browser, running: Site, language: str, width: int) -> Iterator[Page]:
    """An empty page of a reader of a language, on a screen of a width."""
    context = browser.new_context(
        base_url=running.address, locale=language, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    )
    page = context.new_page()
    yield page
    context.close()


@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("en", 360), ("en", 1280)])
def test_pages_are_sound(open_page: Page, language: str, width: int) -> None:
    for address in PAGES:
        open_page.goto(address)
        assert open_page.locator("html").get_attribute("lang") == language
        sound(open_page, axe=True)
        assert open_page.evaluate(COLLISIONS) == [], address
        assert open_page.evaluate(OUTSIDE) == [], address


def test_revised_figures_are_read_without_javascript(browser: Browser, running: Site) -> None:
    context = browser.new_context(
        base_url=running.address, locale="en", viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/trends/opinion/DD6a")
    with page.expect_navigation():
        page.get_by_role("link", name="What was shown before, and why it changed").click()
    section = page.locator(".track-revision")
    assert section.count() == 1
    assert section.get_by_text("responses that came late").is_visible()
    table = section.get_by_role("region")
    assert table.is_visible()
    section.locator("summary").click()
    assert not table.is_visible()
    section.locator("summary").press("Enter")
    table.focus()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
    context.close()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [360, 700, 1280])
def test_one_drawing_is_seen(open_page: Page, language: str, width: int) -> None:
    narrow = width < 960
    open_page.goto(f"{TREND}?by=country")
    assert open_page.locator(".chart-wide").is_visible() is not narrow
    assert open_page.locator(".chart-narrow").is_visible() is narrow
    assert open_page.locator(".chart-panels").count() == 0
    open_page.goto(f"{TREND}?by=stakeholder")
    assert open_page.locator(".chart-wide, .chart-narrow").count() == 0
    panels = open_page.locator(".chart-panels li")
    assert panels.count() > 3
    assert panels.first.is_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 1280)])
def test_the_picture_can_be_seen(open_page: Page, language: str, width: int) -> None:
    open_page.goto(TREND)
    with open_page.expect_navigation():
        open_page.locator(".links a").first.click()
    assert open_page.evaluate("document.images[0].naturalWidth") > 2000
