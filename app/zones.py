"""Times as people write them: the clock of a place, named as in Asia/Tokyo."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix", "right")


class ZoneError(ValueError):
    """A time that a clock does not show, or shows twice. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The names of all time zones that can be chosen: UTC, and those of places."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES))
    return ("UTC", *sorted(places))


def is_zone(name: str) -> bool:
    return name in zones()


def check_zone(name: str) -> str:
    """The name, if there is such a zone. Raises ZoneError."""
    if not is_zone(name):
        raise ZoneError("There is no time zone “%(zone)s”. Write it as in Asia/Tokyo or America/New_York.", zone=name)
    return name


def moment_at(shown: datetime, zone: str) -> datetime:
    """The point in time at which the clocks of a zone show this; in UTC. Raises ZoneError."""
    place = ZoneInfo(check_zone(zone))
    first, second = (shown.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    said = {"time": shown.isoformat(" ", "minutes"), "zone": zone}
    try:
        before, after = first.utcoffset(), second.utcoffset()
        moment = first.astimezone(UTC)
    except OverflowError:
        raise ZoneError("%(time)s in %(zone)s is too far away.", **said) from None
    if before is not None and after is not None and before < after:
        raise ZoneError(
            "%(time)s does not exist in %(zone)s: the clocks are put forward then. Choose another time.", **said
        )
    if before is not None and after is not None and before > after:
        raise ZoneError(
            "%(time)s comes twice in %(zone)s: the clocks are put back then. Choose a time before or after that hour.",
            **said,
        )
    return moment
