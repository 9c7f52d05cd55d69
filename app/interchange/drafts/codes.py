"""Codes of options as our patterns take them, and the scores that the codes of a scale are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.interchange.naming import Numbering
from app.questionnaire.kinds.select_multiple import ANSWERED

SCORED = "The code “%(raw)s” became “%(code)s”: the codes of a scale are its scores."
ORDERED = "It moved: the scores of a scale stand in ascending order."
LONGEST_CODE = 40


def distinct(codes: Sequence[str], *reserved: str) -> list[str]:
    """The codes as our pattern takes them, each once; case does not count in the columns of files."""
    numbering = Numbering({ANSWERED, *reserved}, LONGEST_CODE)
    return [numbering.free(fit(code), lambda code: {code.lower()}) for code in codes]


def fit(raw: str) -> str:
    """A code as our pattern takes it."""
    code = re.sub("[^A-Za-z0-9_.]+", "_", raw.strip())[:LONGEST_CODE]
    return code if re.search("[A-Za-z0-9]", code) else "option"


def as_scores(codes: Sequence[str]) -> list[str]:
    """A whole number for each code: the code itself, the number at its end (A1, A2), or its place."""
    if are_scores(codes):
        return list(codes)
    found = [re.fullmatch(r"([A-Za-z_]+[ _-]?)0*([0-9]{1,9})", code) for code in codes]
    ends = [match[2] for match in found if match]
    if len({match[1] for match in found if match}) == 1 and len(ends) == len(codes) and are_scores(ends):
        return ends
    return [str(place) for place in range(1, len(codes) + 1)]


def are_scores(codes: Sequence[str]) -> bool:
    """Whether all are whole numbers, each once."""
    return all(re.fullmatch("[0-9]{1,9}", code) for code in codes) and len({int(code) for code in codes}) == len(codes)
