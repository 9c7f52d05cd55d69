"""Two people's changes of one part of a draft put together, where they do not touch the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Inputs = Mapping[str, str]
"""What stands in each input of an editor, by its name."""

_KNOWN_BY = (".code", ".name", ".arm", ".when")


def merged(was: Inputs, theirs: Inputs, ours: Inputs, lists: Iterable[str]) -> dict[str, str] | None:
    """What each has changed, beside each other; None where both have changed the same in different ways.

    lists: the inputs that hold how long a list is. A list whose lines are not the same ones everywhere is one thing.
    """
    moved = [key for key in lists if not _lines(was, key) == _lines(theirs, key) == _lines(ours, key)]
    whole = [[name for name in {**was, **theirs, **ours} if _is_in(name, key)] for key in moved]
    rest = [name for name in {**was, **theirs, **ours} if not any(_is_in(name, key) for key in moved)]
    made: dict[str, str] = {}
    for names in [*whole, *([name] for name in rest)]:
        before, hers, his = ({name: one[name] for name in names if name in one} for one in (was, theirs, ours))
        if before not in (hers, his) and hers != his:
            return None
        made |= hers if his == before else his
    return made


def _lines(inputs: Inputs, key: str) -> dict[str, str]:
    """How long a list is, and what its lines are known by."""
    return {
        name: line for name, line in inputs.items() if name == key or (_is_in(name, key) and name.endswith(_KNOWN_BY))
    }


def _is_in(name: str, key: str) -> bool:
    return name == key or name.startswith(f"{key}.")
