"""Where the figures of a question must not be compared with those before: the same reasons as on trend pages."""

from __future__ import annotations

from collections.abc import Sequence

from app.questionnaire.model import Questionnaire
from app.questionnaire.scheme import FrozenScheme, unknown_to
from app.questionnaire.versions import fingerprint_of, joined
from app.storage.models import Wave


class Breaks:
    """Told of the periods of a survey in their order. frozen: the scheme that weights them, if any does."""

    def __init__(self, versions: Sequence[Questionnaire], frozen: FrozenScheme | None) -> None:
        self.frozen = frozen
        self.versions = {version.hash: version for version in versions}
        self.order = list(versions)
        self.last: dict[str, Wave] = {}

    def before(self, wave: Wave, period: str, variable: str) -> list[str]:
        """What changed between the period before this one and it."""
        last = self.last.get(variable)
        self.last[variable] = wave
        if last is None or last.id == wave.id:
            return []
        reasons = [] if self._alike(last, wave, variable) else ["questionnaire"]
        reasons += [name for name in ("mode", "population") if getattr(last, name) != getattr(wave, name)]
        return reasons if self._without(last) == self._without(wave) else [*reasons, "weighting"]

    def _without(self, wave: Wave) -> tuple[str, ...]:
        """What the scheme weights by, and the wave's version does not."""
        return unknown_to(self.versions[wave.questionnaire_hash], self.frozen) if self.frozen else ()

    def _alike(self, last: Wave, wave: Wave, variable: str) -> bool:
        old, new = self.versions[last.questionnaire_hash], self.versions[wave.questionnaire_hash]
        if fingerprint_of(old, variable) == fingerprint_of(new, variable):
            return True
        for segment in joined(self.order, variable):
            versions = {link.version for link in segment}
            if {old.hash, new.hash} <= versions:
                return True
        return False
