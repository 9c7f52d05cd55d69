"""Every kind of question in a real browser without scripts: answered, resumed, corrected, reviewed, sent, counted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT, make_settings, migrate
from tests.site import Site, start_site

from . import reader as person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-kinds")]

FILE = ROOT / "tests" / "fixtures" / "kinds.yaml"
SURVEY = "/s/every-kind"
GIVEN = {
    "#q_agreed-yes": "",
    "#q_country-other": "",
    "#q_country_other": "京都 & Kyoto",
    "#q_city": "naha",
    "#q_born": "1980-02-29",
    "#q_visits": "２００",
    "#q_hours": "２．５０",
    "#q_budget_trade": "60",
    "#q_budget_people": "40",
    "#q_warmth": "55",
    "#q_near-6": "",
    "#q_sure-10": "",
    "#q_alliance--8": "",
    "#q_step_talks-1": "",
    "#q_step_visits-2": "",
    "#q_step_study--9": "",
    "#q_contact-read": "",
    "#q_contact-other": "",
    "#q_contact_other": "=SUM(A1)",
    "#q_first-place-1": "voice",
    "#q_first-place-2": "safety",
    "#q_comment": "一行目\n<b>二</b>",
    "#q_nickname": "平和",
    "#q_address": "a@example.org",
}
KEPT = {
    "agreed": "yes",
    "country": "other",
    "country_other_text": "京都 & Kyoto",
    "city": "naha",
    "born": "1980-02-29",
    "visits": "200",
    "hours": "2.5",
    "per_visit": "0.01",
    "budget_bases": "0",
    "budget_trade": "60",
    "budget_people": "40",
    "warmth": "55",
    "near": "6",
    "sure": "10",
    "alliance": "-8",
    "contact_read": "1",
    "contact_talked": "0",
    "contact_visited": "0",
    "contact_other": "1",
    "contact_none": "0",
    "contact_other_text": "'=SUM(A1)",
    "first_1": "voice",
    "first_2": "safety",
    "first_3": "-7",
    "comment": "一行目\n<b>二</b>",
    "nickname": "平和",
    "address": "a@example.org",
}
STEPS = {"step_talks": "1", "step_visits": "2", "step_study": "-9"}
SHOWN = {
    "en": [
        "How would you divide 100 points of effort?\nBases",
        "京都 & Kyoto",
        "Naha",
        "1. A voice for residents; 2. Safety",
        "10 Completely sure",
        "Read about it",
    ],
    "ja": [
        "取り組みに使う100点をどのように分けますか。\n基地",
        "京都 & Kyoto",
        "那覇",
        "1. 住民の声、2. 安全",
        "10 完全に確信がある",
        "読んだ",
    ],
}
LABELS = {
    "en": {
        "agreed": "Yes",
        "country": "Elsewhere",
        "country_other_text": "京都 & Kyoto",
        "city": "Naha",
        "visits": "200",
        "sure": "10 Completely sure",
        "alliance": "Don't know",
        "first_1": "A voice for residents",
        "first_3": "Skipped",
    },
    "ja": {
        "agreed": "はい",
        "country": "そのほか",
        "country_other_text": "京都 & Kyoto",
        "city": "那覇",
        "visits": "200",
        "sure": "10 完全に確信がある",
        "alliance": "わからない",
        "first_1": "住民の声",
        "first_3": "無回答",
    },
}
# What each question says of an answer that it does not take.
WRONG = {
    "#q_country_other": ("長" * 201, "Please shorten this to 200 characters or fewer; it has 201."),
    "#q_visits": ("many", "Please write a whole number in figures, such as 0."),
    "#q_hours": ("2.55", "This has too many digits after the point. Please write 1 or fewer of them."),
    "#q_budget_bases": ("70", "These numbers make 70 together; they must make 100."),
    "#q_warmth": ("52", "Please write a number from 0 to 100 in steps of 5."),
    "#q_first-place-2": ("safety", "Place 1 is empty, but a later one is not."),
    "#q_address": ("nowhere", "Please write an e-mail address such as name@example.org."),
}

# The errors that a field and the fieldset around it are described by, each with a link to it in the summary.
TOLD = """e => [e, e.closest("fieldset")].flatMap(one => (one?.getAttribute("aria-describedby") ?? "").split(" "))
  .filter(id => id.endsWith("-error") && document.querySelector(`.error-summary a[href="#${id.slice(0, -6)}"]`))
  .map(id => document.getElementById(id).textContent).join(" ")"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that asks a question of every kind."""
    folder: Path = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    with start_site(address, folder, {}) as site:
        site.flask("survey", "publish", str(FILE))
        site.flask("wave", "open", "every-kind", "w1")
        yield site


@contextmanager
def reader(browser: Browser, site: Site, language: str, width: int = 360, scripts: bool = False) -> Iterator[Page]:
    """An empty page in a new profile."""
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
    yield page
    assert [text for text in messages if "Content Security Policy" in text] == []
    context.close()


def sound(page: Page, axe: bool = False) -> None:
    person.sound(page, axe)
    # Nothing suggests an answer.
    unset = "[...document.querySelectorAll('main select')].every(e => e.options[0].value === '')"
    assert page.evaluate(unset), page.url


def put(page: Page, selector: str, value: str) -> None:
    field = page.locator(selector)
    kind = field.evaluate("e => e.type")
    if kind in ("radio", "checkbox"):
        if not field.is_checked():
            page.locator(f"label.option:has({selector})").click()
        assert field.is_checked()
    elif kind == "select-one":
        field.select_option(value)
    else:
        field.fill(value)


