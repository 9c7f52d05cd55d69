"""Regular expressions of other programs, which look for a match anywhere, as ours, which match the whole."""

from __future__ import annotations

import re


def whole(words: str, ignores_case: bool = False) -> str:
    """A pattern of ours that takes a text where theirs finds a match in it."""
    if not re.fullmatch(r"\^[^|]*(?<!\\)\$", words):
        words = f"(?s:.*)(?:{words})(?s:.*)"
    return f"(?i){words}" if ignores_case else words
