"""The whole way in a real browser, from an empty system to the monitor with those who answered the letters.

It is gone twice, by other people with a survey of their own: by keyboard alone at a desk, and on a phone with scripts
off. The questionnaire is the first three pages of the domestic-diplomacy survey, typed in by hand in two
languages, and in the end the same as in its file.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.interchange.yaml_file import read_questionnaire
from app.language import LANGUAGES as ENDONYMS
from app.questionnaire.kinds.select_one import SelectOne
from app.questionnaire.model import Page as ModelPage
from app.questionnaire.model import Questionnaire
from tests.accounts.desk import link_in
from tests.accounts.door import PASSWORD
from tests.conftest import ROOT
from tests.post_office import PostOffice
from tests.site import Site

from .hands import Keys, Mouse
from .mail_site import mail_site
from .reader import sound

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-whole-path")]

GO, SAVE = "main form .button-primary", "main button[value=save]"
ADMINISTRATOR = "admin@example.org"
SHOTS = os.environ.get("SCREENSHOTS")
PAGES = 3
LANGUAGES = list(ENDONYMS)
# Question, comparison, answer and, behind another condition, how the two are joined: as chosen in the designer.
CONDITIONS = {
    "region": [("country", "is", "jp", ""), ("country", "is", "us", "or")],
    "region_jp": [("country", "is", "jp", "")],
    "region_us": [("country", "is", "us", "")],
}
ANSWERS = ("consent-yes", "adult-yes", "country-jp", "group-host", "gender-female", "age_group-a40_49")


@dataclass(frozen=True)
class Way:
    """How somebody goes: language of the pages, width, scripts, mouse or keyboard."""

    name: str
    language: str
    width: int
    scripts: bool
    hand: type[Mouse] | type[Keys]

    @property
    def survey(self) -> str:
        return f"domestic-{self.name}"


WAYS = [
    Way("keyboard", "en", 1280, True, Keys),
    Way("plain", "ja", 360, False, Mouse),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Iterator[Site]:
    """A site with the catalogue and the shared blocks, but no survey and no account; then its first administrator."""
    folder: Path = tmp_path_factory.mktemp("site")
    surveys = folder / "surveys"
    shutil.copytree(ROOT / "surveys" / "blocks", surveys / "blocks")
    shutil.copytree(ROOT / "surveys" / "published", surveys / "published")
    for name in ("catalogue.yaml", "events.yaml"):
        shutil.copy(ROOT / "surveys" / name, surveys / name)
    more = {"SURVEYS_DIR": str(surveys), "SIGN_IN_LIMIT": "100 per minute"}
    with mail_site(folder, office, ADMINISTRATOR, "administrator", **more) as site:
        yield site


@dataclass
class Walker:
    """Somebody at a browser of their own."""

    page: Page
    hand: Mouse | Keys
    way: Way

    def look(self, name: str) -> None:
        """What holds of every page; with SCREENSHOTS set, also a picture of it."""
        sound(self.page)
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/path-{self.way.name}-{name}.png", full_page=True)


@pytest.fixture
def somebody(browser: Browser, running: Site) -> Iterator[Callable[[Way], Walker]]:
    contexts = []

    def start(way: Way, language: str = "") -> Walker:
        context = browser.new_context(
            base_url=running.address,
            locale=language or way.language,
            java_script_enabled=way.scripts,
            viewport={"width": way.width, "height": 740},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        return Walker(page, way.hand(page), way)

    yield start
    for context in contexts:
        context.close()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_from_nothing_to_the_monitor(
    somebody: Callable[..., Walker],
    running: Site,
    office: PostOffice,
    questionnaire: Questionnaire,
    tmp_path: Path,
    way: Way,
) -> None:
    organizer = invited_organizer(somebody, office, way)
    design(organizer, questionnaire)
    walk_preview(organizer)
    publish(organizer)
    made = read_questionnaire(running.flask("survey", "export", way.survey).stdout.encode())
    assert made.pages == questionnaire.pages[:PAGES]
    open_wave(organizer)
    invite(organizer, office, tmp_path)
    letters = letters_to(running, office, f"@{way.name}.example.org")
    answer(somebody(way), letters[f"one@{way.name}.example.org"])
    watch(organizer, running)


def invited_organizer(somebody: Callable[..., Walker], office: PostOffice, way: Way) -> Walker:
    """The administrator invites; who is invited chooses a password by the letter's link, and signs in."""
    email = f"organizer@{way.name}.example.org"
    admin = somebody(way)
    admin.page.goto("/organize/people/invite")
    sign_in(admin, ADMINISTRATOR)
    admin.hand.fill("email", email)
    admin.hand.choose("role", "organizer")
    admin.hand.choose("language", way.language)
    admin.look("invite")
    admin.hand.press(GO)
    admin.look("people")
    (letter,) = (one for one in office.letters if one["To"] == email)

    organizer = somebody(way)
    organizer.page.goto(link_in(letter.get_content()))
    organizer.hand.fill("password", PASSWORD)
    organizer.hand.fill("again", PASSWORD)
    organizer.look("password")
    organizer.hand.press(GO)
    sign_in(organizer, email)
    assert organizer.page.url.endswith("/organize")
    organizer.look("overview")
    return organizer


