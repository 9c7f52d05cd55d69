"""A chart's SVG as a PNG, with the fonts of the machine."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape, unescape

import resvg_py

SCALE = 2
# The renderer opens the file that an image names. Nothing here needs one, and nobody shall bring one in.
ELEMENTS = frozenset(("svg", "title", "desc", "rect", "g", "path", "text"))
# Spaces, controls, and what stands on another character.
INKLESS = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"))
# In no font: what is drawn for it is what is drawn for any character that no font has.
_NOWHERE = "\U0010fffd"


class NoGlyph(ValueError):
    """Some `characters` of the chart are in no font of this machine: they would be drawn as empty boxes."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"no font has {characters}")
        self.characters = characters


@lru_cache(maxsize=64)
def picture(svg: str) -> bytes:
    """The PNG, at twice the size. Raises NoGlyph; ValueError if the SVG has other than `ELEMENTS`."""
    other = set(re.findall(r"<([^/\s>]+)", svg)) - ELEMENTS
    if other:
        raise ValueError(f"a chart has no {', '.join(sorted(other))}")
    family = re.search(r'font-family="([^"]*)"', svg)
    missing = [c for c in _characters(svg) if not _has_glyph(c, family[1] if family else "sans-serif")]
    if missing:
        raise NoGlyph("".join(missing))
    return resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE)


def _characters(svg: str) -> list[str]:
    """Every character that leaves ink, once, in the order of the text."""
    text = unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))
    return [c for c in dict.fromkeys(text) if unicodedata.category(c) not in INKLESS]


def _has_glyph(character: str, family: str) -> bool:
    return _ink(character, family) != _ink(_NOWHERE, family)


@lru_cache(maxsize=4096)
def _ink(character: str, family: str) -> bytes:
    text = f'<text x="4" y="18" font-size="16" font-family="{family}">{escape(character)}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="24">{text}</svg>'
    return resvg_py.svg_to_bytes(svg_string=svg)
