"""A question is kept only where all that it consists of was: its words, its options, its conditions, its checks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from app.interchange.report import Entry, Report, Thing

PARTS = "Not all that belongs to it is as it was: %(parts)s."
_LONGEST = 200


def tell_wholes(report: Report, wholes_of: Callable[[Entry], Iterable[Thing]], harmless: Collection[str]) -> None:
    """Tells of questions as changed of which a part was changed or dropped.

    `wholes_of`: the questions that an entry concerns. `harmless` are messages of changes that nobody who answers meets.
    """
    fates = report.worst()
    changed: dict[Thing, dict[str, None]] = {}
    for entry in report.told():
        if entry.message not in harmless:
            for whole in wholes_of(entry):
                if fates.get(whole) == "kept":
                    changed.setdefault(whole, {})[f"{entry.item} {entry.name}".strip()] = None
    for whole, parts in changed.items():
        report.add(*whole, "changed", PARTS, parts=", ".join(parts)[:_LONGEST])
