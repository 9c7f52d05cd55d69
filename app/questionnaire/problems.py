"""What is wrong with a file that somebody wrote: where, and in words that can be translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Where in a document: ("pages", 0, "questions", 2, "relevant"). The reader of a file turns it into a line."""
Finding = tuple[Path, str, dict[str, object]]
"""A mistake before its line is known: where, a message template in English, and its parameters."""

# More than this in one file is one mistake made everywhere, or no questionnaire at all.
MOST_PROBLEMS = 1_000


@dataclass(frozen=True)
class Message:
    """A sentence in words that can be translated; in the params of another one it stands for a part of that.

    Written as it is (`"%(reason)s" % {"reason": Message(...)}`) it is in English.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language, and all messages in it too. `translate` takes a template."""
        params = {
            key: value.said(translate) if isinstance(value, Message) else value for key, value in self.params.items()
        }
        return translate(self.template) % params

    def __str__(self) -> str:
        return self.said(str)


@dataclass(frozen=True)
class Problem:
    """One mistake. `message` is a template in English for `params`; `line` counts from 1, 0 for the whole file."""

    line: int
    where: str
    message: str
    params: dict[str, object] = field(default_factory=dict, hash=False)

    def said(self, translate: Callable[[str], str]) -> str:
        """What is wrong, in another language: `translate` takes a template."""
        return Message(self.message, self.params).said(translate)

    def __str__(self) -> str:
        return f"{self.where}: {self.message % self.params}" if self.where else self.message % self.params


class FileError(ValueError):
    """A file that cannot be taken, with every problem found in it, in the order of its lines.

    Of more than MOST_PROBLEMS the first are kept, and a last one says how many there are.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        ordered = sorted(problems, key=lambda problem: (problem.line, problem.where))
        if len(ordered) > MOST_PROBLEMS:
            more = Problem(
                ordered[MOST_PROBLEMS].line, "", "There are %(count)s problems or more.", {"count": len(ordered)}
            )
            ordered = [*ordered[:MOST_PROBLEMS], more]
        self.problems = tuple(ordered)
        super().__init__("\n".join(f"line {problem.line}: {problem}" for problem in self.problems))
