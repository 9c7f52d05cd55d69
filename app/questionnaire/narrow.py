"""What Japanese keyboards write full-width though it is a figure, a name or a code."""

from __future__ import annotations

import unicodedata


def narrow(typed: str) -> str:
    """With full-width letters, figures and blanks as plain ones, and none at the ends."""
    return unicodedata.normalize("NFKC", typed).strip()
