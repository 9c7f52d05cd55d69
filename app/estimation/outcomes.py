"""Outcome rates of a survey by AAPOR: "Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for
Surveys", 9th edition, 2016."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cases:
    """The cases of a probability sample by their final disposition, in the letters of the definitions.

    complete: I; partial: P; refusal, with break-offs: R; non_contact: NC; other: O; unknown eligibility, of households
    and otherwise: UH + UO. Who is known not to be eligible is no case.
    """

    complete: int
    partial: int = 0
    refusal: int = 0
    non_contact: int = 0
    other: int = 0
    unknown: int = 0

    @property
    def all(self) -> int:
        interviews = self.complete + self.partial
        return interviews + self.refusal + self.non_contact + self.other + self.unknown

    @property
    def response_rate_1(self) -> float | None:
        """RR1, the minimum response rate: I / ((I + P) + (R + NC + O) + (UH + UO)). None of no cases."""
        return self.complete / self.all if self.all else None

    @property
    def response_rate_2(self) -> float | None:
        """RR2, which counts partial interviews as responses: (I + P) / ((I + P) + (R + NC + O) + (UH + UO))."""
        return (self.complete + self.partial) / self.all if self.all else None