def go_on(page: Page, button: str = ".button-primary") -> None:
    before = page.url
    page.locator(f"main form {button}").click()
    page.wait_for_url(lambda url: url != before)


def fill(page: Page) -> None:
    for selector, value in GIVEN.items():
        if page.locator(selector).count():
            put(page, selector, value)


def walk(page: Page, look: Callable[[Page], None] = sound, pages: int = 9) -> None:
    """Fills page after page, to the check page or as many as told."""
    for _ in range(pages):
        look(page)
        if page.url.endswith("/check"):
            return
        fill(page)
        look(page)
        go_on(page)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_is_answered_resumed_reviewed_sent_exported_and_counted(
    browser: Browser, running: Site, language: str
) -> None:
    with reader(browser, running, language) as page:
        page.goto(SURVEY)
        walk(page, pages=3)
        go_on(page, "button[value=later]")
        link = page.locator("#link").input_value()
    with reader(browser, running, language, 1280) as page:
        page.goto(link)
        assert page.url.endswith(("/page/feelings", "/page/views"))
        look_back(page)
        walk(page)
        assert page.url.endswith("/check")
        review(page, language)
        go_on(page)
        page.goto(SURVEY)
        page.wait_for_url(f"**{SURVEY}")
    row = exported(running)[-1]
    in_words = exported(running, "--labels", language)[-1]
    assert {name: in_words[name] for name in LABELS[language]} == LABELS[language]
    explained = [line["column"] for line in exported(running, "--codebook")]
    assert list(dict.fromkeys(explained)) == list(row)
    assert {name: row[name] for name in KEPT} == KEPT
    asked = row["asked"].split()
    assert len(asked) == 2
    assert {name: row[name] for name in STEPS} == {n: STEPS[n] if n in asked else "-1" for n in STEPS}
    assert row["words"] in ("plain", "long")
    assert sorted(row["first_order"].split()) == ["cost", "safety", "trust", "voice"]
    assert row["contact_order"].split()[-2:] == ["other", "none"]
    assert sorted(row["opinions_order"].split()) == ["feelings", "views"]
    running.flask("jobs", "once", "roll_up")
    assert running.flask("tally", "verify").stdout == "The tallies equal the recount.\n"


def look_back(page: Page) -> None:
    """What was answered on another device stands in its fields."""
    while page.locator("#q_visits").count() == 0:
        go_on(page, "button[value=back]")
    assert page.locator("#q_visits").input_value() == "200"
    assert page.locator("#q_hours").input_value() == "2.5"
    assert [page.locator(f"#q_budget_{name}").input_value() for name in ("bases", "trade")] == ["0", "60"]
    go_on(page, "button[value=back]")
    assert page.locator("#q_city").input_value() == "naha"
    assert page.locator("#q_born").input_value() == "1980-02-29"
    while page.locator("#q_country_other").count() == 0:
        go_on(page, "button[value=back]")
    assert page.locator("#q_country_other").input_value() == "京都 & Kyoto"


def review(page: Page, language: str) -> None:
    """The check page shows the answers in words, and each link leads to the field that it names."""
    text = re.sub("\n+", "\n", page.locator("main").inner_text())
    assert [words for words in SHOWN[language] if words not in text] == []
    titles = page.locator("main h2").all_inner_texts()
    assert len(set(titles)) == len(titles), "a page stands there once, however many screens it was divided into"
    for name in ("country_other", "city", "first", "budget_trade", "warmth", "sure", "contact_other"):
        page.locator(f"a[href$='#q_{name}']").click()
        page.wait_for_url(f"**#q_{name}")
        assert page.locator(f"#q_{name}").count() == 1
        sound(page)
        go_on(page)
        assert page.url.endswith("/check")


def exported(site: Site, *options: str) -> list[dict[str, str]]:
    text = site.flask("responses", "export", "every-kind", *options).stdout
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_a_kind_does_not_take_is_told_beside_it_and_kept_as_typed(browser: Browser, running: Site) -> None:
    seen: set[str] = set()
    with reader(browser, running, "en") as page:
        page.goto(SURVEY)
        while not page.url.endswith("/check"):
            if page.locator("#q_thanks").count():
                assert page.locator("#q_thanks").inner_text() == "You said that you live here:\n- Elsewhere"
            fill(page)
            wrong = {selector: told for selector, told in WRONG.items() if page.locator(selector).count()}
            if page.locator("#q_budget_bases").count():
                for name in ("trade", "people"):
                    page.locator(f"#q_budget_{name}").fill("")
            if page.locator("#q_first-place-1").count():
                page.locator("#q_first-place-1").select_option("")
            for selector, (value, _) in wrong.items():
                put(page, selector, value)
            if wrong:
                page.locator("main form .button-primary").click()
                page.locator(".error-summary").wait_for()
                sound(page)
                summary = page.locator(".error-summary").inner_text()
                for selector, (value, message) in wrong.items():
                    assert message in summary
                    assert message in page.locator(selector).evaluate(TOLD)
                    assert page.locator(selector).input_value() == value
                    seen.add(selector)
                for selector in wrong:
                    if selector.startswith(("#q_budget", "#q_first", "#q_country")):
                        put(page, selector, "")
                fill(page)
            go_on(page)
    assert seen == set(WRONG)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(browser: Browser, running: Site, language: str, width: int) -> None:
    def look(page: Page) -> None:
        sound(page, axe=True)

    with reader(browser, running, language, width, scripts=True) as page:
        page.goto(SURVEY)
        page.locator("main form .button-primary").click()
        page.locator(".error-summary").wait_for()
        look(page)
        walk(page, look)
        look(page)
