"""What is random in a response, computed from its seed alone: orders, arms of experiments, samples of questions.

Every draw ranks its items by SHA-256 of the seed, the draw's name and the item: the same in every process, on every
machine and with every version of the software, and each draw is independent of the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .kinds.arm import Arm
from .kinds.base import Answers
from .kinds.sample import Sample
from .model import Questionnaire

_WHOLE = 1 << 64


@lru_cache(maxsize=1024)
def drawn(questionnaire: Questionnaire, seed: int) -> Answers:
    """The answers that the seed gives: every order, arm and sample, by variable name. Do not change what you get."""
    found: Answers = {}
    if not questionnaire.draws:
        return found
    for question in questionnaire.questions:
        if isinstance(question, Arm):
            shares = [(choice.code, choice.share) for choice in question.choices]
            found[question.name] = arm(seed, question.name, shares)
        elif isinstance(question, Sample):
            found[question.name] = sample(seed, question.name, question.of, question.parameters.ask)
    for name, items in questionnaire.shuffles.items():
        found[name] = order(seed, name, items)
    return found


def arm(seed: int, name: str, shares: Sequence[tuple[str, float]]) -> str:
    """One of the codes, each as likely as its share of the whole."""
    total = sum(share for _, share in shares)
    point = _rank(seed, name, "") / _WHOLE * total
    for code, share in shares:
        point -= share
        if point < 0:
            return code
    return shares[-1][0]


def sample(seed: int, name: str, items: Sequence[str], ask: int) -> list[str]:
    """`ask` of the items, every set of so many as likely as any other; in the order given."""
    chosen = set(_ranked(seed, name, items)[:ask])
    return [item for item in items if item in chosen]


def order(seed: int, name: str, items: Sequence[tuple[str, bool]]) -> list[str]:
    """(item, whether it keeps its place): the items in random order, but for those that keep theirs."""
    moving = iter(_ranked(seed, name, [item for item, is_fixed in items if not is_fixed]))
    return [item if is_fixed else next(moving) for item, is_fixed in items]


def _ranked(seed: int, name: str, items: Iterable[str]) -> list[str]:
    return sorted(items, key=lambda item: _rank(seed, name, item))


def _rank(seed: int, name: str, item: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}/{item}".encode()).digest()[:8], "big")
