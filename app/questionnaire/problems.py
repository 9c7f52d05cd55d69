"""What is wrong with a file that somebody wrote: where, and in words that can be translated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One mistake. `message` is a template in English for `params`; `line` counts from 1, 0 for the whole file."""

    line: int
    where: str
    message: str
    params: dict[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.message % self.params}" if self.where else self.message % self.params


class FileError(ValueError):
    """A file that cannot be taken, with every problem found in it, in the order of its lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.where)))
        super().__init__("\n".join(f"line {problem.line}: {problem}" for problem in self.problems))
