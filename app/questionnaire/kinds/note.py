"""Words to read: it takes no answer."""

from typing import Literal

from .base import Question


class Note(Question):
    kind: Literal["note"]
