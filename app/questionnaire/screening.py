"""What it means that somebody met a screening rule."""

from __future__ import annotations

from .expressions import parse
from .model import End

CONSENT = "consent"


def declines(end: End) -> bool:
    """Whether people who meet a rule would not take part: it asks for nothing but the variable of that name. Who meets
    another is not of those who are asked."""
    return set(parse(end.when).names) == {CONSENT}
