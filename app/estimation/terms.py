"""The words of weighting that files use too: no numpy here, for pages read schemes and must not load it."""

from typing import Literal

Method = Literal["none", "rake", "poststratify", "calibrate-linear", "calibrate-raking"]
Missing = Literal["share", "exclude"]
Empty = Literal["join", "drop"]
PLUS = "+"
"""Joins the names of levels that were put together; no code has it."""
