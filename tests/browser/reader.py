"""A person at a real browser, and what must hold of every page that person meets."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.accounts.door import ORGANIZER, PASSWORD

SURVEY = "/s/domestic-diplomacy"
ANSWERS = {"consent": "yes", "adult": "yes", "country": "jp", "group": "host", "region_jp": "okinawa", "burden": "1"}

# Everything that is wrong with the structure or the size of the page, as a list of sentences.
INSPECT = """() => {
  const wrong = [];
  const name = e => e.id || e.outerHTML.slice(0, 80);
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} pixels wide`);
  if (document.querySelectorAll("h1").length !== 1) wrong.push("there is not one h1");
  if (!document.title.trim()) wrong.push("there is no title");
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => wrong.push(`the id ${id} is used twice`));
  for (const attribute of ["aria-describedby", "aria-labelledby", "for", "form"])
    for (const e of document.querySelectorAll(`[${attribute}]`))
      for (const id of e.getAttribute(attribute).split(/\\s+/))
        if (!document.getElementById(id)) wrong.push(`${attribute} of ${name(e)} names ${id}`);
  for (const hint of document.querySelectorAll("main .hint[id], main .error[id]"))
    if (!document.querySelector(`[aria-describedby~="${hint.id}"]`)) wrong.push(`nothing is described by ${hint.id}`);
  for (const link of document.querySelectorAll("a[href^='#']"))
    if (!document.getElementById(link.hash.slice(1))) wrong.push(`${link.hash} leads nowhere`);
  const groups = {};
  for (const e of document.querySelectorAll("main input[type=radio], main input[type=checkbox]")) {
    const legend = e.closest("fieldset")?.querySelector(":scope > legend");
    if (!legend || !legend.textContent.trim()) wrong.push(`${name(e)} has no fieldset with a legend`);
    (groups[e.name] ??= new Set()).add(e.closest("fieldset"));
    if (!e.closest("label")?.textContent.trim()) wrong.push(`${name(e)} has no label`);
  }
  for (const [group, sets] of Object.entries(groups))
    if (sets.size !== 1) wrong.push(`${group} is spread over ${sets.size} fieldsets`);
  for (const e of document.querySelectorAll("a, button, input, textarea, select, label.option")) {
    if (e.matches("[type=hidden], .visually-hidden, .skip, p a, dd a, li a, .option input")) continue;
    if (!e.checkVisibility()) continue;
    const box = e.getBoundingClientRect();
    if (box.height < 44 || box.width < 44)
      wrong.push(`${name(e)} is ${Math.round(box.width)} by ${Math.round(box.height)} pixels`);
  }
  return wrong;
}"""


def sound(page: Page, axe: bool = False) -> None:
    """What holds of every page. The page before may only just have been left: waits until this one is whole."""
    page.wait_for_load_state()
    page.locator("main").wait_for()
    wrong = page.evaluate(INSPECT)
    assert not wrong, f"{page.url}\n{wrong}"
    if axe:
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def send(page: Page, selector: str) -> None:
    """Presses a button that sends a form, also to the same address, and waits for what comes back."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def sign_in(page: Page, email: str = ORGANIZER, to: str = "/organize") -> None:
    """Through the door, with the password of all people in tests; `to` is the address behind it."""
    page.goto(f"/sign-in?next={to}")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    send(page, "main button")


def answer(page: Page, look: Callable[[Page], None], press: Callable[[Page, str], None]) -> int:
    """From the first page to the receipt; `look` is called on every page. Returns how many pages there were."""
    seen = 0
    while True:
        look(page)
        seen += 1
        if page.url.endswith("/receipt"):
            return seen
        for name, code in ANSWERS.items():
            if page.locator(f"#q_{name}").count():
                press(page, f"#q_{name}-{code}")
        press(page, "main form .button-primary")


def click(page: Page, selector: str) -> None:
    """With a mouse or a finger: the whole row of an option can be pressed."""
    target = page.locator(selector)
    row = page.locator(f"label.option:has({selector})")
    if row.count():
        row.click()
        assert target.is_checked()
        return
    before = page.url
    target.click()
    page.wait_for_url(lambda url: url != before)


def type_keys(page: Page, selector: str) -> None:
    """With the keyboard only: Tab to it, or to its group and then down with the arrow; Space or Enter."""
    target = page.locator(selector)
    for _ in range(200):
        reached, in_its_group = target.evaluate(
            "e => [e === document.activeElement, e.type === 'radio' && e.name === document.activeElement.name]"
        )
        if reached:
            break
        page.keyboard.press("ArrowDown" if in_its_group else "Tab")
    assert reached, selector
    if target.get_attribute("type") == "radio":
        page.keyboard.press("Space")
        assert target.is_checked()
        return
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
