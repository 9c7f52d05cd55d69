"""Pages that are the same for everybody but for what is the reader's own: rendered once in a process."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from flask import session

from app.language import select

# What no text of ours holds stands for the reader's own.
FORM_TOKEN = "\ue000form token\ue000"  # noqa: S105
TOKEN = "\ue000token\ue000"  # noqa: S105
ANSWERS = "\ue000answers\ue000"

_MOST_PAGES = 2000
_pages: dict[Hashable, str] = {}


def page(
    key: tuple[Hashable, ...], render: Callable[[], str], own: Mapping[str, str], *, is_for_all: bool = True
) -> str:
    """The page under a key, in the reader's language. `render` writes marks where each reader has something `own`."""
    # A message for this reader alone must not be kept. Showing it takes it out of the session, so that is asked first.
    for_all = is_for_all and "_flashes" not in session
    key = (select(), *key)
    made = _pages.get(key) if for_all else None
    if made is None:
        made = render()
        if for_all and len(_pages) < _MOST_PAGES:
            _pages[key] = made
    for mark, text in own.items():
        made = made.replace(mark, text)
    return made
