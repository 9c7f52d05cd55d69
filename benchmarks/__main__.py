"""Runs the benchmarks named, or all, and prints their reports. `imports` takes the folder whose files it is to read."""

import importlib
import sys
from collections.abc import Iterable

from benchmarks import imports

NAMES = ("answering", "pages", "sizes", "lines", "estimates")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["imports"]:
        return show(imports.run(*arguments[1:]))
    for name in arguments or NAMES:
        show(importlib.import_module(f"benchmarks.{name}").run())
    return None


def show(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


main(sys.argv[1:])
