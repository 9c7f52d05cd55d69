"""Text in a chart: how wide it is, where it wraps, and how labels are spread so that none covers another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Widths in em, those of a broad sans serif, so that most others fit as well.
_EM = {**dict.fromkeys("%mwMW@", 0.95), **dict.fromkeys("+−=<>", 0.85), **dict.fromkeys("ijlftrI.,:;'|()[] -", 0.4)}
_NOT_FIRST = "、。，．・）」』】〕？！：；ー々ゃゅょっァィゥェォャュョッ,.)]:;!?"


@dataclass(frozen=True)
class Block:
    """A label `height` high that would like its centre at `wanted`."""

    wanted: float
    height: float


def text_width(text: str, font: float) -> float:
    """The width of one line of text, estimated."""
    return font * sum(_em(c) for c in text)


def _em(c: str) -> float:
    if unicodedata.east_asian_width(c) in "WF":
        return 1.0
    return _EM.get(c, 0.72 if c.isupper() else 0.63)


def wrap(text: str, width: float, font: float) -> list[str]:
    """Lines no wider than `width`, unless a single word is: broken at spaces, and between wide characters."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), font) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    """What must not be broken: a word with the space before it, or a wide character with what may not begin a line."""
    pieces: list[str] = []
    for c in text:
        apart = c == " " or unicodedata.east_asian_width(c) in "WF"
        after_wide = bool(pieces) and unicodedata.east_asian_width(pieces[-1][-1]) in "WF"
        if not pieces or ((apart or after_wide) and c not in _NOT_FIRST):
            pieces.append(c)
        else:
            pieces[-1] += c
    return pieces


def place(blocks: Sequence[Block], top: float, bottom: float) -> list[float]:
    """The centre of each block: as near as can be to where it wants to be, without overlap, inside the bounds.

    Least squares under the order of the wishes: neighbours that would overlap are pooled and move as one. Blocks
    higher together than the room keep apart and overflow it at the bottom.
    """
    order = sorted(range(len(blocks)), key=lambda i: blocks[i].wanted)
    before = 0.0
    pools: list[tuple[float, int]] = []  # mean of (wished top edge - heights before it), number of blocks
    for i in order:
        pools.append((blocks[i].wanted - blocks[i].height / 2 - before, 1))
        before += blocks[i].height
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n), (b, m) = pools[-2:]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
    starts = [max(min(start, bottom - before), top) for start, count in pools for _ in range(count)]
    centres = [0.0] * len(blocks)
    before = 0.0
    for i, start in zip(order, starts, strict=True):
        centres[i] = start + before + blocks[i].height / 2
        before += blocks[i].height
    return centres
