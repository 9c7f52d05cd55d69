"""The two ways in which a person works with forms: with a mouse or a finger, and by keyboard alone.

Both press what sends a form and wait for what comes back. Inputs are known by their names, the rest by selectors.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FileChooser, Locator, Page

# Whether the focus is on the element, or else on another button of its group, from which arrows lead on.
WHERE = """e => e === document.activeElement ? "there"
  : e.type === "radio" && e.name && e.name === document.activeElement.name ? "beside" : "away" """
FARTHEST = 400


class Mouse:
    """Points at things and presses them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, name: str, text: str) -> None:
        self._named(name).fill(text)

    def choose(self, name: str, value: str) -> None:
        """One of a drop-down list."""
        self._named(name).select_option(value)

    def tick(self, selector: str) -> None:
        """Ticks a box or takes the tick away; chooses an answer. The whole row can be pressed."""
        target = self.page.locator(selector)
        before = target.is_checked()
        self.page.locator(f"label:has({selector})").click()
        assert target.is_checked() != before

    def unfold(self, selector: str) -> None:
        self.page.locator(selector).click()

    def upload(self, name: str, file: Path) -> None:
        self._named(name).set_input_files(file)

    def press(self, selector: str) -> None:
        """A button or a link that leads to another page, or back to this one."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def _named(self, name: str) -> Locator:
        return self.page.locator(f'[name="{name}"]')


class Keys:
    """Tab, letters, arrows, Space and Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # From now on a press that asks for a file opens no window of the system.
        self._choosers: list[FileChooser] = []
        page.on("filechooser", lambda chooser: self._choosers.append(chooser))

    def fill(self, name: str, text: str) -> None:
        self._reach(f'[name="{name}"]')
        self.page.keyboard.press("Control+a")
        if text:
            self.page.keyboard.insert_text(text)  # As an input method does: Japanese has no keys of its own.
        else:
            self.page.keyboard.press("Delete")

    def choose(self, name: str, value: str) -> None:
        field = self._reach(f'[name="{name}"]')
        self.page.keyboard.press("Home")
        for _ in range(FARTHEST):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen in {name}")

    def tick(self, selector: str) -> None:
        target = self._reach(selector)
        before = target.is_checked()
        is_radio = target.get_attribute("type") == "radio"
        if not (before and is_radio):  # Arrows have chosen it on the way.
            self.page.keyboard.press("Space")
        assert target.is_checked() == (is_radio or not before)

    def unfold(self, selector: str) -> None:
        self._reach(selector)
        self.page.keyboard.press("Enter")

    def upload(self, name: str, file: Path) -> None:
        self._reach(f'[name="{name}"]')
        while not self._choosers:
            self.page.keyboard.press("Enter")
            self.page.wait_for_timeout(500)
        self._choosers.pop().set_files(file)
        self._choosers.clear()

    def press(self, selector: str) -> None:
        self._reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _reach(self, selector: str) -> Locator:
        """Tab until the element has the focus, which goes round."""
        target = self.page.locator(selector).first
        target.wait_for()
        element = target.element_handle()
        for _ in range(FARTHEST):
            where = element.evaluate(WHERE)
            if where == "there":
                return target
            self.page.keyboard.press("ArrowDown" if where == "beside" else "Tab")
        raise AssertionError(f"{selector} cannot be reached on {self.page.url}")
