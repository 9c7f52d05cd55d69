"""What comes before what in a document where some of the order is random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .kinds.companions import Unentered
from .outline import Asked, parts, word

RANDOM_PAGE = (
    "It hangs on “%(name)s”, which may come later: the questions of the page “%(place)s” come in random order."
)
RANDOM_GROUP = "It hangs on “%(name)s”, which may come later: the pages of the group “%(place)s” come in random order."


@dataclass(frozen=True)
class Spot:
    """Where something stands: the groups around it, from without; its page's number; the places on it that it can have.

    A page itself comes before all of its places, and a group before all of its pages. `is_met`: whether a respondent
    sees it at all.
    """

    groups: tuple[str, ...]
    page: int = -1
    first: int = -1
    last: int = -1
    is_met: bool = True


class Sequence:
    """The pages and groups of a document, and which of them are in random order."""

    def __init__(self, document: dict[str, Any], pages: list[list[Asked]]) -> None:
        groups = parts(document, (), "groups")
        self.groups = {word(group, "name"): (path, group) for path, group in groups if word(group, "name")}
        self.pages = [page for _, page in parts(document, (), "pages")]
        self.asked = pages

    def spots(self, number: int) -> Iterator[tuple[Asked, Spot]]:
        """The questions of a page, each with its spot."""
        page = self.pages[number]
        met = [question for question in self.asked[number] if not question.of(Unentered)]
        moving = [place for place, question in enumerate(met) if question.data.get("fixed") is not True]
        is_random = page.get("randomize") is True
        for question in self.asked[number]:
            if question.of(Unentered):
                yield question, self._spot(number, is_met=False)
                continue
            place = next(place for place, other in enumerate(met) if other is question)
            moves = is_random and place in moving
            yield question, self._spot(number, moving[0] if moves else place, moving[-1] if moves else place)

    def of_page(self, number: int) -> Spot:
        """The page itself."""
        return self._spot(number)

    def of_group(self, name: str) -> Spot:
        return Spot(tuple(self._around(name)))

    def groups_from(self, number: int) -> list[str]:
        """The groups that begin with a page, the outermost first."""
        before = self._around(word(self.pages[number - 1], "group")) if number else []
        return [name for name in self._around(word(self.pages[number], "group")) if name not in before]

    def _spot(self, number: int, first: int = -1, last: int = -1, is_met: bool = True) -> Spot:
        return Spot(tuple(self._around(word(self.pages[number], "group"))), number, first, last, is_met)

    def _around(self, name: str) -> list[str]:
        """A group and those around it, from without; each once, should they be in one another."""
        found: list[str] = []
        while name in self.groups and name not in found:
            found.insert(0, name)
            name = word(self.groups[name][1], "group")
        return found

    def may_come_later(self, named: Spot, here: Spot) -> tuple[str, str] | None:
        """Whether something that the file has earlier may be met later: a message, and where the order is random."""
        if not named.is_met or not here.is_met:
            return None
        if named.page == here.page:
            return (RANDOM_PAGE, word(self.pages[here.page], "name")) if named.last >= here.first else None
        way, other = (*named.groups, named.page), (*here.groups, here.page)
        common = next((n for n, (one, two) in enumerate(zip(way, other, strict=False)) if one != two), 0)
        group = here.groups[common - 1] if common else ""
        is_random = group in self.groups and self.groups[group][1].get("randomize") is True
        return (RANDOM_GROUP, group) if is_random else None