def sign_in(walker: Walker, email: str) -> None:
    """At the door to which the address has led."""
    walker.hand.fill("email", email)
    walker.hand.fill("password", PASSWORD)
    walker.hand.press(GO)


def design(walker: Walker, model: Questionnaire) -> None:
    """A new survey, its settings and pages, each typed in from the model."""
    hand = walker.hand
    hand.press("main a[href$='/organize/new']")
    hand.fill("key", walker.way.survey)
    for language, words in model.title.items():
        hand.fill(f"title_{language}", words)
    walker.look("new")
    hand.press(GO)
    walker.look("outline-empty")
    for number, page in enumerate(model.pages[:PAGES]):
        if number == 0:
            hand.press("a[href$='/design/pages/page_1']")
        else:
            hand.press("form[action$='/add-page'] button")
        write_page(walker, page)
    settings(walker, model)


def write_page(walker: Walker, page: ModelPage) -> None:
    hand = walker.hand
    texts(hand, "title", page.title)
    hand.fill("f.name", page.name)
    conditions(walker, page.name)
    walker.look(f"page-{page.name}")
    hand.press(SAVE)
    for question in page.questions:
        hand.press(f"main a.button[href$='/design/add?page={page.name}']")
        hand.press("main a[href*='kind=select_one']")
        assert isinstance(question, SelectOne)
        write_question(walker, question)
        assert walker.page.locator(f"[data-question={question.name}] .error").count() == 0


def write_question(walker: Walker, question: SelectOne) -> None:
    """Every field in the order of the form; lines are added before anything is typed."""
    hand = walker.hand
    while len(question.choices) > int(walker.page.input_value('[name="f.choices"]')):
        hand.press("main button[value='more:choices']")
    texts(hand, "label", question.label)
    texts(hand, "hint", question.hint or {})
    hand.fill("f.name", question.name)
    for number, choice in enumerate(question.choices):
        hand.fill(f"f.choices.{number}.code", choice.code)
        texts(hand, f"choices.{number}.label", choice.label)
    if question.required:
        hand.tick('[id="f.required"]')
    if question.refused or question.required_message or question.name in CONDITIONS:
        hand.unfold("details.more summary >> nth=0")
        conditions(walker, question.name)
    if question.refused:
        hand.tick('[id="f.refused"]')
    texts(hand, "required_message", question.required_message or {})
    if not question.publish:
        hand.tick('[id="f.publish"]')
    walker.look(f"question-{question.name}")
    hand.press(SAVE)


def texts(hand: Mouse | Keys, field: str, words: Mapping[str, str]) -> None:
    """In the order in which the languages stand beside each other."""
    for language in sorted(words, key=LANGUAGES.index):
        hand.fill(f"f.{field}.{language}", words[language])


def conditions(walker: Walker, name: str) -> None:
    """Put together by choosing a question, a comparison and an answer."""
    hand = walker.hand
    for question, comparison, code, join in CONDITIONS.get(name, ()):
        hand.choose("c.question", question)
        hand.press("main button[value=condition]")
        hand.choose("c.operator", comparison)
        hand.choose("c.answer", code)
        if join:
            hand.choose("c.join", join)
        walker.look(f"condition-{name}")
        hand.press("main button[value=condition-add]")


def settings(walker: Walker, model: Questionnaire) -> None:
    """Where the interview ends, and by what results are weighted."""
    hand = walker.hand
    hand.press("main a[href$='/design/settings']")
    hand.fill("f.weighting", "country group")
    walker.look("settings")
    hand.press(SAVE)
    hand.press("main a[href$='/design/rules']")
    for _end in model.ends:
        hand.press("main button[value='more:ends']")
    for number, end in enumerate(model.ends):
        hand.fill(f"f.ends.{number}.when", end.when)
        texts(hand, f"ends.{number}.label", end.label)
    walker.look("rules")
    hand.press(SAVE)
    walker.look("outline")


def walk_preview(walker: Walker) -> None:
    """As a respondent: what is answered leads on, and to what the conditions say."""
    page, hand = walker.page, walker.hand
    hand.press("main a.button[href$='/design/preview']")
    walker.look("preview")
    hand.press("main .links a[href*='/preview/frame']")
    for answers in (ANSWERS[:2], ANSWERS[2:]):
        for one in answers:
            hand.tick(f"#q_{one}")
        hand.press("main .button-primary")
    walker.look("preview-region")
    assert page.locator("#q_region_jp-okinawa").count() == 1
    assert page.locator("#q_region_us-west").count() == 0
    page.goto(f"/organize/surveys/{walker.way.survey}/design")


def publish(walker: Walker) -> None:
    walker.hand.press("main a[href$='/design/publish']")
    walker.look("publish")
    walker.hand.press("main button[value=publish]")
    assert walker.page.url.endswith(f"/organize/surveys/{walker.way.survey}")
    walker.look("published")


def open_wave(walker: Walker) -> None:
    """Open at once, for the invited only."""
    hand = walker.hand
    hand.press("main a[href$='/open']")
    hand.fill("key", "w1")
    hand.fill("time_zone", "Asia/Tokyo")
    hand.choose("invited_only", "yes")
    hand.fill("population", "panel")
    walker.look("open-wave")
    hand.press(GO)
    hand.press("main th a[href$='/waves/w1']")
    walker.look("wave")


def invite(walker: Walker, office: PostOffice, folder: Path) -> None:
    """Three contacts from a file; the invitation is looked at and planned."""
    hand, domain = walker.hand, f"{walker.way.name}.example.org"
    file = folder / "contacts.csv"
    people = [("one", walker.way.language), ("two", "ja"), ("three", "en")]
    rows = [f"{name}@{domain},{language}" for name, language in people]
    file.write_text("\n".join(["email,language", *rows, ""]), encoding="utf-8")
    hand.press("main a[href$='/w1/contacts']")
    hand.upload("file", file)
    walker.look("contacts")
    hand.press(GO)
    hand.press("main a[href$='/mails/invitation']")
    hand.press("main button[value=preview]")
    walker.look("mailing")
    hand.press("main button[value=plan]")
    walker.look("wave-planned")


def letters_to(site: Site, office: PostOffice, domain: str) -> dict[str, EmailMessage]:
    """The letters to the three, once the scheduler has sent them all."""
    while True:
        found = {one["To"]: one for one in office.letters if "/invited/" in one.get_content() and domain in one["To"]}
        if len(found) == 3:
            return found
        alive(site)
        time.sleep(0.1)


def answer(walker: Walker, letter: EmailMessage) -> None:
    """From the letter's link to the receipt."""
    page, hand = walker.page, walker.hand
    found = re.search(r"http\S+(/s/\S+/invited/\S+)", letter.get_content())
    assert found
    page.goto(found[1])
    while not page.url.endswith("/receipt"):
        for one in ANSWERS:
            if page.locator(f"#q_{one}").count():
                hand.tick(f"#q_{one}")
        if page.locator("#q_region_jp-okinawa").count():
            hand.tick("#q_region_jp-okinawa")
        walker.look("answer-" + page.url.rpartition("/")[2])
        hand.press(GO)
    walker.look("receipt")


def watch(walker: Walker, site: Site) -> None:
    """The organizer loads the page again until the roll-up has counted the answers."""
    page, hand = walker.page, walker.hand
    hand.press("main a.back")
    while page.locator("#waves ~ .scroll td.figure").first.inner_text() != "1":
        alive(site)
        page.reload()
    walker.look("figures")
    hand.press("main th a[href$='/waves/w1']")
    funnel = page.locator("#invitations ~ div table").first.locator("tbody tr td").all_inner_texts()
    assert funnel == ["3", "3", "0", "0", "0", "0", "1", "1"]
    walker.look("wave-answered")
    hand.press("main a[href$='/w1/monitor']")
    walker.look("monitor")
    figures = page.locator(".key-figures dd:not(.note)").all_inner_texts()
    assert figures[:2] == ["1", "1"], "completes, and begun"


def alive(site: Site) -> None:
    """Who waits for the scheduler is told when that has died."""
    assert site.jobs is not None
    assert site.jobs.poll() is None, site.log.read_text()
